import type { BookView } from '../../book/views.js';
import type { PositionView } from '../../ledger/postings.js';
import type { DoubtView } from '../../ledger/doubt-view.js';
import type { IntentionsQuery, PositionsQuery } from './query-terms.js';
import type { IntentionView } from './views.js';

/** What stood best of an instrument, and its last price, in ticks. */
export interface InstrumentTop {
  readonly symbol: string;
  readonly bidTicks: number | undefined;
  readonly askTicks: number | undefined;
  readonly lastTicks: number | undefined;
}

/** The intentions of a moment that could still change then. */
export interface Changing {
  /** Those that were asked for, by id. */
  readonly rows: readonly IntentionView[];
  /** The ids of all that were closed while a deal still held something of them: their rows in the tables may show what came later. */
  readonly settling: readonly string[];
}

/**
 * What the tables do not tell of a past moment: they hold what is over as it was, and what can change as it is now. Each part is there
 * when the question needs it.
 */
export interface StoreMoment {
  /** All events before it had happened. */
  readonly position: number;
  /** What the log’s clock said. */
  readonly atMs: number;
  readonly changing?: Changing;
  readonly positions?: readonly PositionView[];
  /** Undefined for an instrument that was not listed. */
  readonly book?: BookView | undefined;
  /** Of the instruments that were asked for and listed, in the order in which they were first. */
  readonly tops?: readonly InstrumentTop[];
  readonly doubts?: readonly DoubtView[];
}

/** By the number of the shard. */
export type StoreMoments = ReadonlyMap<number, StoreMoment>;

/** Which intentions that could still change: those of a page, one, or the one that has a client’s id. */
export type ChangingQuery = IntentionsQuery & {
  readonly id?: string | undefined;
  readonly clientIntentionId?: string | undefined;
};

/** The parts of a moment that a question needs. */
export interface MomentParts {
  readonly changing?: ChangingQuery;
  readonly positions?: PositionsQuery;
  readonly book?: { readonly symbol: string; readonly depth: number };
  /** Of one instrument, or of all. */
  readonly tops?: { readonly symbol?: string };
  readonly doubts?: true;
}
