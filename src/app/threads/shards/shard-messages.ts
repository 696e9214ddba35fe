/** The messages between the front of a process and the thread of one of its shards. */
import type { CarriedAnswer, ClusterRequest } from '../../../cluster/forwarding/requests.js';
import type { PostIntention, ShardStatus } from '../../../exchange/commands.js';
import type { AnchorTarget } from '../../anchors/anchoring.js';
import type { LogSettings } from '../../logs/settings.js';
import type { AcceptedLosses } from '../../serving/common-serving.js';
import type { KnownLog } from '../../serving/opening.js';
import type { ToldError } from '../told-error.js';

export interface ShardThreadData {
  readonly settings: LogSettings;
  /** How many shards there are. */
  readonly shards: number;
  readonly takeOver: boolean;
  readonly losses: AcceptedLosses;
  readonly maxClockAheadMs: number;
  readonly anchor: AnchorTarget | undefined;
  readonly snapshotEvery: number | undefined;
  readonly demo: boolean;
  /** What is known of the log by a thread that had it before. */
  readonly known: KnownLog | undefined;
}

/** What is carried out in its order and answered together: posts, which are most of all, or anything. */
export type ShardCall = { readonly id: number } & ShardWork;

export type ShardWork = { readonly posts: readonly PostIntention[] } | { readonly requests: readonly ClusterRequest[] };

export interface AnsweredCall {
  readonly id: number;
  readonly answers: readonly CarriedAnswer[];
}

/** To the thread: what it is to do, an array of ShardCall as JSON, or that it is to end. Many small objects are cloned at twice the cost. */
export type ToShardThread = { readonly calls: string } | { readonly end: true };

/** How the shard stands, and what has been answered: nothing that rests on more than is said to be durable. */
export interface ShardReport {
  readonly status: ShardStatus;
  readonly writerEpoch: number;
  readonly answered: readonly AnsweredCall[];
}

export const logLevels = ['info', 'warn', 'error'] as const;

/** A line of the log. */
export interface ToldLine {
  readonly level: (typeof logLevels)[number];
  readonly details: object;
  readonly err: ToldError | undefined;
  readonly message: string;
}

export type FromShardThread =
  /** A ShardReport as JSON. */
  | { readonly report: string }
  /** It serves for the first time, or why it does not: then the thread ends. */
  | { readonly opened: true }
  | { readonly failed: ToldError }
  | { readonly final: string }
  | { readonly replayed: number; readonly head: number | undefined }
  | { readonly line: ToldLine };
