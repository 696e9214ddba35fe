import type { Trade } from '../../../client/market/market-types.js';

/** Newest first: those of `more` (oldest first) that are later than all there are, and then the others; at most so many. */
export function withTrades(tape: readonly Trade[], more: readonly Trade[], most: number): readonly Trade[] {
  const newest = tape[0]?.position ?? -1;
  const added = more.filter(({ position }) => position > newest);
  return added.length === 0 ? tape : [...added.reverse(), ...tape].slice(0, most);
}
