/** The index of the one, never the last, without which the gap that it leaves counts least. */
export function leastMissed(positions: readonly number[]): number {
  const newest = positions.at(-1) ?? 0;
  let least = 0;
  let leastGap = Number.POSITIVE_INFINITY;
  for (let index = 0; index < positions.length - 1; index++) {
    const before = positions[index - 1] ?? 0;
    const after = positions[index + 1] ?? newest;
    const gap = (after - before) * (1 + before / newest);
    if (gap >= leastGap) continue;
    least = index;
    leastGap = gap;
  }
  return least;
}
