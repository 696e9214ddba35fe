import type { FoundIn, Heads } from '../queries/found.js';
import type { StoreMoments } from '../queries/store-moment.js';
import type { ListName, OneName, QueryName, ShardedQueries, WholeName } from './sharded-queries.js';

/** On whose share of the thread's time a question counts. */
export interface Share {
  readonly id: string;
  /** Beside that of others. */
  readonly weight: number;
}

/**
 * What those who ask say to the thread that has the stores. A question names the positions that its answer must not be older than; so
 * a caller that knows of a position sees what happened before it.
 */
export interface Question<Name extends QueryName = QueryName> {
  readonly query: Name;
  readonly values: Parameters<ShardedQueries[Name]>;
  /** The shards whose stores it is for, each with a position: the answer shows all events before it. All of them are durable. */
  readonly atLeast: Heads;
  /** As of past moments, of each of these shards, none of them later than `atLeast`. As of now unless they are there. */
  readonly moments?: StoreMoments;
  /** How long it may wait for that and for its turn. */
  readonly timeoutMs: number;
  readonly share: Share;
}

export type Answer =
  | ({ readonly ok: true } & FoundIn<unknown>)
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      /** The shard whose store it is about. */
      readonly shard?: number | undefined;
    };

/**
 * What a question of that name is answered with: a list is the text of its whole answer, in UTF-8, and so is a whole one, where there is
 * any; anything else is as it is.
 */
export type AnswerOf<Name extends QueryName> = Name extends ListName
  ? Uint8Array<ArrayBuffer>
  : Name extends WholeName
    ? Uint8Array<ArrayBuffer> | undefined
    : Name extends OneName
      ? ReturnType<ShardedQueries[Name]>['value']
      : never;

/** Who answers questions: a desk, or the way to one in another thread. Never rejects. */
export interface Asked {
  answer(question: Question): Promise<Answer>;
}

/** A port to the other side: a MessagePort of `node:worker_threads`, a Worker, or its parentPort. */
export interface QueryPort {
  postMessage(message: unknown, transferred?: readonly ArrayBuffer[]): void;
  on(event: 'message' | 'close' | 'exit' | 'error', listener: (value: unknown) => void): unknown;
  off(event: 'message' | 'close' | 'exit' | 'error', listener: (value: unknown) => void): unknown;
}

/** The query was not answered. */
export class QueryFailedError extends Error {
  constructor(
    /** INVALID_QUERY, STORE_BEHIND, STORE_BUSY, STORE_GONE, STORE_SUSPENDED, STORE_DAMAGED, FOLLOWING_ENDED, or what the database says. */
    readonly code: string,
    message: string,
    /** The shard whose store it is about. */
    readonly shard?: number,
  ) {
    super(message);
    this.name = 'QueryFailedError';
  }
}
