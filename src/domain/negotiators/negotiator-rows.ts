import { Index } from '../ids.js';
import { IdIndex } from './id-index.js';

/** How long a row is, and the columns that the rows themselves need. Doubles are counted in 8 bytes, words in 4. */
export const enum Row {
  /** The first six of them are three doubles. */
  Words = 24,
  Doubles = 12,
  /** A double. */
  Id = 0,
  /** A word: the next row that is free. */
  Next = 16,
}

/**
 * Rows of equal length in one block of memory, found by the id of their intention: 96 bytes each, no object, nothing for the garbage
 * collector to visit. What their columns mean is the table's (negotiator-table.ts).
 *
 * 1. Every row that lives is in the index, but for the arriving one.
 * 2. A row that was freed is given to another intention: its number proves nothing without the id.
 */
export class NegotiatorRows {
  protected words: Int32Array;
  protected doubles: Float64Array;
  private capacity: number;
  private used = 0;
  private firstFree: number = Index.None;
  private readonly index: IdIndex;
  /** The negotiator created last, until it is placed: most are filled before anybody has to look them up. */
  arrivingRow: number = Index.None;

  constructor(capacity = 1024) {
    this.capacity = capacity;
    const memory = new ArrayBuffer(capacity * Row.Words * 4);
    this.words = new Int32Array(memory);
    this.doubles = new Float64Array(memory);
    this.index = new IdIndex();
  }

  /** How many negotiators live. */
  get size(): number {
    return this.index.size + (this.arrivingRow === Index.None ? 0 : 1);
  }

  /** The row of an intention, or Index.None. */
  rowOf(id: number): number {
    const { arrivingRow } = this;
    if (arrivingRow !== Index.None && this.id(arrivingRow) === id) return arrivingRow;
    const row = this.index.get(id);
    return row !== Index.None && this.id(row) === id ? row : Index.None;
  }

  /** From now on the arriving negotiator is found through the index like all others. */
  place(): void {
    this.index.set(this.id(this.arrivingRow), this.arrivingRow);
    this.arrivingRow = Index.None;
  }

  free(row: number): void {
    if (row === this.arrivingRow) this.arrivingRow = Index.None;
    else this.index.delete(this.id(row));
    this.doubles[row * Row.Doubles + Row.Id] = 0;
    this.setWord(row, Row.Next, this.firstFree);
    this.firstFree = row;
  }

  protected allocate(): number {
    const free = this.firstFree;
    if (free !== Index.None) {
      this.firstFree = this.word(free, Row.Next);
      return free;
    }
    if (this.used === this.capacity) this.grow();
    return this.used++;
  }

  private grow(): void {
    this.capacity *= 2;
    const memory = new ArrayBuffer(this.capacity * Row.Words * 4);
    const words = new Int32Array(memory);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(memory);
  }

  protected word(row: number, field: number): number {
    return this.words[row * Row.Words + field] as number; // rows come from create, so they are in range
  }

  protected setWord(row: number, field: number, value: number): void {
    this.words[row * Row.Words + field] = value;
  }

  id(row: number): number {
    return this.doubles[row * Row.Doubles + Row.Id] as number; // in range, as above
  }
  /** Rows are numbered below this; those that are free have the id 0. */
  get rows(): number {
    return this.used;
  }

  /** Visits the rows that live, in no particular order. */
  forEachRow(visitor: (row: number) => void): void {
    for (let row = 0; row < this.used; row++) if (this.id(row) !== 0) visitor(row);
  }

  /** The rows as they are, for a snapshot. */
  dump(): { words: Int32Array; used: number; firstFree: number } {
    return { words: this.words.slice(0, this.used * Row.Words), used: this.used, firstFree: this.firstFree };
  }

  /** Takes over the rows of a snapshot; the table must be empty. Their places on boards are made again by their owner. */
  load(dump: { words: Int32Array; used: number; firstFree: number }): void {
    while (this.capacity < dump.used) this.grow();
    this.words.set(dump.words);
    this.used = dump.used;
    this.firstFree = dump.firstFree;
    this.forEachRow((row) => {
      this.index.set(this.id(row), row);
    });
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.words.byteLength + this.index.bytes;
  }
}
