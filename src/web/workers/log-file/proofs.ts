/** What proves a file: the digest of the state that its events come to, and the audit. */
import { auditBatches, type LogAudit } from '../../../../projections/audit/audit-batches.js';
import { toHex } from '../../../events/bytes.js';
import { type EventBatch, foldBatch } from '../../../events/fold.js';
import { countsOf, type MarketCounts } from '../../../exchange/recovery/market-counts.js';
import { digestMarket } from '../../../exchange/recovery/market-digest.js';
import { emptyState, MarketFold } from '../../../exchange/recovery/market-fold.js';
import { anchorText } from '../../../log/anchor.js';
import { messageOf } from '../../../log/message-of.js';
import type { MakeSha256 } from '../../../log/sha256.js';
import type { Asked } from '../../source/source.js';
import { LogFileError } from './file-error.js';
import type { LogFile } from './log-file.js';

/** How far something has come, and what it is told that it is to stop. */
export interface Running {
  /** Receives the position up to which it has come. */
  readonly onProgress?: ((position: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a replay comes to, as `parley replay --json` says it. */
export interface Replayed extends MarketCounts {
  /** Position before which all events are in the state. */
  readonly head: number;
  readonly stateDigest: string;
  /** Of the last batch that ends before the head. */
  readonly batchDigest: string;
}

/** An audit of one shard's log, with what to keep elsewhere of it. */
export interface Audited extends LogAudit {
  readonly shard: number;
  /** Absent where there is no event, or the log cannot be read to its end. */
  readonly anchor?: string;
}

/** The clients’ ids are looked up by a hash of their own, which the digest is not about. */
const SEED = 1;

/** Replays a file up to a moment. Throws LogFileError where no exchange can have made the events, and the signal's reason. */
export async function replayFile(
  file: LogFile,
  { signal, ...moment }: Asked,
  onProgress?: Running['onProgress'],
): Promise<Replayed> {
  const until = await file.positionOf(moment);
  const state = emptyState(SEED);
  const { market } = state;
  market.shard = file.told.shard;
  const fold = new MarketFold(state);
  let head = 0;
  if (until > 0) {
    for await (const batch of file.log.read(0)) {
      signal?.throwIfAborted();
      head += replayed(batch, fold, until);
      onProgress?.(head);
      if (head >= until) break;
    }
  }
  market.shard = file.told.shard;
  return {
    head,
    ...countsOf(market),
    stateDigest: digestMarket(market, file.sha256()),
    batchDigest: toHex(state.digest),
  };
}

function replayed(batch: EventBatch, fold: MarketFold, until: number): number {
  try {
    return foldBatch(batch, fold, 0, until);
  } catch (cause) {
    const what = `no exchange can have made the events: ${messageOf(cause)}`;
    throw new LogFileError('HISTORY_BROKEN', what, undefined, { cause });
  }
}

/** Audits a file. Throws the signal's reason. */
export function auditFile(file: LogFile, running: Running): Promise<Audited> {
  const { log, told, sha256 } = file;
  return auditOf(told.shard, log.read(0), { ...running, sha256 });
}

/** Audits the batches of a log as they come, from the first on. */
export async function auditOf(
  shard: number,
  batches: AsyncIterable<EventBatch>,
  { onProgress, signal, sha256 }: Running & { readonly sha256: MakeSha256 },
): Promise<Audited> {
  async function* stoppable(): AsyncGenerator<EventBatch, void, void> {
    for await (const batch of batches) {
      signal?.throwIfAborted();
      yield batch;
    }
  }
  const report = await auditBatches({ read: stoppable }, sha256, { onProgress });
  const isWhole = report.eventCount > 0 && !report.isDamaged;
  const anchor = anchorText({ shard, position: report.eventCount, digest: report.digest });
  return { ...report, shard, ...(isWhole && { anchor }) };
}
