/** Where the events of a chart stand in the log, in few stretches: asked for together, though what lies between comes along. */

export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** Events of others between two of the chart’s, which are asked for rather than a further time. */
const MOST_BETWEEN = 40;
const MOST_STRETCHES = 6;

/** The latest stretches that hold these positions, in order; earlier ones are left out where there are too many. */
export function stretchesOf(positions: readonly number[]): readonly Stretch[] {
  const stretches: { from: number; until: number }[] = [];
  for (const position of [...new Set(positions)].sort((one, other) => one - other)) {
    const last = stretches.at(-1);
    if (last !== undefined && position - last.until <= MOST_BETWEEN) last.until = position + 1;
    else stretches.push({ from: position, until: position + 1 });
  }
  return stretches.slice(-MOST_STRETCHES);
}
