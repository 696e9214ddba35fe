const NEWLINE = 10;
/** So much is decoded at once. */
const PIECE_BYTES = 16_384;
const NOTHING = Buffer.alloc(0);

/** `text` is undefined for a line that is too long. */
export type OnLine = (line: number, text: string | undefined) => void;

/**
 * Cuts a stream of bytes into lines, as many at a time as are asked for.
 *
 * 1. Holds the chunk that was pushed last, and one unfinished line, of no more than `maxLineBytes`: a longer one is reported as too long,
 *    and its rest is skipped as it comes. The unfinished line is a copy, so no chunk outlives the next.
 * 2. Lines are numbered from 1 as an editor numbers them, blank ones too.
 */
export class LineSplitter {
  #chunk: Buffer = NOTHING;
  /** Of the chunk, all before it is decoded or kept. */
  #at = 0;
  /** Whole lines that are decoded, but for the end of the last one; undefined when all are cut. */
  #piece: string | undefined;
  #pieceAt = 0;
  #unfinished = NOTHING;
  #unfinishedBytes = 0;
  #isSkipping = false;
  #line = 0;

  constructor(
    private readonly maxLineBytes: number,
    private readonly pieceBytes = PIECE_BYTES,
  ) {}

  /** Bytes of the chunk and of the unfinished line that are held still. */
  get heldBytes(): number {
    return (
      this.#chunk.length -
      this.#at +
      (this.#piece === undefined ? 0 : this.#piece.length - this.#pieceAt) +
      this.#unfinishedBytes
    );
  }

  /** Only when nothing of the chunk before is left to take. */
  push(chunk: Buffer): void {
    if (this.hasMore) throw new Error('the chunk before is not cut yet');
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** Whether `take` may still find something. */
  get hasMore(): boolean {
    return this.#piece !== undefined || this.#at < this.#chunk.length;
  }

  /** Calls back for the next lines of the chunk, at most so many. */
  take(most: number, onLine: OnLine): void {
    for (let left = most; left > 0 && this.hasMore; left--) this.#takeOne(onLine);
  }

  /** Calls back for a last line without a line end. */
  end(onLine: OnLine): void {
    if (this.#isWithinLine) this.#finish(onLine);
  }

  get #isWithinLine(): boolean {
    return this.#isSkipping || this.#unfinishedBytes > 0;
  }

  #takeOne(onLine: OnLine): void {
    if (this.#piece === undefined && !this.#decode(onLine)) return;
    const piece = this.#piece ?? '';
    const next = piece.indexOf('\n', this.#pieceAt);
    const end = next === -1 ? piece.length : next;
    const line = piece.slice(this.#pieceAt, end);
    this.#pieceAt = end + 1;
    if (next === -1) this.#piece = undefined;
    onLine(++this.#line, this.#isTooLong(line) ? undefined : line);
  }

  /** Decodes whole lines, if the next thing to do is that: else ends the unfinished line, or keeps what is one. */
  #decode(onLine: OnLine): boolean {
    const chunk = this.#chunk;
    const from = this.#at;
    if (this.#isWithinLine) {
      const end = chunk.indexOf(NEWLINE, from);
      this.#keep(chunk.subarray(from, end === -1 ? chunk.length : end));
      this.#goTo(end === -1 ? chunk.length : end + 1);
      if (end !== -1) this.#finish(onLine);
      return false;
    }
    const within = chunk.subarray(from, from + this.pieceBytes).lastIndexOf(NEWLINE);
    const end = within === -1 ? chunk.indexOf(NEWLINE, from) : from + within;
    if (end === -1) {
      this.#keep(chunk.subarray(from));
      this.#goTo(chunk.length);
      return false;
    }
    this.#piece = chunk.toString('utf8', from, end);
    this.#pieceAt = 0;
    this.#goTo(end + 1);
    return true;
  }

  #goTo(at: number): void {
    this.#at = at;
    if (at < this.#chunk.length) return;
    this.#chunk = NOTHING;
    this.#at = 0;
  }

  #keep(part: Buffer): void {
    if (this.#isSkipping || this.#unfinishedBytes + part.length > this.maxLineBytes) {
      this.#isSkipping = true;
      this.#unfinished = NOTHING;
      this.#unfinishedBytes = 0;
      return;
    }
    const needed = this.#unfinishedBytes + part.length;
    if (needed > this.#unfinished.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.maxLineBytes, Math.max(256, 2 * needed)));
      this.#unfinished.copy(larger, 0, 0, this.#unfinishedBytes);
      this.#unfinished = larger;
    }
    this.#unfinished.set(part, this.#unfinishedBytes);
    this.#unfinishedBytes = needed;
  }

  #finish(onLine: OnLine): void {
    const text = this.#isSkipping ? undefined : this.#unfinished.toString('utf8', 0, this.#unfinishedBytes);
    this.#isSkipping = false;
    this.#unfinishedBytes = 0;
    onLine(++this.#line, text);
  }

  /** A UTF-16 unit is three bytes at most, so hardly any line need be counted. */
  #isTooLong(line: string): boolean {
    const limit = this.maxLineBytes;
    return line.length * 3 > limit && Buffer.byteLength(line) > limit;
  }
}
