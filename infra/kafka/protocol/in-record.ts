/** Reads the records of a batch where they stand: nothing is copied or made into text before it is asked for. */

/** A record batch that no writer of this log can have written, or that was damaged. */
export class UnreadableBatchError extends RangeError {
  constructor(
    what: string,
    /** Of its first record, or of the one that cannot be read; -1 where not even that can be told. */
    readonly offset: number,
  ) {
    super(what);
    this.name = 'UnreadableBatchError';
  }
}

/** A batch's bytes, and how far they have been read. */
export class RecordCursor {
  constructor(
    readonly bytes: Buffer,
    public at: number,
    /** Of the record that is being read, for errors. */
    public offset: number,
  ) {}

  /** Zigzag, seven bits a byte, low ones first. Times may need more bits than a number's 32; they are read and not used. */
  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      if (byte === undefined || shift > 63) throw this.unreadable('a record that ends in the middle of a number');
      if (shift < 32) value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
  }

  /** Steps over bytes whose length stands before them, and returns that length. A null, which has length -1, is taken for empty. */
  skipBytes(): number {
    const length = Math.max(0, this.varint());
    if (this.at + length > this.bytes.length) throw this.unreadable('a record that goes beyond its batch');
    this.at += length;
    return length;
  }

  unreadable(what: string): UnreadableBatchError {
    return new UnreadableBatchError(what, this.offset);
  }
}

/** The name or the value of a header, as records hold it. */
export const headerText = (text: string): Uint8Array => Buffer.from(text);

const MOST_DIGITS = 16;
const ZERO = 0x30;

/** A record as it is read; offsets are whole numbers below 2^53. Its batch's cursor is moved whenever it is asked for something. */
export class InRecord {
  /** Where the value begins and ends in the batch's bytes; an empty stretch for a tombstone. */
  readonly valueStart: number;
  readonly valueEnd: number;
  private readonly keyStart: number;
  private readonly keyEnd: number;

  /** The cursor stands where the record's own key begins. */
  constructor(
    private readonly cursor: RecordCursor,
    readonly offset: number,
  ) {
    cursor.offset = offset;
    const keyLength = cursor.skipBytes();
    this.keyEnd = cursor.at;
    this.keyStart = cursor.at - keyLength;
    const valueLength = cursor.skipBytes();
    this.valueEnd = cursor.at;
    this.valueStart = cursor.at - valueLength;
  }

  /** Of the whole batch. */
  get bytes(): Buffer {
    return this.cursor.bytes;
  }

  get key(): string {
    return this.bytes.toString('utf8', this.keyStart, this.keyEnd);
  }

  get value(): Buffer {
    return this.bytes.subarray(this.valueStart, this.valueEnd);
  }

  header(name: string): string | undefined {
    const length = this.find(headerText(name));
    return length < 0 ? undefined : this.bytes.toString('utf8', this.cursor.at - length, this.cursor.at);
  }

  /** All headers, names and values by turns. */
  headers(): readonly string[] {
    const cursor = this.readFrom(this.valueEnd);
    return Array.from({ length: 2 * cursor.varint() }, () => {
      const length = cursor.skipBytes();
      return cursor.bytes.toString('utf8', cursor.at - length, cursor.at);
    });
  }

  /** The whole number that a header says in decimal digits; undefined where there is no such header, or no such number. */
  count(name: Uint8Array): number | undefined {
    return this.number(this.find(name));
  }

  /** The same of the last header's value, where all before it is just these bytes: many records differ in that alone. */
  countBehind(headers: Uint8Array): number | undefined {
    const { valueEnd } = this;
    if (!equals(this.bytes, valueEnd, headers)) return undefined;
    return this.number(this.readFrom(valueEnd + headers.length).skipBytes());
  }

  /** What so many digits say that end at the cursor. */
  private number(length: number): number | undefined {
    if (length <= 0 || length > MOST_DIGITS) return undefined;
    const { bytes, at: end } = this.cursor;
    let value = 0;
    for (let at = end - length; at < end; at++) {
      const digit = (bytes[at] as number) - ZERO; // within the batch
      if (digit < 0 || digit > 9) return undefined;
      value = 10 * value + digit;
    }
    return Number.isSafeInteger(value) ? value : undefined;
  }

  /** Whether a header says just this. */
  says(name: Uint8Array, value: Uint8Array): boolean {
    const length = this.find(name);
    return length === value.length && equals(this.bytes, this.cursor.at - length, value);
  }

  /** The cursor, as this record's; the headers begin where the value ends. */
  private readFrom(at: number): RecordCursor {
    const { cursor } = this;
    cursor.offset = this.offset;
    cursor.at = at;
    return cursor;
  }

  /** The length of a header's value, which ends at the cursor; -1 where there is no such header. */
  private find(name: Uint8Array): number {
    const cursor = this.readFrom(this.valueEnd);
    for (let left = cursor.varint(); left > 0; left--) {
      const nameLength = cursor.skipBytes();
      const nameAt = cursor.at - nameLength;
      const length = cursor.skipBytes();
      if (nameLength === name.length && equals(cursor.bytes, nameAt, name)) return length;
    }
    return -1;
  }
}

/** What a record is to those who take it as it is. */
export type KafkaRecord = Pick<InRecord, 'offset' | 'key' | 'value' | 'header' | 'headers'>;

function equals(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}
