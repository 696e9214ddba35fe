import type { FeedWish } from '../feed-source.js';
import { WindowedFeed } from './windowed-feed.js';

/** One feed as the reader of the log knows it. */
export class HubFeed extends WindowedFeed {
  readonly stream: string | undefined;
  readonly types: ReadonlySet<string> | undefined;
  /** Where it ends. */
  readonly until: number;

  constructor(
    id: number,
    { framing, from, until = Number.POSITIVE_INFINITY, stream, types }: Omit<FeedWish, 'shard'>,
    windowBytes: number,
  ) {
    super(id, framing, from, windowBytes);
    this.until = until;
    this.stream = stream;
    this.types = types;
  }

  /** Gets all events: is handed whole runs of messages, and not one by one. */
  get isWhole(): boolean {
    return this.stream === undefined && this.types === undefined;
  }
}
