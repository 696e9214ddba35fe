/** The messages between the front of a process and the thread of one of its shards. */
import type { CarriedAnswer, ClusterRequest } from '../../../cluster/forwarding/requests.js';
import type { ShardStatus } from '../../../exchange/commands.js';
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

/** Requests that are carried out in their order, and answered together. */
export interface ShardCall {
  readonly id: number;
  readonly requests: readonly ClusterRequest[];
}

export interface AnsweredCall {
  readonly id: number;
  readonly answers: readonly CarriedAnswer[];
}

/** To the thread: what it is to do, in order, or that it is to end. */
export type ToShardThread = { readonly calls: readonly ShardCall[] } | { readonly end: true };

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
  | ShardReport
  /** It serves for the first time, or why it does not: then the thread ends. */
  | { readonly opened: true }
  | { readonly failed: ToldError }
  | { readonly final: string }
  | { readonly replayed: number; readonly head: number | undefined }
  | { readonly line: ToldLine };
