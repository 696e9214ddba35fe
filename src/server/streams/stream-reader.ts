import { WindowedFeed } from '../feeds/windowed-feed.js';
import type { StreamWish } from './stream-source.js';
import type { Topic } from './topics/topic.js';

/** One stream as its hub knows it. Its `position` is the number of a message of its topic. */
export class StreamReader extends WindowedFeed {
  /** Of trades and own: position in the log of the first event that it may still be told. */
  from: number;
  /** What it is told of, once it is told live. */
  topic: Topic | undefined;

  constructor(
    id: number,
    readonly wish: StreamWish,
    windowBytes: number,
  ) {
    super(id, wish.framing, 0, windowBytes);
    this.from = wish.from ?? 0;
  }
}
