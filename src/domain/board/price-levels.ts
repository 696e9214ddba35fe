import { Index } from '../ids.js';

// Doubles: counted in 8 bytes from the start of the row. Words: in 4 bytes; the first two are the double.
const LOTS = 0;
const KEY = 2;
const HEAD = 3;
const TAIL = 4;
const COUNT = 5;
const WORDS = 8;
const DOUBLES = 4;

/**
 * The price levels of all boards of a shard: the ends of each level’s queue and what stands in it, 32 bytes each in one block of memory.
 * Where there are thousands of boards, what a post costs is how many places of memory it has to wait for; a level is one.
 *
 * 1. The number of a level that was freed is given to another.
 */
export class PriceLevels {
  private words: Int32Array;
  private doubles: Float64Array;
  private used = 0;
  private firstFree: number = Index.None;

  constructor(capacity = 64) {
    const memory = new ArrayBuffer(capacity * WORDS * 4);
    this.words = new Int32Array(memory);
    this.doubles = new Float64Array(memory);
  }

  /** An empty level with this key. */
  create(key: number): number {
    const level = this.allocate();
    this.setWord(level, KEY, key);
    this.setHead(level, Index.None);
    this.setTail(level, Index.None);
    this.setWord(level, COUNT, 0);
    this.doubles[level * DOUBLES + LOTS] = 0;
    return level;
  }

  free(level: number): void {
    this.setHead(level, this.firstFree);
    this.firstFree = level;
  }

  private allocate(): number {
    const free = this.firstFree;
    if (free !== Index.None) {
      this.firstFree = this.head(free);
      return free;
    }
    if (this.used * WORDS === this.words.length) this.grow();
    return this.used++;
  }

  private grow(): void {
    const memory = new ArrayBuffer(2 * this.words.byteLength);
    const words = new Int32Array(memory);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(memory);
  }

  private word(level: number, field: number): number {
    return this.words[level * WORDS + field] as number; // levels come from create, so they are in range
  }
  private setWord(level: number, field: number, value: number): void {
    this.words[level * WORDS + field] = value;
  }

  key(level: number): number {
    return this.word(level, KEY);
  }
  /** The oldest of its queue. */
  head(level: number): number {
    return this.word(level, HEAD);
  }
  setHead(level: number, row: number): void {
    this.setWord(level, HEAD, row);
  }
  tail(level: number): number {
    return this.word(level, TAIL);
  }
  setTail(level: number, row: number): void {
    this.setWord(level, TAIL, row);
  }
  count(level: number): number {
    return this.word(level, COUNT);
  }
  lots(level: number): number {
    return this.doubles[level * DOUBLES + LOTS] as number; // in range, as above
  }

  /** So many intentions more stand in it, or fewer, and so many lots. */
  change(level: number, count: number, lots: number): void {
    this.setWord(level, COUNT, this.count(level) + count);
    this.doubles[level * DOUBLES + LOTS] = this.lots(level) + lots;
  }
}
