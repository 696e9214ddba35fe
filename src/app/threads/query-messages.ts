/** The messages between the process and the thread of its query stores, besides questions and answers. */

/** To the thread: how far a log is durable, or that it is to end. */
export type ToQueryThread = { readonly shard: number; readonly durable: number } | { readonly end: true };

/** From the thread: how far a store has come, why it is rebuilt, or why it does not keep up with its log (undefined: it does again). */
export type FromQueryThread =
  | { readonly shard: number; readonly caughtUpTo: number }
  | { readonly shard: number; readonly rebuild: string }
  | { readonly shard: number; readonly trouble: string | undefined };
