/**
 * Rows of whole numbers, packed: what a column’s values have in common is written once.
 *
 * The number of rows (2 bytes) and the bytes of a row (1); of each column where it stands in a row (1), how many bytes wide it is there
 * (1), and its least value (7, and BIAS more than that); then the rows. What follows them is the tail, which is none of this. Numbers are
 * big-endian, so that SQL can read them too (row-view.ts).
 *
 * 1. The same rows give the same bytes.
 */
export const HEAD_BYTES = 3;
export const COLUMN_BYTES = 9;
export const BASE_BYTES = 7;
/** A least value may be negative; with this it is not. */
export const BIAS = 2 ** 53;
/** The lower four of its bytes hold so many numbers; with the bias it need not be exact as one number. */
const LOW = 2 ** 32;
const HIGH_BIAS = BIAS / LOW;

/** What is to be packed, row after row, and what comes behind it. */
export interface RowsToPack {
  readonly values: ArrayLike<number>;
  /** Where the first row begins, and where the last one ends. */
  readonly from: number;
  readonly until: number;
  readonly columns: number;
  readonly tail?: Uint8Array;
}

/** Whole numbers between −2^53 and 2^53. A column’s may not be further apart than 2^53. */
export function packRows({ values, from, until, columns, tail }: RowsToPack): Buffer {
  const count = (until - from) / columns;
  const bases = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const widths = new Uint8Array(columns);
  let rowBytes = 0;
  for (let column = 0; column < columns; column++) {
    let least = values[from + column] as number; // there is a row
    let most = least;
    for (let at = from + column; at < until; at += columns) {
      const value = values[at] as number; // at is in range
      if (value < least) least = value;
      if (value > most) most = value;
    }
    bases[column] = least;
    rowBytes += widths[column] = widthOf(most - least);
  }
  const start = HEAD_BYTES + columns * COLUMN_BYTES;
  const bytes = Buffer.allocUnsafe(start + count * rowBytes + (tail?.length ?? 0));
  put(bytes, 0, 2, count);
  put(bytes, 2, 1, rowBytes);
  let offset = 0;
  for (let column = 0; column < columns; column++) {
    const [width, base] = [widths[column] as number, bases[column] as number]; // one of each column
    const header = HEAD_BYTES + column * COLUMN_BYTES;
    put(bytes, header, 1, offset);
    put(bytes, header + 1, 1, width);
    putBase(bytes, header + 2, base);
    let to = start + offset;
    for (let at = from + column; width > 0 && at < until; at += columns, to += rowBytes) {
      put(bytes, to, width, (values[at] as number) - base); // at is in range
    }
    offset += width;
  }
  if (tail !== undefined) bytes.set(tail, start + count * rowBytes);
  return bytes;
}

function widthOf(range: number): number {
  let width = 0;
  for (let left = range; left > 0; left = Math.floor(left / 256)) width++;
  return width;
}

function putBase(bytes: Buffer, at: number, base: number): void {
  const high = Math.floor(base / LOW);
  put(bytes, at, 3, high + HIGH_BIAS);
  put(bytes, at + 3, 4, base - high * LOW);
}

function put(bytes: Buffer, at: number, width: number, value: number): void {
  let to = at + width - 1;
  if (width > 4) {
    let high = Math.floor(value / LOW);
    for (let end = at + width - 5; end >= at; end--, high >>>= 8) bytes[end] = high;
  }
  for (let low = value >>> 0; to >= at && to >= at + width - 4; to--, low >>>= 8) bytes[to] = low;
}

/** Rows that `packRows` has packed, read one by one. */
export class PackedRows {
  readonly count: number;
  private readonly rowBytes: number;
  private readonly start: number;
  private readonly offsets: number[] = [];
  private readonly widths: number[] = [];
  private readonly bases: number[] = [];

  constructor(
    private readonly bytes: Uint8Array,
    private readonly columns: number,
  ) {
    this.count = this.number(0, 2);
    this.rowBytes = this.number(2, 1);
    this.start = HEAD_BYTES + columns * COLUMN_BYTES;
    for (let header = HEAD_BYTES; header < this.start; header += COLUMN_BYTES) {
      this.offsets.push(this.number(header, 1));
      this.widths.push(this.number(header + 1, 1));
      this.bases.push((this.number(header + 2, 3) - HIGH_BIAS) * LOW + this.number(header + 5, 4));
    }
  }

  get(row: number, column: number): number {
    const at = this.start + row * this.rowBytes + (this.offsets[column] as number); // one of each column
    return (this.bases[column] as number) + this.number(at, this.widths[column] as number); // likewise
  }

  row(row: number): number[] {
    return Array.from({ length: this.columns }, (_, column) => this.get(row, column));
  }

  /** Writes all of them, one after the other. */
  into(values: Float64Array): void {
    let to = 0;
    for (let row = 0; row < this.count; row++) {
      for (let column = 0; column < this.columns; column++) values[to++] = this.get(row, column);
    }
  }

  get tail(): Uint8Array {
    return this.bytes.subarray(this.start + this.count * this.rowBytes);
  }

  /** The first row whose value in a column that ascends is no less than this; `count` where none is. */
  firstFrom(column: number, value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.get(middle, column) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private number(at: number, width: number): number {
    let value = 0;
    for (let from = at; from < at + width; from++) value = value * 256 + (this.bytes[from] as number); // within the row
    return value;
  }
}
