import { isUtf8 } from 'node:buffer';
import { FlowError, type FlowErrorCode } from '../flow-error.js';

/** The longest line that is accepted, its line end left out. */
export const MAX_LINE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts bytes into lines. It owns the beginning of the line whose end has not come yet, and how many lines there were.
 *
 * 1. It holds at most MAX_LINE_BYTES, however long the line: a longer one is refused as soon as it is known to be longer.
 * 2. Every line given out is valid UTF-8 without NUL, and without its LF or CR LF.
 */
export class LineSplitter {
  readonly #file: string;
  #held = Buffer.alloc(0);
  #heldBytes = 0;
  #lineNumber = 1;
  #contentSeen = false;

  /** A byte order mark is left out, unless it is to be `kept` for somebody to refuse. */
  constructor(
    file: string,
    private readonly mark: 'dropped' | 'kept' = 'dropped',
  ) {
    this.#file = file;
  }

  /** 1-based number of the next line to be given out. */
  get lineNumber(): number {
    return this.#lineNumber;
  }

  /** Takes the next bytes, fewer than MAX_LINE_BYTES of them; returns the lines that they complete, maybe none. */
  push(piece: Uint8Array): string[] {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const firstEnd = bytes.indexOf(NEWLINE);
    const lineBytes = this.#heldBytes + (firstEnd === -1 ? bytes.length : firstEnd);
    if (lineBytes > MAX_LINE_BYTES) {
      throw this.#error('FLOW_LINE_TOO_LONG', this.#lineNumber, `the line is longer than ${MAX_LINE_BYTES} bytes`);
    }
    if (firstEnd === -1) {
      this.#hold(bytes);
      return [];
    }
    const lastEnd = bytes.lastIndexOf(NEWLINE);
    const whole = bytes.subarray(0, lastEnd);
    const region = this.#heldBytes === 0 ? whole : Buffer.concat([this.#held.subarray(0, this.#heldBytes), whole]);
    this.#heldBytes = 0;
    this.#hold(bytes.subarray(lastEnd + 1));
    return this.#lines(region);
  }

  /** The end of the file: returns the last line where it has no line end. Throws where no line had content. */
  end(): string[] {
    const lines = this.#heldBytes === 0 ? [] : this.#lines(this.#held.subarray(0, this.#heldBytes));
    this.#heldBytes = 0;
    if (!this.#contentSeen) throw this.#error('FLOW_EMPTY', undefined, 'is empty');
    return lines;
  }

  #hold(bytes: Buffer): void {
    const neededBytes = this.#heldBytes + bytes.length;
    if (neededBytes > this.#held.length) {
      const grown = Buffer.alloc(Math.max(neededBytes, 2 * this.#held.length));
      this.#held.copy(grown, 0, 0, this.#heldBytes);
      this.#held = grown;
    }
    bytes.copy(this.#held, this.#heldBytes);
    this.#heldBytes = neededBytes;
  }

  #lines(region: Buffer): string[] {
    if (!isText(region)) throw this.#notText(region);
    let lines = region.toString('utf8').split('\n');
    if (region.includes(CARRIAGE_RETURN)) lines = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    // Editors on Windows put a byte order mark first.
    const isMarked = this.#lineNumber === 1 && lines[0]?.startsWith('\ufeff') === true;
    if (isMarked && this.mark === 'dropped') lines[0] = lines[0]?.slice(1) ?? '';
    this.#contentSeen ||= lines.some((line) => line.trim() !== '');
    this.#lineNumber += lines.length;
    return lines;
  }

  #notText(region: Buffer): FlowError {
    let lineNumber = this.#lineNumber;
    let start = 0;
    for (let end = region.indexOf(NEWLINE); end !== -1; end = region.indexOf(NEWLINE, start)) {
      if (!isText(region.subarray(start, end))) break;
      start = end + 1;
      lineNumber += 1;
    }
    const end = region.indexOf(NEWLINE, start);
    const hasNul = region.subarray(start, end === -1 ? undefined : end).includes(0);
    return this.#error('FLOW_NOT_TEXT', lineNumber, hasNul ? 'the line holds a NUL byte' : 'the line is not UTF-8');
  }

  #error(code: FlowErrorCode, lineNumber: number | undefined, problem: string): FlowError {
    return new FlowError(code, { file: this.#file, line: lineNumber }, problem);
  }
}

function isText(bytes: Buffer): boolean {
  return !bytes.includes(0) && isUtf8(bytes);
}
