import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { FlowError, type Blame } from '../flow-error.js';

/** An open file, pipe or terminal that holds order flow. The reader destroys the stream when done. */
export interface ByteSource {
  /** The name by which errors call it. */
  readonly file: string;
  readonly stream: Readable;
  /** Undefined where the size is not known before the end: stdin, pipes. */
  readonly totalBytes: number | undefined;
}

/** Bytes that are read at once, at most: the size of every step from here to the lines. */
export const PIECE_BYTES = 64 * 1024;

/** Opens `path`; `-` is `stdin`. Throws a FlowError where it is missing, a directory, or not readable. */
export async function openBytes(path: string, stdin: Readable = process.stdin): Promise<ByteSource> {
  if (path === '-') return { file: 'stdin', stream: stdin, totalBytes: undefined };
  try {
    const handle = await open(path, 'r');
    const stat = await handle.stat();
    if (stat.isDirectory()) {
      await handle.close();
      throw new FlowError('FLOW_UNREADABLE', { file: path }, 'is a directory');
    }
    const stream = handle.createReadStream({ highWaterMark: PIECE_BYTES });
    return { file: path, stream, totalBytes: stat.isFile() ? stat.size : undefined };
  } catch (cause) {
    if (cause instanceof FlowError) throw cause;
    throw new FlowError('FLOW_UNREADABLE', { file: path }, whyUnreadable(cause), { cause });
  }
}

/** What a failed system call means, in words. */
export function whyUnreadable(cause: unknown): string {
  if (!(cause instanceof Error)) return 'cannot be read';
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'EISDIR') return 'is a directory';
  return `cannot be read: ${cause.message}`;
}

/** The same bytes, decompressed where the first two of them are gzip's, whatever the file is called. */
export async function* ungzipped(bytes: AsyncIterable<Uint8Array>, blame: Blame): AsyncGenerator<Uint8Array> {
  const rest = bytes[Symbol.asyncIterator]();
  let head = new Uint8Array(0);
  while (head.length < 2) {
    const next = await rest.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = joined(head, rest);
  if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(whole, blame);
  else yield* whole;
}

async function* joined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* gunzipped(bytes: AsyncIterable<Uint8Array>, blame: Blame): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: PIECE_BYTES });
  let fedBytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      fedBytes += chunk.length;
      yield chunk;
    }
  }
  // Its failure surfaces where `gunzip` is read.
  pipeline(counted, gunzip).catch(() => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Uint8Array; // A gunzip without an encoding yields buffers.
  } catch (cause) {
    if (cause instanceof FlowError) throw cause;
    const why = cause instanceof Error ? cause.message : 'unknown';
    throw blame('FLOW_DAMAGED_GZIP', `the compressed data are damaged or cut short (${why})`, cause);
  } finally {
    gunzip.destroy();
  }
  // zlib stops without a word where a zero byte follows: what comes after it would be lost.
  const strayBytes = fedBytes - gunzip.bytesWritten;
  if (strayBytes > 0) throw blame('FLOW_DAMAGED_GZIP', 'something else follows the compressed data');
}
