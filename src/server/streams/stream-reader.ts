import { WindowedFeed } from '../feeds/hub/windowed-feed.js';
import type { StreamWish } from './stream-source.js';

/** What a reader is told of. */
interface Told {
  /** All messages about events from this log position on are kept. */
  readonly floor: number;
  join(reader: StreamReader): void;
  leave(reader: StreamReader): void;
  hasRoomAgain(reader: StreamReader): void;
}

/** One stream as its hub knows it. Its `position` is the number of a message of its topic. */
export class StreamReader extends WindowedFeed {
  /** Of trades and own: position in the log of the first event that it may still be told. */
  from: number;
  /** Undefined until it is found. */
  topic: Told | undefined;

  constructor(
    id: number,
    readonly wish: StreamWish,
    windowBytes: number,
  ) {
    super(id, wish.framing, 0, windowBytes);
    this.from = wish.from ?? 0;
  }
}
