import { formatUnits } from '../../src/domain/instrument.js';
import type { PositionView } from './postings.js';

/** Several shards’ positions as one list, by names: those of one participant in one instrument are added up, whatever their decimals. */
export function mergedPositions(lists: readonly (readonly PositionView[])[]): PositionView[] {
  const merged = new Map<string, PositionView>();
  for (const position of lists.flat()) {
    const key = `${position.participant}/${position.instrument}`; // names hold no slash
    const other = merged.get(key);
    merged.set(key, other === undefined ? position : sumOf(other, position));
  }
  return [...merged.values()].sort(byNames);
}

function sumOf(one: PositionView, other: PositionView): PositionView {
  const { participant, instrument } = one;
  const bought = addDecimals(one.bought, other.bought);
  const sold = addDecimals(one.sold, other.sold);
  return {
    ...{ participant, instrument, bought, sold },
    net: addDecimals(one.net, other.net),
    cash: addDecimals(one.cash, other.cash),
  };
}

/** Exactly, with the decimals of the one that has more. */
function addDecimals(one: string, other: string): string {
  const decimals = Math.max(decimalsOf(one), decimalsOf(other));
  return formatUnits(unitsOf(one, decimals) + unitsOf(other, decimals), decimals);
}

function decimalsOf(text: string): number {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
}

function unitsOf(text: string, decimals: number): bigint {
  return BigInt(text.replace('.', '')) * 10n ** BigInt(decimals - decimalsOf(text));
}

function byNames(one: PositionView, other: PositionView): number {
  return compare(one.participant, other.participant) || compare(one.instrument, other.instrument);
}

/** As the database compares: by code, not by language. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
