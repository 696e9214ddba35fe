/** A text of constant beginnings and numbers, put together as bytes: for what is written too often to become a string first. */
export class Ascii {
  readonly bytes: Uint8Array;
  length: number;
  private readonly prefix: number;

  /** With room for a prefix and two numbers. */
  constructor(prefix: string) {
    this.bytes = new Uint8Array(prefix.length + ROOM_BYTES);
    this.prefix = Buffer.from(this.bytes.buffer).write(prefix, 'latin1');
    this.length = this.prefix;
  }

  /** What comes behind the prefix is begun again. */
  begin(): this {
    this.length = this.prefix;
    return this;
  }

  /** An integer, 0 to 2^53−1, in decimal digits. */
  decimal(value: number): this {
    if (value < BILLION) return this.digits(value, countDigits(value));
    const high = Math.floor(value / BILLION);
    return this.decimal(high).digits(value - high * BILLION, BILLION_DIGITS);
  }

  dash(): this {
    this.bytes[this.length++] = 0x2d;
    return this;
  }

  private digits(value: number, count: number): this {
    const { bytes, length } = this;
    let rest = value | 0;
    for (let at = length + count - 1; at >= length; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = 0x30 + rest - 10 * tenth;
      rest = tenth;
    }
    this.length = length + count;
    return this;
  }
}

const ROOM_BYTES = 40;
const BILLION = 1_000_000_000;
const BILLION_DIGITS = 9;

function countDigits(value: number): number {
  let count = 1;
  for (let power = 10; value >= power; power *= 10) count++;
  return count;
}
