/**
 * From an id to the row of a table that is kept in columns: open addressing in two typed arrays, so that a million rows cost the
 * garbage collector nothing.
 *
 * 1. A row of -1 marks an empty place. Removal shifts later entries back, so there are no tombstones.
 * 2. The table is at most half full.
 * 3. Eight ids in sequence share a cache line; such blocks are scattered. Ids are handed out in sequence and some stay permanently, so
 *    places by the low bits alone would make every new id walk past all the old ones that it meets.
 */
const EMPTY = -1;
const BLOCK_BITS = 3;

export class RowIndex {
  private ids: Float64Array;
  private rows: Int32Array;
  private mask: number;
  size = 0;

  /** `capacity` is a power of two. */
  constructor(capacity = 1024) {
    this.ids = new Float64Array(capacity);
    this.rows = new Int32Array(capacity).fill(EMPTY);
    this.mask = capacity - 1;
  }

  copy(): RowIndex {
    const copy = new RowIndex(1);
    copy.ids = this.ids.slice();
    copy.rows = this.rows.slice();
    copy.mask = this.mask;
    copy.size = this.size;
    return copy;
  }

  /** The row of an id, or -1. */
  get(id: number): number {
    const { ids, rows, mask } = this;
    let place = home(id) & mask;
    for (;;) {
      const row = rows[place] as number; // place is masked
      if (row === EMPTY || ids[place] === id) return row;
      place = (place + 1) & mask;
    }
  }

  /** Gives an id its row, or another one. */
  set(id: number, row: number): void {
    if (2 * (this.size + 1) > this.rows.length) this.grow();
    if (this.place(id, row)) this.size++;
  }

  /** Forgets an id; does nothing when it is not there. */
  delete(id: number): void {
    const { ids, rows, mask } = this;
    let hole = home(id) & mask;
    while (rows[hole] !== EMPTY && ids[hole] !== id) hole = (hole + 1) & mask;
    if (rows[hole] === EMPTY) return;
    for (let next = (hole + 1) & mask; rows[next] !== EMPTY; next = (next + 1) & mask) {
      const from = home(ids[next] as number) & mask; // next is masked
      const stays = hole <= next ? hole < from && from <= next : hole < from || from <= next;
      if (stays) continue;
      ids[hole] = ids[next] as number; // next is masked
      rows[hole] = rows[next] as number; // next is masked
      hole = next;
    }
    rows[hole] = EMPTY;
    this.size--;
  }

  /** True when the id was not there before. */
  private place(id: number, row: number): boolean {
    const { ids, rows, mask } = this;
    let place = home(id) & mask;
    while (rows[place] !== EMPTY && ids[place] !== id) place = (place + 1) & mask;
    const isNew = rows[place] === EMPTY;
    ids[place] = id;
    rows[place] = row;
    return isNew;
  }

  private grow(): void {
    const { ids, rows } = this;
    this.ids = new Float64Array(2 * ids.length);
    this.rows = new Int32Array(2 * rows.length).fill(EMPTY);
    this.mask = this.rows.length - 1;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index] as number; // index is in range
      if (row !== EMPTY) this.place(ids[index] as number, row); // index is in range
    }
  }
}

/** Where an id would like to stand, before the mask. */
function home(id: number): number {
  const low = id | 0;
  const high = (id / 0x1_0000_0000) | 0;
  const block = Math.imul((low >>> BLOCK_BITS) ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return ((block ^ (block >>> 15)) << BLOCK_BITS) | (low & ((1 << BLOCK_BITS) - 1));
}
