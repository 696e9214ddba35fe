/** What those who ask say to the thread that has the models of past moments, and what it answers. */
import type { ChartSubject } from '../handshake/chart.js';
import type { Share } from '../store/desk/protocol.js';
import type { Heads } from '../store/queries/found.js';
import type { MomentParts } from '../store/queries/store-moment.js';
import type { BatchesAround } from './neighbours.js';

/** Which moment: that before a position of one shard, or that of a time in all that are asked. */
export type Point = { readonly position: number } | { readonly atMs: number };

/** As what something is told. */
export type TellingFormat = 'json' | 'svg' | 'mermaid' | 'text';

/** What there is to look at. */
export type Look =
  /** Where each shard stood, and of it what the query stores do not tell: StoreMoments. */
  | { readonly kind: 'parts'; readonly parts: MomentParts }
  /** What is next to the moment, in the first of the shards: MomentAround. */
  | { readonly kind: 'around' }
  /** `since`: where it was posted. As JSON, and otherwise as text. */
  | {
      readonly kind: 'why';
      readonly intentionId: number;
      readonly since: number;
      readonly format: TellingFormat;
      readonly isHidden?: boolean;
    }
  | ({ readonly kind: 'chart'; readonly subject: ChartSubject; readonly format: TellingFormat } & ChartPlace);

/** What is next to a moment of a shard’s log whose head was there. */
export interface MomentAround extends BatchesAround {
  readonly head: number;
}

/** Where the subject of a chart is in the log. */
export interface ChartPlace {
  /** Where the intention, or the deal’s initiator, was posted. */
  readonly since: number;
  /** Where the deal was decided, if it is. */
  readonly near?: number | undefined;
}

export interface LookQuestion {
  readonly look: Look;
  /** The shards that it is about, each with the position up to which its log is known to be durable. */
  readonly heads: Heads;
  /** Undefined: as of the heads. */
  readonly point: Point | undefined;
  /** How long it may take, waiting for its turn and all. */
  readonly timeoutMs: number;
  readonly share: Share;
}

export type LookAnswer =
  | { readonly ok: true; readonly value: unknown; readonly heads: Heads }
  | { readonly ok: false; readonly code: LookFailure; readonly message: string };

/**
 * POSITION_AHEAD: the moment is not there yet. INVALID_QUERY: the question makes no sense. TOO_FAR: too much would have to be folded, or it
 * took too long. LOOKS_GONE: nobody answers just now. LOOK_FAILED: anything else, a log that cannot be read above all.
 */
export type LookFailure = 'POSITION_AHEAD' | 'INVALID_QUERY' | 'TOO_FAR' | 'LOOKS_GONE' | 'LOOK_FAILED';

/** Who answers looks: a desk, or the way to one in another thread. Never rejects. */
export interface LookedAt {
  look(question: LookQuestion): Promise<LookAnswer>;
}

export class LookError extends Error {
  constructor(
    readonly code: LookFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'LookError';
  }
}
