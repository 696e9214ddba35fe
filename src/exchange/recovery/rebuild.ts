import { Index } from '../../domain/ids.js';
import type { Event } from '../../events/event.js';
import type { Market } from '../../domain/market.js';
import { BrokenHistoryError } from '../../domain/market-directory.js';

/** What the stream of one intention says of it: the naive fold, kept apart from the one that runs all day. */
function remember(events: readonly Event[]) {
  const state = { limitTicks: 0, quantityLots: 0, filledLots: 0, reservedLots: 0, proposals: 0 };
  /** Lots held by open promises, by deal id. */
  const held = new Map<string, number>();
  let isClosing = false;
  for (const event of events) {
    switch (event.type) {
      case 'IntentionPosted':
        state.limitTicks = event.priceTicks;
        state.quantityLots = event.quantityLots;
        break;
      case 'ProposalMade':
        state.proposals = event.dealNumber;
        held.set(`${event.intentionId}-${event.dealNumber}`, event.quantityLots);
        break;
      case 'ProposalAccepted':
        held.set(`${event.initiatorId}-${event.dealNumber}`, event.quantityLots);
        break;
      case 'DealSettled':
        held.delete(`${event.initiatorId}-${event.dealNumber}`);
        state.filledLots += event.quantityLots;
        break;
      case 'IntentionReduced':
        state.quantityLots -= event.byLots;
        break;
      case 'IntentionAmended':
        state.limitTicks = event.priceTicks;
        state.quantityLots = state.filledLots + event.openLots;
        break;
      case 'IntentionWithdrawn':
      case 'IntentionExpired':
        isClosing = true;
        break;
      default:
    }
  }
  for (const lots of held.values()) state.reservedLots += lots;
  if (isClosing) state.quantityLots = state.filledLots + state.reservedLots;
  return { ...state, revision: events.length };
}

/**
 * Discards what a negotiator had in memory and rebuilds it from the events of its stream. Its place on the board and the deals it has
 * in flight are the shard's, not its own, and stay.
 */
export function rebuildNegotiator(market: Market, intentionId: number, events: readonly Event[]): void {
  const { negotiators } = market;
  const row = negotiators.rowOf(intentionId);
  if (row === Index.None) return;
  if (events[0]?.type !== 'IntentionPosted') throw new BrokenHistoryError(`intention ${intentionId} has no stream`);
  negotiators.restore(row, remember(events));
  market.exposures.recount(negotiators);
}
