/** The messages between the process and a thread of feeds. */
import type { FeedItem } from '../../../server/feeds/feed-source.js';

export type ToFeedThread<Wish> =
  | { readonly subscribe: number; readonly wish: Wish }
  | { readonly unsubscribe: number; readonly shard: number }
  | { readonly credits: readonly number[]; readonly shard: number }
  | { readonly acknowledge: number }
  | { readonly durable: number; readonly shard: number }
  | { readonly end: true };

/** From the thread: a round of a shard. Errors are `ToldError`s, for what is sent to another thread keeps no `code`. */
export interface FromFeedThread {
  readonly shard: number;
  readonly round: readonly FeedItem[];
}

interface ToldError {
  readonly message: string;
  readonly code: unknown;
}

export function tellable(item: FeedItem): FeedItem {
  if (!('error' in item)) return item;
  const { ids, error } = item;
  const told: ToldError =
    error instanceof Error
      ? { message: error.message, code: 'code' in error ? error.code : undefined }
      : { message: String(error), code: undefined };
  return { ids, error: told };
}

export function heard(item: FeedItem): FeedItem {
  if (!('error' in item)) return item;
  const { message, code } = item.error as ToldError; // tellable made it
  return { ids: item.ids, error: Object.assign(new Error(message), { code }) };
}
