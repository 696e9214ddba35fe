/** The lines of a file, compressed or not. */
import { LogFileError } from './file-error.js';

/** Some lines of a file, in order and without gaps. */
export interface LineChunk {
  readonly lines: readonly string[];
  /** Number of the first one, counted from 1. */
  readonly firstLine: number;
  /** Bytes of the file as it lies there, read so far. */
  readonly bytesRead: number;
  /** The last of them has no line end: the file may have been cut within it. */
  readonly isCut: boolean;
}

/** In UTF-16 units. The longest event that there can be is far below. */
const LONGEST_LINE = 1 << 20;
const GZIP = [0x1f, 0x8b];
/** So much is read at once. */
const PIECE_BYTES = 1 << 20;

/**
 * Reads a file from its beginning to its end, in bounded memory. Throws LogFileError for what cannot be read, is damaged, is no UTF-8 or has
 * a line that is too long, and the signal's reason once it aborts; what came before has been yielded.
 */
export async function* linesOf(file: Blob, signal?: AbortSignal): AsyncGenerator<LineChunk, void, void> {
  const head = new Uint8Array(await read(file.slice(0, GZIP.length)));
  const isZipped = GZIP.every((byte, at) => head[at] === byte);
  const meter = { bytesRead: 0 };
  const reader = bytesOf(file, isZipped, meter).getReader();
  const splitter = new Splitter();
  try {
    for (;;) {
      signal?.throwIfAborted();
      const piece = await nextPiece(reader, isZipped, splitter.line);
      const firstLine = splitter.line;
      const lines = piece === undefined ? splitter.end() : splitter.push(piece);
      const isCut = piece === undefined;
      if (lines.length > 0) yield { lines, firstLine, bytesRead: meter.bytesRead, isCut };
      if (piece === undefined) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function read(file: Blob): Promise<ArrayBuffer> {
  try {
    return await file.arrayBuffer();
  } catch (cause) {
    throw new LogFileError('FILE_UNREADABLE', 'the file cannot be read', undefined, { cause });
  }
}

function bytesOf(file: Blob, isZipped: boolean, meter: { bytesRead: number }): ReadableStream<Uint8Array> {
  const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const from = meter.bytesRead;
      if (from >= file.size) {
        controller.close();
        return;
      }
      const piece = new Uint8Array(await file.slice(from, from + PIECE_BYTES).arrayBuffer());
      if (piece.length === 0) throw new Error('the file is shorter than it was');
      meter.bytesRead += piece.length;
      controller.enqueue(piece);
    },
  });
  return isZipped ? pieces.pipeThrough(new DecompressionStream('gzip')) : pieces;
}

async function nextPiece(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  isZipped: boolean,
  line: number,
): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch (cause) {
    if (!isZipped) throw new LogFileError('FILE_UNREADABLE', 'the file cannot be read any further', line, { cause });
    const what = 'what is compressed is damaged from here on, or was cut short';
    throw new LogFileError('GZIP_DAMAGED', what, line, { cause });
  }
}

/** Makes lines of pieces of UTF-8. */
class Splitter {
  /** Of the next line that is whole. */
  line = 1;
  private rest = '';
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  push(piece: Uint8Array): readonly string[] {
    const lines = (this.rest + this.decoded(piece)).split('\n');
    this.rest = lines.pop() ?? '';
    for (const [index, { length }] of lines.entries()) this.mustBeShort(length, this.line + index);
    this.line += lines.length;
    this.mustBeShort(this.rest.length, this.line);
    return lines;
  }

  /** What follows the last line end. */
  end(): readonly string[] {
    const last = this.rest + this.decoded();
    return last === '' ? [] : [last];
  }

  private decoded(piece?: Uint8Array): string {
    try {
      return piece === undefined ? this.decoder.decode() : this.decoder.decode(piece, { stream: true });
    } catch (cause) {
      throw new LogFileError('NOT_TEXT', 'here or soon after, it is not UTF-8', this.line, { cause });
    }
  }

  private mustBeShort(length: number, line: number): void {
    if (length > LONGEST_LINE) throw new LogFileError('LINE_TOO_LONG', 'the line is longer than any event', line);
  }
}
