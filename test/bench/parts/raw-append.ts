import fs from 'node:fs';
import { join } from 'node:path';
import type { ShardLog } from '../../../src/log/port.js';

const SEGMENT_BYTES = 256 * 1024 * 1024;
const FRAME_HEADER_BYTES = 32;

/** The frames that a log holds from a position on, up to so many bytes: a header’s worth of zeros and the batch’s bytes. */
export async function collectFrames(log: ShardLog, from: number, mostBytes: number): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  let bytes = 0;
  for await (const batch of log.read(from)) {
    const frame = new Uint8Array(FRAME_HEADER_BYTES + batch.bytes.length);
    frame.set(batch.bytes, FRAME_HEADER_BYTES);
    frames.push(frame);
    bytes += frame.length;
    if (bytes >= mostBytes) break;
  }
  return frames;
}

/**
 * The limit that a log cannot pass: the same frames, one after the other, each written at the end of a file and synced before the next,
 * on libuv’s threads as the embedded log does it; and nothing else. Resolves to bytes a second.
 */
export function appendRaw(folder: string, frames: readonly Uint8Array[], seconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const paths: string[] = [];
    let fd = -1;
    let at = SEGMENT_BYTES;
    let next = 0;
    let bytes = 0;
    const from = performance.now();
    const finish = (error: Error | null): void => {
      const elapsedMs = performance.now() - from;
      if (fd >= 0) fs.closeSync(fd);
      for (const path of paths) fs.rmSync(path, { force: true });
      if (error === null) resolve((1_000 * bytes) / elapsedMs);
      else reject(error);
    };
    const append = (): void => {
      const frame = frames[next++ % frames.length] as Uint8Array; // there is at least one
      if (at + frame.length > SEGMENT_BYTES) {
        if (fd >= 0) fs.closeSync(fd);
        const path = join(folder, `raw-${paths.length}`);
        paths.push(path);
        fd = fs.openSync(path, 'w');
        at = 0;
      }
      fs.write(fd, frame, 0, frame.length, at, (failed, written) => {
        if (failed !== null || written < frame.length) finish(failed ?? new Error('a short write'));
        else fs.fdatasync(fd, synced);
      });
      at += frame.length;
      bytes += frame.length;
    };
    const synced = (error: Error | null): void => {
      if (error !== null || performance.now() - from >= 1_000 * seconds) finish(error);
      else append();
    };
    append();
  });
}
