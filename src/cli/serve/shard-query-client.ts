import { Latest } from './latest.js';

/** A message to the thread at every commit would cost the exchange more than most commits do. */
const TELL_EACH_MS = 5;

/** What is known of one shard’s store in another thread. */
export class ShardQueryClient {
  /** Up to where it has come; -1 while there is none. */
  caughtUpTo = -1;
  /** What the thread says of it. */
  told: string | undefined;
  private readonly latest: Latest;

  constructor(tell: (durable: number) => void) {
    this.latest = new Latest(tell, TELL_EACH_MS);
  }

  /** To be called after each commit. The thread is told at once, but not again within the next few milliseconds. */
  advance(durable: number): void {
    this.latest.set(durable);
  }
}
