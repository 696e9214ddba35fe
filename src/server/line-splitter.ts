const NEWLINE = 10;

/** `text` is undefined for a line that is too long. */
export type OnLine = (line: number, text: string | undefined) => void;

/**
 * Cuts a stream of bytes into lines.
 *
 * 1. Holds no more than one unfinished line, and of that no more than `maxLineBytes`: a longer one is told as too long, and its rest
 *    is skipped as it comes. What it holds is a copy, so no chunk outlives its turn.
 * 2. Lines are numbered from 1 as an editor numbers them, blank ones too.
 */
export class LineSplitter {
  readonly #unfinished: Buffer;
  #unfinishedBytes = 0;
  #isSkipping = false;
  #line = 0;

  constructor(maxLineBytes: number) {
    this.#unfinished = Buffer.allocUnsafe(maxLineBytes);
  }

  /** Calls back for every line that ends in this chunk. */
  push(chunk: Buffer, onLine: OnLine): void {
    const end = chunk.lastIndexOf(NEWLINE);
    let start = 0;
    if (end !== -1 && this.#isWithinLine) {
      start = chunk.indexOf(NEWLINE) + 1;
      this.#keep(chunk.subarray(0, start - 1));
      this.#finish(onLine);
    }
    if (start <= end) this.#cut(chunk.toString('utf8', start, end), onLine);
    this.#keep(chunk.subarray(end + 1));
  }

  /** Calls back for a last line without a line end. */
  end(onLine: OnLine): void {
    if (this.#isWithinLine) this.#finish(onLine);
  }

  get #isWithinLine(): boolean {
    return this.#isSkipping || this.#unfinishedBytes > 0;
  }

  #keep(part: Buffer): void {
    if (this.#isSkipping || this.#unfinishedBytes + part.length > this.#unfinished.length) {
      this.#isSkipping = true;
      return;
    }
    this.#unfinished.set(part, this.#unfinishedBytes);
    this.#unfinishedBytes += part.length;
  }

  #finish(onLine: OnLine): void {
    const text = this.#isSkipping ? undefined : this.#unfinished.toString('utf8', 0, this.#unfinishedBytes);
    this.#isSkipping = false;
    this.#unfinishedBytes = 0;
    onLine(++this.#line, text);
  }

  #cut(text: string, onLine: OnLine): void {
    let start = 0;
    while (start <= text.length) {
      const next = text.indexOf('\n', start);
      const end = next === -1 ? text.length : next;
      const line = text.slice(start, end);
      onLine(++this.#line, this.#isTooLong(line) ? undefined : line);
      start = end + 1;
    }
  }

  /** A UTF-16 unit is three bytes at most, so hardly any line need be counted. */
  #isTooLong(line: string): boolean {
    const limit = this.#unfinished.length;
    return line.length * 3 > limit && Buffer.byteLength(line) > limit;
  }
}
