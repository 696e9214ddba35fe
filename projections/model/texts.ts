/** What a column of texts is packed as: the bytes of each in UTF-8, one after the other. */
export interface PackedTexts {
  readonly bytes: Uint8Array;
  /** Of each text, in bytes. */
  readonly lengths: Uint32Array;
}

const toUtf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A column of texts. One that was unpacked makes a text only when somebody asks for it. */
export class Texts {
  private constructor(
    private readonly made: (string | undefined)[],
    private readonly packed: Uint8Array,
    /** Where each packed text ends. */
    private readonly ends: Uint32Array,
  ) {}

  static empty(): Texts {
    return new Texts([], new Uint8Array(0), new Uint32Array(0));
  }

  static unpack({ bytes, lengths }: PackedTexts): Texts {
    const ends = new Uint32Array(lengths.length);
    let end = 0;
    for (let row = 0; row < lengths.length; row++) ends[row] = end += lengths[row] as number; // row is in range
    return new Texts(new Array<string | undefined>(lengths.length).fill(undefined), bytes, ends);
  }

  /** Rows are set in order, each again as often as need be. */
  set(row: number, text: string): void {
    this.made[row] = text;
  }

  get(row: number): string {
    const start = row === 0 ? 0 : this.ends[row - 1];
    return (this.made[row] ??= fromUtf8.decode(this.packed.subarray(start, this.ends[row])));
  }

  /** Those of these rows, in this order. */
  pack(rows: ArrayLike<number>): PackedTexts {
    const texts = Array.from(rows, (row) => this.get(row));
    const all = texts.join('');
    const bytes = toUtf8.encode(all);
    const isAscii = bytes.length === all.length;
    return { bytes, lengths: Uint32Array.from(texts, (text) => (isAscii ? text.length : toUtf8.encode(text).length)) };
  }

  copy(): Texts {
    return new Texts([...this.made], this.packed, this.ends);
  }
}
