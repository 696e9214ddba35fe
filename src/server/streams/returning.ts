import type { FeedItem } from '../feeds/feed-source.js';
import { CatchUp, type CatchUpOptions } from './catch-up.js';
import type { StreamReader } from './stream-reader.js';

export interface ReturningOptions extends Omit<CatchUpOptions, 'onStep' | 'onReleased'> {
  /** How many folds there are at a time. */
  readonly catchUps: number;
  /** There is something to hand out, or somebody to begin with. */
  readonly onNews: () => void;
  readonly onFailed: (readers: readonly StreamReader[], error: unknown) => void;
}

/** A reader that begins no further ahead is taken along by a fold that is under way. */
const REACH_EVENTS = 1 << 18;

/**
 * Readers that have been away, until they have come to where their topic is told live.
 *
 * 1. So many folds are under way for them and no more. Who waits is taken along by one that comes by, else by the next one.
 * 2. One without room waits, as a position, and costs nothing.
 * 3. `seal` gives what they are told in the order in which they are told it; what is told live afterwards goes out after it.
 */
export class Returning {
  private readonly waiting = new Set<StreamReader>();
  private readonly full = new Set<StreamReader>();
  private readonly catchUps = new Set<CatchUp>();
  private sealed: FeedItem[] = [];

  constructor(private readonly options: ReturningOptions) {}

  add(reader: StreamReader): void {
    this.waiting.add(reader);
    this.options.onNews();
  }

  delete(reader: StreamReader): void {
    this.waiting.delete(reader);
    this.full.delete(reader);
    for (const catchUp of this.catchUps) catchUp.letGo(reader);
  }

  /** A reader has room again: true where it had waited for it. */
  takeFull(reader: StreamReader): boolean {
    return this.full.delete(reader);
  }

  /** Begins with those that wait. */
  start(): void {
    for (const reader of this.waiting) {
      if (this.catchUps.size >= this.options.catchUps) return;
      this.waiting.delete(reader);
      const catchUp = new CatchUp(reader, {
        ...this.options,
        onStep: () => this.step(catchUp),
        onReleased: (released) => this.release(catchUp, released),
      });
      this.catchUps.add(catchUp);
      void this.run(catchUp);
    }
  }

  /** What has been made since the last time. */
  seal(): FeedItem[] {
    for (const catchUp of this.catchUps) this.sealed.push(...catchUp.seal());
    return this.sealed.splice(0);
  }

  private async run(catchUp: CatchUp): Promise<void> {
    try {
      await catchUp.run();
    } catch (error) {
      if (!catchUp.isClosed) this.options.onFailed([...catchUp.readers], error);
    } finally {
      this.sealed.push(...catchUp.seal());
      this.catchUps.delete(catchUp);
      this.options.onNews();
    }
  }

  /** Takes along who waits for what comes, and hands over who has come to what is told live. */
  private step(catchUp: CatchUp): void {
    const { foldedTo = 0 } = catchUp;
    for (const reader of this.waiting) {
      if (reader.from < foldedTo || reader.from - foldedTo > REACH_EVENTS) continue;
      this.waiting.delete(reader);
      catchUp.carry(reader);
    }
    const arrived = [...catchUp.readers].filter(({ topic, from }) => (topic?.floor ?? 0) <= Math.max(from, foldedTo));
    for (const reader of arrived) {
      reader.from = Math.max(reader.from, foldedTo);
      catchUp.letGo(reader);
      reader.topic?.join(reader);
    }
    this.options.onNews();
  }

  private release(catchUp: CatchUp, reader: StreamReader): void {
    this.sealed.push(...catchUp.seal());
    this.full.add(reader);
  }
}
