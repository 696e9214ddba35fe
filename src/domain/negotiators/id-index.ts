/**
 * From an intention's id to its row in the table of negotiators.
 *
 * Ids are handed out in sequence, and most intentions that are looked up are young. So the rows stand in pages by id: what is posted
 * together is found together, in memory that is still in the processor's cache, where a hash table would fetch a line from afar each
 * time (measured: ten times the cost once the table outgrows the cache). A page that has become almost empty is given up, and the few
 * old intentions that are left of it move to a hash table for good.
 *
 * 1. An id is in its page or in the table of old ones, never in both. A row of -1 marks an empty place in either.
 * 2. A page that exists has more than SPARSE ids, or is young: one of the two newest.
 * 3. Within a shard ids differ in their low halves. Who asks for an id of another shard checks the row that it gets.
 */
const EMPTY = -1;
const PAGE_BITS = 10;
const PAGE_IDS = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_IDS - 1;
const SPARSE = 64;

class Page {
  readonly rows = new Int32Array(PAGE_IDS).fill(EMPTY);
  size = 0;
}

export class IdIndex {
  private readonly pages: (Page | undefined)[] = [];
  private readonly spare: Page[] = [];
  private newest = 0;
  private existing = 0;
  private readonly old = new OldIds();
  size = 0;

  /** The row of an id, or -1. */
  get(id: number): number {
    const page = this.pages[pageOf(id)];
    const row = page === undefined ? EMPTY : (page.rows[id & PAGE_MASK] as number); // masked
    return row === EMPTY ? this.old.get(id) : row;
  }

  /** Adds an id that is not there yet. */
  set(id: number, row: number): void {
    const number = pageOf(id);
    this.size++;
    if (number + 1 < this.newest && this.pages[number] === undefined) {
      this.old.set(id, row);
      return;
    }
    const page = (this.pages[number] ??= this.createPage(number));
    page.rows[id & PAGE_MASK] = row;
    page.size++;
  }

  delete(id: number): void {
    const number = pageOf(id);
    const page = this.pages[number];
    if (page === undefined || page.rows[id & PAGE_MASK] === EMPTY) {
      if (this.old.delete(id)) this.size--;
      return;
    }
    page.rows[id & PAGE_MASK] = EMPTY;
    page.size--;
    this.size--;
    if (page.size <= SPARSE && number + 1 < this.newest) this.giveUp(number, page);
  }

  private createPage(number: number): Page {
    this.existing++;
    while (this.pages.length <= number) this.pages.push(undefined);
    if (number > this.newest) {
      const before = this.newest;
      this.newest = number;
      for (let young = Math.max(0, before - 1); young + 1 < number; young++) {
        const page = this.pages[young];
        if (page !== undefined && page.size <= SPARSE) this.giveUp(young, page);
      }
    }
    return this.spare.pop() ?? new Page();
  }

  /** Moves what is left of a page to the table of old ids. */
  private giveUp(number: number, page: Page): void {
    this.pages[number] = undefined;
    this.existing--;
    for (let offset = 0; page.size > 0 && offset < PAGE_IDS; offset++) {
      const row = page.rows[offset] as number; // in range
      if (row === EMPTY) continue;
      this.old.set(number * PAGE_IDS + offset, row);
      page.rows[offset] = EMPTY;
      page.size--;
    }
    if (this.spare.length < 2) this.spare.push(page);
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.old.bytes + this.existing * PAGE_IDS * 4 + this.pages.length * 8;
  }
}

/** Number of the page of an id, by the low half of the id. */
function pageOf(id: number): number {
  return (id | 0) >>> PAGE_BITS;
}

/** An entry: the low half of the id, and the row; side by side, so that one look-up touches one place in memory. */
const ENTRY = 2;
const ROW = 1;

/** A hash table with open addressing, at most two thirds full. Removal shifts later entries back, so there are no tombstones. */
class OldIds {
  private words = new Int32Array(1024 * ENTRY).fill(EMPTY);
  private mask = 1023;
  private size = 0;

  get(id: number): number {
    const { words, mask } = this;
    const low = id | 0;
    let place = home(low) & mask;
    for (;;) {
      const row = words[place * ENTRY + ROW] as number; // place is masked
      if (row === EMPTY || words[place * ENTRY] === low) return row;
      place = (place + 1) & mask;
    }
  }

  set(id: number, row: number): void {
    if (3 * (this.size + 1) > 2 * (this.mask + 1)) this.grow();
    this.place(id | 0, row);
    this.size++;
  }

  /** True when it was there. */
  delete(id: number): boolean {
    const { words, mask } = this;
    const low = id | 0;
    let hole = home(low) & mask;
    for (;;) {
      if (words[hole * ENTRY + ROW] === EMPTY) return false;
      if (words[hole * ENTRY] === low) break;
      hole = (hole + 1) & mask;
    }
    for (let next = (hole + 1) & mask; words[next * ENTRY + ROW] !== EMPTY; next = (next + 1) & mask) {
      const from = home(words[next * ENTRY] as number) & mask; // next is masked, here and below
      const stays = hole <= next ? hole < from && from <= next : hole < from || from <= next;
      if (stays) continue;
      words[hole * ENTRY] = words[next * ENTRY] as number;
      words[hole * ENTRY + ROW] = words[next * ENTRY + ROW] as number;
      hole = next;
    }
    words[hole * ENTRY + ROW] = EMPTY;
    this.size--;
    return true;
  }

  private place(low: number, row: number): void {
    const { words, mask } = this;
    let place = home(low) & mask;
    while (words[place * ENTRY + ROW] !== EMPTY) place = (place + 1) & mask;
    words[place * ENTRY] = low;
    words[place * ENTRY + ROW] = row;
  }

  private grow(): void {
    const { words } = this;
    this.words = new Int32Array(2 * words.length).fill(EMPTY);
    this.mask = this.words.length / ENTRY - 1;
    for (let at = 0; at < words.length; at += ENTRY) {
      const row = words[at + ROW] as number; // at is in range
      if (row !== EMPTY) this.place(words[at] as number, row);
    }
  }

  get bytes(): number {
    return this.words.byteLength;
  }
}

/** Fibonacci hashing. */
function home(low: number): number {
  const mixed = Math.imul(low, 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}
