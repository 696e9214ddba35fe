import type { ChartJson } from './chart-json.js';

/** Which of the three lifelines of a chart: the left, the ledger’s, or the right. */
export function columnOf(chart: Pick<ChartJson, 'intention'>, lifeline: string | undefined): 0 | 1 | 2 {
  if (lifeline === 'ledger') return 1;
  return lifeline === chart.intention ? 0 : 2;
}

/** What stands beside a label between two lifelines, in characters. */
interface Beside {
  readonly event: number;
  readonly message: number;
  readonly heading: number;
}

/** How many characters there must be between two lifelines; what goes across the ledger's has twice as many. */
export function laneCharacters({ rows, lifelines }: ChartJson, beside: Beside): number {
  let characters = 0;
  for (const { kind, text, from, to } of rows) {
    if (kind === 'event') {
      characters = Math.max(characters, text.length + beside.event);
    } else if (kind === 'message') {
      const needed = text.length + beside.message;
      const isToLedger = from === 'ledger' || to === 'ledger';
      characters = Math.max(characters, isToLedger ? needed : needed / 2);
    }
  }
  for (const { terms } of lifelines) characters = Math.max(characters, terms.length + beside.heading);
  return characters;
}

/** The last position that rows name: none has more digits. */
export function lastPosition(rows: readonly { readonly position: number }[]): number {
  return rows.reduce((most, row) => Math.max(most, row.position), 0);
}
