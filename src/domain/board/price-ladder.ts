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

class Chunk {
  readonly keys = new Int32Array(CHUNK);
  readonly levels = new Int32Array(CHUNK);
  size = 0;

  key(index: number): number {
    return this.keys[index] as number; // index < size
  }

  level(index: number): number {
    return this.levels[index] as number; // index < size
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
    this.keys.copyWithin(index + 1, index, this.size);
    this.levels.copyWithin(index + 1, index, this.size);
    this.keys[index] = key;
    this.levels[index] = level;
    this.size++;
  }

  remove(index: number): void {
    this.keys.copyWithin(index, index + 1, this.size);
    this.levels.copyWithin(index, index + 1, this.size);
    this.size--;
  }

  /** Moves the upper half into a new chunk. */
  split(): Chunk {
    const upper = new Chunk();
    const half = CHUNK >> 1;
    upper.keys.set(this.keys.subarray(half, this.size));
    upper.levels.set(this.levels.subarray(half, this.size));
    upper.size = this.size - half;
    this.size = half;
    return upper;
  }
}

export class PriceLadder {
  private readonly chunks: Chunk[] = [];
  /** How many levels there are. */
  size = 0;
  /** The best level, or -1. */
  best = -1;

  /** The level with this key, or -1. */
  find(key: number): number {
    const chunk = this.chunks[this.chunkFor(key)];
    if (chunk === undefined) return -1;
    const index = chunk.lowerBound(key);
    return index < chunk.size && chunk.key(index) === key ? chunk.level(index) : -1;
  }

  /** Adds a level; its key must be new. */
  insert(key: number, level: number): void {
    if (this.chunks.length === 0) this.chunks.push(new Chunk());
    let place = Math.min(this.chunkFor(key), this.chunks.length - 1);
    let chunk = this.chunks[place] as Chunk; // there is at least one
    if (chunk.size === CHUNK) {
      const upper = chunk.split();
      this.chunks.splice(place + 1, 0, upper);
      if (key > chunk.key(chunk.size - 1)) {
        place++;
        chunk = upper;
      }
    }
    chunk.insert(chunk.lowerBound(key), key, level);
    this.size++;
    this.refreshBest();
  }

  /** Removes the level with this key; it must be there. */
  remove(key: number): void {
    const place = this.chunkFor(key);
    const chunk = this.chunks[place];
    const index = chunk?.lowerBound(key) ?? -1;
    if (chunk === undefined || index >= chunk.size || chunk.key(index) !== key)
      throw new Error(`no level has the key ${key}`);
    chunk.remove(index);
    if (chunk.size === 0 && this.chunks.length > 1) this.chunks.splice(place, 1);
    this.size--;
    this.refreshBest();
  }

  /** Visits levels from the best on, until the visitor returns false. */
  visit(visitor: (level: number, key: number) => boolean): void {
    for (let place = this.chunks.length - 1; place >= 0; place--) {
      const chunk = this.chunks[place] as Chunk; // place is in range
      for (let index = chunk.size - 1; index >= 0; index--) {
        if (!visitor(chunk.level(index), chunk.key(index))) return;
      }
    }
  }

  /** Index of the first chunk whose last key is not below `key`; the number of chunks when there is none. */
  private chunkFor(key: number): number {
    const { chunks } = this;
    const last = chunks.length - 1;
    if (last < 0) return 0;
    if (last === 0 || key > (chunks[last - 1] as Chunk).key((chunks[last - 1] as Chunk).size - 1)) {
      const top = chunks[last] as Chunk; // last >= 0
      return key > top.key(top.size - 1) ? last + 1 : last;
    }
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      const chunk = chunks[middle] as Chunk; // middle is in range
      if (chunk.key(chunk.size - 1) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private refreshBest(): void {
    const top = this.chunks[this.chunks.length - 1];
    this.best = top === undefined || top.size === 0 ? -1 : top.level(top.size - 1);
  }
}
