import type { DealId } from '../ledger/deal-name.js';

/** A message sequence chart, in numbers: what happened and what was said, in the order of the log. Renderers give it words. */

/** A lifeline: an intention, by its id, or the ledger. */
export type Lifeline = number | 'ledger';

/** What a chart is of. */
export type ChartSubject = { readonly deal: DealId } | { readonly intentionId: number };

/** The terms of an open intention as they are now. */
export interface StandingTerms {
  readonly id: number;
  readonly participantId: number;
  readonly instrumentId: number;
  readonly side: number;
  readonly pricing: number;
  readonly timeInForce: number;
  /** 0 for a market intention. */
  priceTicks: number;
  /** What is not filled; part of it may be reserved. */
  leftLots: number;
  /** Position of its IntentionPosted, or of its latest IntentionAmended. */
  placePosition: number;
  isAmended: boolean;
}

/** An intention on the terms on which it came into the chart. */
export type Party = Readonly<Omit<StandingTerms, 'isAmended'>>;

export type MessageName =
  'announcement' | 'proposal' | 'acceptance' | 'decline' | 'decision' | 'confirmation' | 'abort' | 'lookUp';

/** An event in one intention's stream, or a late decision in the ledger's. */
export interface EventRow {
  readonly kind: 'event';
  readonly position: number;
  readonly at: Lifeline;
  readonly type:
    | 'IntentionPosted'
    | 'ProposalMade'
    | 'ProposalAccepted'
    | 'ProposalDeclined'
    | 'DealSettled'
    | 'IntentionReduced'
    | 'IntentionAmended'
    | 'IntentionWithdrawn'
    | 'IntentionExpired'
    | 'LateDecision';
  /** Reserved, filled, reduced by, newly open: as the type says. */
  readonly lots: number;
  /** What is freed of a reservation. */
  readonly freedLots?: number;
  /** 0 for a market intention. */
  readonly priceTicks?: number;
  /** Index into the reasons of its type; for a late decision, its outcome. */
  readonly reason?: number;
}

/**
 * What one side then told another. A message is no event: it follows from the event at `position`, which was appended first.
 * A decision is: its arrow is the append to the deal's stream.
 */
export interface MessageRow {
  readonly kind: 'message';
  readonly position: number;
  readonly message: MessageName;
  readonly from: Lifeline;
  readonly to: Lifeline;
  /** Sent again, after a restart. */
  readonly isRepeated: boolean;
  readonly priceTicks: number;
  readonly lots: number;
  /** Of a decision, confirmation or abort. */
  readonly outcome?: number;
  readonly reason?: number;
}

/** A row that goes across all lifelines. */
export type BannerRow = { readonly position: number } & (
  | {
      readonly kind: 'auction';
      readonly instrumentId: number;
      readonly priceTicks: number;
      readonly volumeLots: number;
    }
  /** From here on, the rows are about this deal with that other intention. Only in the chart of an intention. */
  | { readonly kind: 'deal'; readonly deal: DealId; readonly other: Party | undefined }
  /** A writer stopped somewhere before, and the one of this epoch took over. */
  | { readonly kind: 'restart'; readonly epoch: number }
);

export type ChartRow = EventRow | MessageRow | BannerRow;

/** How the deal of a chart came out. */
export interface DealOutcome {
  readonly state: 'confirmed' | 'aborted' | 'open';
  readonly priceTicks: number;
  readonly lots: number;
  /** Of an abort. */
  readonly reason: number;
}

export interface SequenceChart {
  readonly subject: ChartSubject;
  readonly instrumentId: number;
  /** The initiator of the deal, or the intention itself. */
  readonly left: Party;
  /** The responder of the deal. */
  readonly right: Party | undefined;
  readonly rows: readonly ChartRow[];
  /** Of a deal's chart. */
  readonly outcome: DealOutcome | undefined;
  /** Deals of the intention that were left out, because there are too many for one chart. */
  readonly omittedDeals: number;
}
