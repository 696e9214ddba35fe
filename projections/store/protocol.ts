import type { StoreQueries } from './queries.js';

/** What a store was found to hold. */
export interface Found<Value> {
  readonly value: Value;
  /** It is as of all events before this log position, exactly. */
  readonly position: number;
}

/**
 * The messages between those who ask and the thread that has the store. A question may name a position that the answer must not be
 * older than; so that whoever has been told of a position sees what happened before it.
 */
export type QueryName = keyof StoreQueries;

export interface QueryRequest {
  /** The asker's own number for it, given back with the answer. */
  readonly id: number;
  readonly query: QueryName;
  readonly values: readonly unknown[];
  /** The answer shows all events before this position, or is an error with the code STORE_BEHIND after `timeoutMs`. */
  readonly atLeast: number;
  readonly timeoutMs: number;
}

export type QueryResponse =
  | ({ readonly id: number; readonly ok: true } & Found<unknown>)
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };

/** A port to the other side: a MessagePort of `node:worker_threads`, a Worker, or its parentPort. */
export interface QueryPort {
  postMessage(message: unknown): void;
  on(event: 'message' | 'close' | 'exit' | 'error', listener: (value: unknown) => void): unknown;
  off(event: 'message' | 'close' | 'exit' | 'error', listener: (value: unknown) => void): unknown;
}

/** The query was not answered. */
export class QueryFailedError extends Error {
  constructor(
    /** INVALID_QUERY, STORE_BEHIND, STORE_BUSY, STORE_GONE, FOLLOWING_ENDED, or what the database says. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'QueryFailedError';
  }
}
