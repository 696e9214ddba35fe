import { sha256 } from '@noble/hashes/sha2';
import { gzipSync } from 'node:zlib';
import { eventLines } from '../../../../../src/cli/reports/event-lines.js';
import type { EventBatch } from '../../../../../src/events/fold.js';
import type { MakeSha256 } from '../../../../../src/log/sha256.js';
import { KeptModels } from '../../../../../src/web/workers/log-file/kept-models.js';
import { LogFile } from '../../../../../src/web/workers/log-file/log-file.js';
import { inBatchesOf } from '../../../../support/orderflow/recorded-day.js';

/** What the browser hashes with. */
export const browserSha256: MakeSha256 = () => sha256.create();

/** The lines that `parley log export` writes of these batches. */
export function linesOf(batches: readonly EventBatch[], shard = 0): string[] {
  return batches.flatMap((batch) => [...eventLines(batch, shard)].map((line) => JSON.stringify(line)));
}

/** The file of these lines, each with its line end. */
export function fileOf(lines: readonly string[]): Blob {
  return new Blob([lines.map((line) => `${line}\n`).join('')]);
}

export function zipped(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(text));
}

/** As a browser opens it, but for models that are so close that each look begins at another one. */
export function openFile(file: Blob, everyEvents = 40): Promise<LogFile> {
  return LogFile.open(file, { sha256: browserSha256, models: new KeptModels(everyEvents) });
}

/** The events before a position, each in a batch of its own. */
export function upTo(batches: readonly EventBatch[], position: number): EventBatch[] {
  const before = [...inBatchesOf(batches, () => 1)].filter(({ firstPosition }) => firstPosition < position);
  return before;
}
