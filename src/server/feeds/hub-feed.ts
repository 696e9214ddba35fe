import type { FeedWish } from './feed-source.js';

/** One feed as the reader of the log knows it. */
export class HubFeed {
  readonly stream: string | undefined;
  readonly types: ReadonlySet<string> | undefined;
  /** All before it was handed out, or is not wanted. */
  position: number;
  /** Bytes handed out that its connection has not taken. */
  outstanding = 0;
  /** The part that holds what it was handed last, and where in the part's ranges. */
  part: object | undefined;
  range = 0;

  constructor(
    readonly id: number,
    { from, stream, types }: Omit<FeedWish, 'shard'>,
    private readonly windowBytes: number,
  ) {
    this.position = from;
    this.stream = stream;
    this.types = types;
  }

  hasRoom(): boolean {
    return this.outstanding < this.windowBytes;
  }

  /** Gets all events: is handed whole runs of messages, and not one by one. */
  get isWhole(): boolean {
    return this.stream === undefined && this.types === undefined;
  }
}
