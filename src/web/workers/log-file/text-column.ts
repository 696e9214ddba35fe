const toUtf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

const FIRST_BYTES = 1 << 14;
/** A UTF-16 unit becomes three bytes at most. */
const BYTES_A_UNIT = 3;

/** A column of texts that only grows, kept as UTF-8 so that a million of them are no burden. */
export class TextColumn {
  private bytes = new Uint8Array(FIRST_BYTES);
  private used = 0;
  private ends = new Float64Array(1024);
  private rows = 0;

  push(text: string): void {
    const most = this.used + BYTES_A_UNIT * text.length;
    if (most > this.bytes.length) this.growBytes(most);
    this.used += toUtf8.encodeInto(text, this.bytes.subarray(this.used)).written;
    if (this.rows === this.ends.length) this.growEnds();
    this.ends[this.rows++] = this.used;
  }

  /** Of a row that there is. */
  get(row: number): string {
    return fromUtf8.decode(this.bytes.subarray(row === 0 ? 0 : this.ends[row - 1], this.ends[row]));
  }

  private growBytes(most: number): void {
    const longer = new Uint8Array(Math.max(2 * this.bytes.length, most));
    longer.set(this.bytes);
    this.bytes = longer;
  }

  private growEnds(): void {
    const longer = new Float64Array(2 * this.ends.length);
    longer.set(this.ends);
    this.ends = longer;
  }
}
