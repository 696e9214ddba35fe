/** What is told of a log: why, by which messages, and where things are in it. */
import type { IntentionStatus, RecordedEvent, Side, TimeInForce } from '../types.js';

/** Where an answer stands that is about one shard. */
interface Standing {
  /** It holds all events before this log position. */
  readonly position: number;
  /** Only where there are several shards: in whose log the position is. */
  readonly shard?: number;
}

/** Why an intention was filled or not. */
export interface Why extends Standing {
  /** Its id. */
  readonly intention: string;
  readonly participant: string;
  readonly instrument: string;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  /** Absent for a market intention. */
  readonly price?: string;
  readonly quantity: string;
  readonly timeInForce: TimeInForce;
  readonly state: IntentionStatus;
  readonly filled: string;
  readonly open: string;
  /** A sentence for people. */
  readonly summary: string;
  /** What happened, in the order of the log. */
  readonly reasons: readonly Reason[];
}

/** Something that happened, and what belongs to it: prices and quantities as decimal strings, others’ ids as strings. */
export interface Reason {
  /** Of the event, in the log. */
  readonly position: number;
  readonly kind: ReasonKind;
  /** A sentence for people. */
  readonly text: string;
  readonly [field: string]: string | number | boolean;
}

export type ReasonKind =
  | 'posted'
  | 'amended'
  | 'rested'
  | 'deal'
  | 'aborted'
  | 'closest'
  | 'taken'
  | 'overtaken'
  | 'reduced'
  | 'phase'
  | 'auction'
  | 'ownWithdrawn'
  | 'filled'
  | 'withdrawn'
  | 'expired'
  | 'inDoubt'
  | 'open'
  | 'more';

/** The message sequence chart of a deal’s handshake, or of an intention and all its deals. */
export interface Chart extends Standing {
  /** Of a deal’s chart: its id. */
  readonly deal?: string;
  /** The id of the intention, or of the deal’s initiator. */
  readonly intention: string;
  /** The id of the deal’s responder. */
  readonly counterparty?: string;
  readonly instrument: string;
  readonly title: string;
  /** What stands over each lifeline, from the left. */
  readonly lifelines: readonly ChartLifeline[];
  readonly outcome?: 'confirmed' | 'aborted' | 'open';
  /** From the top. */
  readonly rows: readonly ChartRow[];
  /** Deals that are left out, because there are too many for one chart. */
  readonly omittedDeals: number;
}

/** Of an intention, with whose it is; or of the ledger. */
export interface ChartLifeline {
  readonly heading: string;
  readonly terms: string;
  readonly intention?: string;
  readonly participant?: string;
  readonly side?: Side;
}

/** A row of a chart. A lifeline is an intention’s id, or `ledger`. Prices and quantities are decimal strings. */
export interface ChartRow {
  /** Of what it shows, in the log. */
  readonly position: number;
  readonly kind: 'event' | 'message' | 'auction' | 'deal' | 'restart';
  /** What the chart says there. */
  readonly text: string;
  /** Of an event: the lifeline in whose stream it stands. */
  readonly at?: string;
  /** Of an event. */
  readonly type?: string;
  /** Of a message: the lifeline that says it. */
  readonly from?: string;
  readonly to?: string;
  readonly message?: ChartMessage;
  /** Of a message: it was sent again, after a restart. */
  readonly repeated?: boolean;
  /** Of a message: drawn faintly, because it is a hint, a look-up, or sent again. */
  readonly faint?: boolean;
  /**
   * Of an event, what its type says: posted, reserved, filled, reduced by, newly open, or left when it closed. Of a message, what it is
   * about. Where a deal begins: what its counterparty has left then.
   */
  readonly quantity?: string;
  /** Of an event: what it frees of a reservation, without filling it. */
  readonly freed?: string;
  /** At what price; an auction’s. */
  readonly price?: string;
  /** Of a decision and what tells of it, and of a late decision. */
  readonly outcome?: 'confirmed' | 'aborted';
  /** Why it was declined, withdrawn or aborted. */
  readonly reason?: string;
  /** Where a deal begins: its id. */
  readonly deal?: string;
  /** Where a deal begins: the other intention in it, when the log knows it. */
  readonly counterparty?: string;
  /** What an auction dealt. */
  readonly volume?: string;
  /** Of the writer that took over. */
  readonly epoch?: number;
}

export type ChartMessage =
  'announcement' | 'proposal' | 'acceptance' | 'decline' | 'decision' | 'confirmation' | 'abort' | 'lookUp';

/** A promise that waits for its decision. */
export interface Doubt {
  /** The id that the deal has, or would have. */
  readonly deal: string;
  readonly initiatorIntention: string;
  readonly responderIntention: string;
  readonly instrument: string;
  readonly price: string;
  readonly quantity: string;
  /** Whose promise stands: the initiator’s alone, or the responder’s too. */
  readonly state: 'proposed' | 'accepted';
  /** Of the latest promise, in the log. */
  readonly position: number;
  readonly at: string;
  /** How long ago that was, by the server’s clock. */
  readonly ageMs: number;
  /** Who has the next word; `initiatorsShard`: the decision stands in the log of another shard, or will. */
  readonly settledBy: 'responder' | 'initiator' | 'initiatorsShard';
  /** Only where there are several shards: the one whose log holds the promise. */
  readonly shard?: number;
}

/** Where things are in a shard’s log. Its position is the head. */
export interface Timeline extends Standing {
  readonly from: number;
  readonly until: number;
  /** How many deals were decided in each stretch, which begins at `from + ⌊i × (until − from) / buckets⌋`. */
  readonly deals: readonly number[];
  /** In the order of the log: 500 at most, and where there are more, as many of them, evenly. */
  readonly marks: readonly TimelineMark[];
  /** How many more there are, if any. */
  readonly marksLeftOut?: number;
}

export type TimelineMark = RestartMark | AuctionMark;

/** A writer of the log began. */
export interface RestartMark {
  readonly position: number;
  readonly at: string;
  readonly kind: 'restart';
  /** The writer’s: 1 for the log’s first. */
  readonly epoch: number;
}

/** An auction was uncrossed. */
export interface AuctionMark {
  readonly position: number;
  readonly at: string;
  readonly kind: 'auction';
  readonly instrument: string;
  /** Absent where nothing could be dealt. */
  readonly price?: string;
  readonly volume: string;
  /** How many it came to. */
  readonly deals: number;
}

/** A moment of a shard’s log, and those next to it: each a position to be given as `at`. What is absent is not there. */
export interface LogMoment extends Standing {
  /** What the log’s clock said then; absent before the first event. */
  readonly at?: string;
  /** Where the last batch begins that begins before. */
  readonly previousBatch?: number;
  /** Where the first batch ends that ends after. */
  readonly nextBatch?: number;
  /** Right after the decision of the last deal before. */
  readonly previousDeal?: number;
  /** Right after the decision of the next deal. */
  readonly nextDeal?: number;
}

/** Some events of a log, in order. */
export interface EventPage {
  readonly events: readonly RecordedEvent[];
  /** All that was asked for before this position has been given: go on with it as `from`. */
  readonly upTo: number;
}
