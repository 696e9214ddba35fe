/**
 * The price levels of one side of a board, in order of their keys. A key is a price turned so that the best one is the largest
 * (see board.ts); with each key stands the number of its level.
 *
 * 1. Keys are unique and ascend through the chunks; the best key is the last one of the last chunk.
 * 2. No chunk is empty, but for the only one of an empty side; none holds more than CHUNK keys.
 *
 * Sorted chunks rather than a tree: finding a key is two binary searches over contiguous memory, the best price is always at the
 * end of an array, and a new level near the best, by far the most common case, moves a handful of integers.
 */
const CHUNK = 128;
/** Most sides have few levels. */
const FIRST_CAPACITY = 8;

class Chunk {
  /** A key and its level, by turns. */
  private pairs: Int32Array;
  size = 0;

  constructor(capacity = FIRST_CAPACITY) {
    this.pairs = new Int32Array(2 * capacity);
  }

  key(index: number): number {
    return this.pairs[2 * index] as number; // index < size
  }

  level(index: number): number {
    return this.pairs[2 * index + 1] as number; // index < size
  }

  /** Index of the first key that is not below `key`. */
  lowerBound(key: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.key(middle) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  insert(index: number, key: number, level: number): void {
    if (2 * this.size === this.pairs.length) this.grow();
    const { pairs } = this;
    // By hand: it is a few, and `copyWithin` is a call.
    for (let at = 2 * this.size - 1; at >= 2 * index; at--) pairs[at + 2] = pairs[at] as number; // at < size
    pairs[2 * index] = key;
    pairs[2 * index + 1] = level;
    this.size++;
  }

  remove(index: number): void {
    const { pairs } = this;
    this.size--;
    for (let at = 2 * index; at < 2 * this.size; at++) pairs[at] = pairs[at + 2] as number; // at + 2 < the size before
  }

  /** Moves the upper half into a new chunk. */
  split(): Chunk {
    const upper = new Chunk(CHUNK);
    const half = this.size >> 1;
    upper.pairs.set(this.pairs.subarray(2 * half, 2 * this.size));
    upper.size = this.size - half;
    this.size = half;
    return upper;
  }

  private grow(): void {
    const { pairs } = this;
    this.pairs = new Int32Array(2 * pairs.length);
    this.pairs.set(pairs);
  }
}

export class PriceLadder {
  private top = new Chunk();
  private readonly chunks = [this.top];
  /** How many levels there are. */
  size = 0;
  /** The best level, or -1. */
  best = -1;
  /** Its key; means nothing where there is none. */
  bestKey = 0;

  /** The level with this key, or -1. */
  find(key: number): number {
    const chunk = this.chunkFor(key);
    const index = chunk.lowerBound(key);
    return index < chunk.size && chunk.key(index) === key ? chunk.level(index) : -1;
  }

  /** Adds a level; its key must be new. */
  insert(key: number, level: number): void {
    let chunk = this.chunkFor(key);
    if (chunk.size === CHUNK) {
      const upper = chunk.split();
      this.chunks.splice(this.chunks.indexOf(chunk) + 1, 0, upper);
      this.top = this.chunk(this.chunks.length - 1);
      if (key > chunk.key(chunk.size - 1)) chunk = upper;
    }
    chunk.insert(chunk.lowerBound(key), key, level);
    this.size++;
    this.refreshBest();
  }

  /** Removes the level with this key; it must be there. */
  remove(key: number): void {
    const chunk = this.chunkFor(key);
    const index = chunk.lowerBound(key);
    if (index >= chunk.size || chunk.key(index) !== key) throw new Error(`no level has the key ${key}`);
    chunk.remove(index);
    if (chunk.size === 0 && this.chunks.length > 1) {
      this.chunks.splice(this.chunks.indexOf(chunk), 1);
      this.top = this.chunk(this.chunks.length - 1);
    }
    this.size--;
    this.refreshBest();
  }

  /** Visits levels from the best on, until the visitor returns false. */
  visit(visitor: (level: number, key: number) => boolean): void {
    for (let place = this.chunks.length - 1; place >= 0; place--) {
      const chunk = this.chunk(place);
      for (let index = chunk.size - 1; index >= 0; index--) {
        if (!visitor(chunk.level(index), chunk.key(index))) return;
      }
    }
  }

  private chunk(place: number): Chunk {
    return this.chunks[place] as Chunk; // place is in range
  }

  /** The first chunk whose last key is not below `key`; the last one where there is none. */
  private chunkFor(key: number): Chunk {
    let high = this.chunks.length - 1;
    if (high === 0 || key > this.lastKey(high - 1)) return this.top;
    let low = 0;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lastKey(middle) < key) low = middle + 1;
      else high = middle;
    }
    return this.chunk(low);
  }

  private lastKey(place: number): number {
    const chunk = this.chunk(place);
    return chunk.key(chunk.size - 1);
  }

  private refreshBest(): void {
    const { top } = this;
    if (top.size === 0) {
      this.best = -1;
      return;
    }
    this.best = top.level(top.size - 1);
    this.bestKey = top.key(top.size - 1);
  }
}
