import type { ChartRow, EventRow, MessageName, MessageRow, StandingTerms } from './chart.js';
import type { ChartedDeal } from './charted-deals.js';

export type Restart = Extract<ChartRow, { kind: 'restart' }>;
export type AuctionRow = Extract<ChartRow, { kind: 'auction' }>;

/** These go from the initiator to the responder; the others, between the two, the other way. */
const fromInitiator: ReadonlySet<MessageName> = new Set(['proposal', 'confirmation', 'abort']);

/** The rows of a chart, as the log comes to them: what an event says beside a lifeline, and the messages that follow from it. */
export class ChartRows {
  readonly all: ChartRow[] = [];
  private readonly shown = new Set<ChartRow>();

  /** `log` says at each moment which position is being read: that of every row which does not name another. */
  constructor(private readonly log: { readonly position: number }) {}

  event(
    at: EventRow['at'],
    type: EventRow['type'],
    lots: number,
    more: Partial<Omit<EventRow, 'kind' | 'at' | 'type' | 'lots'>> = {},
  ): void {
    this.all.push({ kind: 'event', position: this.log.position, at, type, lots, ...more });
  }

  /** What one party of a deal says to the other, unless `more` names another sender or receiver. */
  message(
    deal: ChartedDeal,
    message: MessageName,
    lots: number,
    more: Partial<Omit<MessageRow, 'kind' | 'message' | 'priceTicks' | 'lots'>> = {},
  ): void {
    const { initiatorId, responderId, priceTicks } = deal;
    const [from, to] = fromInitiator.has(message) ? [initiatorId, responderId] : [responderId, initiatorId];
    const row = { position: this.log.position, isRepeated: false, priceTicks, lots, ...more };
    this.all.push({ kind: 'message', message, from, to, ...row });
  }

  /** From here on the rows are about this deal, with that other intention. */
  turnTo({ initiatorId, dealNumber }: ChartedDeal, other: StandingTerms | undefined): void {
    this.all.push({ kind: 'deal', position: this.log.position, deal: { initiatorId, dealNumber }, other });
  }

  /** A restart or an auction that several deals have seen is shown once. */
  once(row: Restart | AuctionRow): void {
    if (this.shown.has(row)) return;
    this.shown.add(row);
    this.all.push(row);
  }

  /** How an intention came to stand where it does. */
  posted(terms: StandingTerms | undefined): void {
    if (terms === undefined) return;
    const { id, placePosition: position, leftLots, priceTicks, isAmended } = terms;
    this.event(id, isAmended ? 'IntentionAmended' : 'IntentionPosted', leftLots, { position, priceTicks });
  }
}
