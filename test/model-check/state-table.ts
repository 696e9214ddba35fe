/**
 * States seen so far: rows of `width` integers in the order in which they were found, each with the row it was reached from and the
 * step that led there. Breadth first, this is the queue too.
 *
 * 1. A row is there once. 2. Rows are never changed.
 */
const NONE = -1;

export class StateTable {
  size = 0;
  private rows: Int32Array;
  private parents = new Int32Array(1024);
  private steps = new Int32Array(1024);
  private depths = new Int32Array(1024);
  private slots = new Int32Array(4096).fill(NONE);

  constructor(readonly width: number) {
    this.rows = new Int32Array(1024 * width);
  }

  /** Adds a state if it is new. Returns whether it was. */
  add(state: Int32Array, parent: number, step: number): boolean {
    if (2 * this.size >= this.slots.length) this.rehash();
    const slot = this.slotOf(state);
    if (this.slots[slot] !== NONE) return false;
    if (this.size === this.parents.length) this.grow();
    this.slots[slot] = this.size;
    this.rows.set(state, this.size * this.width);
    this.parents[this.size] = parent;
    this.steps[this.size] = step;
    this.depths[this.size] = parent === NONE ? 0 : this.depth(parent) + 1;
    this.size++;
    return true;
  }

  has(state: Int32Array): boolean {
    return this.slots[this.slotOf(state)] !== NONE;
  }

  read(row: number, into: Int32Array): Int32Array {
    into.set(this.rows.subarray(row * this.width, (row + 1) * this.width));
    return into;
  }

  depth(row: number): number {
    return this.depths[row] ?? 0;
  }

  /** The steps that led to a state, first to last. */
  pathTo(row: number): number[] {
    const path: number[] = [];
    for (let at = row; (this.parents[at] ?? NONE) !== NONE; at = this.parents[at] ?? NONE)
      path.push(this.steps[at] ?? NONE);
    return path.reverse();
  }

  private slotOf(state: Int32Array): number {
    const mask = this.slots.length - 1;
    let slot = hashOf(state) & mask;
    for (;;) {
      const row = this.slots[slot] ?? NONE;
      if (row === NONE || this.isEqual(row, state)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private isEqual(row: number, state: Int32Array): boolean {
    const at = row * this.width;
    for (let index = 0; index < this.width; index++) if (this.rows[at + index] !== state[index]) return false;
    return true;
  }

  private rehash(): void {
    this.slots = new Int32Array(2 * this.slots.length).fill(NONE);
    const state = new Int32Array(this.width);
    for (let row = 0; row < this.size; row++) this.slots[this.slotOf(this.read(row, state))] = row;
  }

  private grow(): void {
    const doubled = (array: Int32Array): Int32Array<ArrayBuffer> => {
      const larger = new Int32Array(2 * array.length);
      larger.set(array);
      return larger;
    };
    this.rows = doubled(this.rows);
    this.parents = doubled(this.parents);
    this.steps = doubled(this.steps);
    this.depths = doubled(this.depths);
  }
}

function hashOf(state: Int32Array): number {
  let hash = 0x811c9dc5;
  for (const value of state) {
    hash = Math.imul(hash ^ value, 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}
