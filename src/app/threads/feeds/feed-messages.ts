/** The messages between the process and a thread of feeds. */
import type { FeedItem } from '../../../server/feeds/feed-source.js';
import { heardError, type ToldError, toldError } from '../told-error.js';

export type ToFeedThread<Wish> =
  | { readonly subscribe: number; readonly wish: Wish }
  | { readonly unsubscribe: number; readonly shard: number }
  | { readonly credits: readonly number[]; readonly shard: number }
  | { readonly acknowledge: number }
  | { readonly durable: number; readonly shard: number }
  | { readonly end: true };

/** From the thread: a round of a shard. Errors are `ToldError`s. */
export interface FromFeedThread {
  readonly shard: number;
  readonly round: readonly FeedItem[];
}

export function tellable(item: FeedItem): FeedItem {
  return 'error' in item ? { ids: item.ids, error: toldError(item.error) } : item;
}

export function heard(item: FeedItem): FeedItem {
  return 'error' in item ? { ids: item.ids, error: heardError(item.error as ToldError) } : item; // tellable made it
}
