/**
 * One feed's output. Owns what the feed was handed and its connection has not taken.
 *
 * 1. One write is under way at a time, of all that there is by then; what comes meanwhile waits for it.
 */
import type { Problem } from '../../../api/problem.js';
import type { FeedOutput } from './feed-output.js';
import type { HeldBytes, Piece } from './held-bytes.js';

/** Why a feed ends; `end`: it has got all that it asked for. */
export type LastWords = Problem | 'end';

export interface OutletOptions {
  readonly id: number;
  readonly shard: number;
  readonly output: FeedOutput;
  readonly held: HeldBytes;
  /** Called when what was being written has been taken. */
  readonly onTaken: (outlet: Outlet) => void;
}

export class Outlet {
  readonly id: number;
  readonly shard: number;
  /** Since when the write that is under way is; undefined when none is. */
  writingSinceMs: number | undefined;
  /** Taken by the connection, and not credited yet. */
  owed = 0;
  /** That it is wanted no more, from whatever side. */
  isOver = false;
  private waiting: Piece[] = [];
  private underWay: readonly Piece[] = [];
  private lastWords: LastWords | undefined;
  private readonly onTaken = (): void => this.taken();

  constructor(private readonly options: OutletOptions) {
    this.id = options.id;
    this.shard = options.shard;
  }

  get hasMore(): boolean {
    return this.waiting.length > 0 || this.lastWords !== undefined;
  }

  add(piece: Piece): void {
    this.waiting.push(piece);
  }

  /** Says why after all that it was handed, if there is anything to say, and is closed then. */
  endWith(why: LastWords): void {
    this.isOver = true;
    this.lastWords = why;
  }

  /** Releases what has not begun to be written. */
  drop(): void {
    for (const piece of this.waiting) this.options.held.release(piece);
    this.waiting = [];
  }

  /** Only while nothing is being written. */
  write(): void {
    const { waiting: pieces, lastWords } = this;
    const { output } = this.options;
    if (pieces.length === 0 && lastWords !== undefined) {
      this.lastWords = undefined;
      if (lastWords === 'end') {
        output.end();
        return;
      }
      this.writingSinceMs = performance.now();
      output.fail(lastWords);
      return;
    }
    if (pieces.length === 0) return;
    this.waiting = [];
    this.underWay = pieces;
    this.writingSinceMs = performance.now();
    output.write(
      pieces.map(({ bytes }) => bytes),
      this.onTaken,
    );
  }

  /** Says that the feed is alive, if nothing else is being said. */
  beat(): void {
    if (this.writingSinceMs !== undefined || this.hasMore || this.isOver) return;
    this.writingSinceMs = performance.now();
    this.options.output.beat(this.onTaken);
  }

  end(): void {
    this.forget();
    this.options.output.end();
  }

  cut(): void {
    this.forget();
    this.options.output.cut();
  }

  /** Releases all that its connection has not taken. */
  forget(): void {
    this.isOver = true;
    this.drop();
    for (const piece of this.underWay) this.options.held.release(piece);
    this.underWay = [];
  }

  private taken(): void {
    this.writingSinceMs = undefined;
    for (const piece of this.underWay) {
      this.owed += piece.bytes.length;
      this.options.held.release(piece);
    }
    this.underWay = [];
    this.options.onTaken(this);
  }
}
