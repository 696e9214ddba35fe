import type { Readable } from 'node:stream';
import { openBytes, PIECE_BYTES, ungzipped, whyUnreadable, type ByteSource } from './bytes.js';
import { FlowError, type Blame } from '../flow-error.js';
import { LineSplitter } from './line-splitter.js';

/** Some lines of a file, in order and without gaps: at most 64 KiB of them and the line before. */
export interface LineChunk {
  readonly file: string;
  /** 1-based number of `lines[0]`. */
  readonly firstLineNumber: number;
  /** Without their line ends (LF or CR LF). */
  readonly lines: readonly string[];
  /** Bytes of the file, as it lies on disk, read so far: compressed ones where it is compressed. */
  readonly bytesRead: number;
  /** What `bytesRead` will be at the end; undefined for stdin and pipes. */
  readonly totalBytes: number | undefined;
}

export interface ReadOptions {
  /** What `-` reads; the process's own standard input unless said otherwise. */
  readonly stdin?: Readable;
  /** How a byte order mark is treated; `dropped` unless said otherwise. */
  readonly mark?: 'dropped' | 'kept';
}

/**
 * Reads the lines of `path` (`-`: stdin), decompressing gzip, in bounded memory. Throws a FlowError for what is missing,
 * unreadable, empty, damaged, not text, or has a line that is too long; what came before it has been yielded already.
 */
export async function* readLines(path: string, options: ReadOptions = {}): AsyncGenerator<LineChunk, void> {
  yield* linesOf(await openBytes(path, options.stdin), options.mark);
}

/** The same for bytes that are open already. Destroys the stream, however it ends. */
export async function* linesOf(source: ByteSource, mark?: ReadOptions['mark']): AsyncGenerator<LineChunk, void> {
  const { file, stream, totalBytes } = source;
  const splitter = new LineSplitter(file, mark);
  const blame: Blame = (code, problem, cause) =>
    new FlowError(code, { file, line: splitter.lineNumber }, problem, { cause });
  const meter = { bytesRead: 0 };
  const chunk = (lines: readonly string[]): LineChunk => {
    return { file, firstLineNumber: splitter.lineNumber - lines.length, lines, bytesRead: meter.bytesRead, totalBytes };
  };
  try {
    for await (const bytes of ungzipped(metered(stream, meter, blame), blame)) {
      for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
        const lines = splitter.push(bytes.subarray(start, start + PIECE_BYTES));
        if (lines.length > 0) yield chunk(lines);
      }
    }
    const lastLines = splitter.end();
    if (lastLines.length > 0) yield chunk(lastLines);
  } finally {
    stream.destroy();
  }
}

async function* metered(stream: Readable, meter: { bytesRead: number }, blame: Blame): AsyncGenerator<Uint8Array> {
  try {
    // A stream of bytes yields buffers, or strings where it was given an encoding.
    for await (const chunk of stream as AsyncIterable<Uint8Array | string>) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      meter.bytesRead += bytes.length;
      yield bytes;
    }
  } catch (cause) {
    throw blame('FLOW_UNREADABLE', whyUnreadable(cause), cause);
  }
}
