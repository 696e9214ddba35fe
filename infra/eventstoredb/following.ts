/**
 * A stream's records as they come, through as many subscriptions as it takes: the server drops them, and the client never renews one.
 *
 * A subscription sees nothing of what is done to records that it is past. So each is watched over: that the stream is whole and still
 * holds the last record that is known, and from then on by a second subscription, to the stream's metadata.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { metastreamOf, type RecordedEvent, START } from '@eventstore/db-client';
import type { Logger } from '../../src/resilience/logger.js';
import { LogLostError, LogUnreachableError } from '../../src/log/port.js';
import { isAborted } from '../../src/log/aborted.js';
import { asError } from '../../src/log/message-of.js';
import { Backoff } from '../../src/resilience/backoff.js';
import type { Connection } from './connection.js';
import { isTransient } from './failures.js';
import { damaged, recordOf, type StoredRecord } from './record.js';
import { hidden, metadataOf, TOMBSTONE, tombstoned } from './removal.js';
import { ignore, type ShardStream } from './shard-stream.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2_000;

export interface Following {
  readonly stream: ShardStream;
  /** The first revision that is wanted. */
  readonly from: number;
  /** The stream's last record when it was looked at. */
  readonly last: StoredRecord | undefined;
  readonly signal: AbortSignal;
  readonly log: Logger | undefined;
}

/**
 * Every record from revision `from` on, each once, until aborted. A
 * subscription that is dropped is followed by the next, behind the record that was given last, for as long as it takes. Throws what no
 * new attempt can change.
 */
export async function* followRecords(following: Following): AsyncGenerator<StoredRecord, void, void> {
  const { stream, signal, log } = following;
  let { from: next, last: known } = following;
  const backoff = new Backoff({ firstMs: FIRST_PAUSE_MS, lastMs: LONGEST_PAUSE_MS });
  while (!signal.aborted) {
    let reason = 'it ended';
    try {
      for await (const record of watched(stream, next, known, signal)) {
        if (record.revision !== next) throw damaged(stream.name, next, `is missing, ${record.revision} comes next`);
        next++;
        if (known === undefined || known.revision < record.revision) known = record;
        backoff.reset();
        yield record;
      }
    } catch (error) {
      if (isAborted(signal)) return;
      if (!isTransient(error) && !(error instanceof LogUnreachableError)) throw stream.named(error);
      reason = asError(error).message;
    }
    if (isAborted(signal)) return;
    const pauseMs = Math.round(backoff.failed());
    log?.warn({ stream: stream.name, revision: next, reason, pauseMs }, 'a subscription was dropped and is renewed');
    await sleep(pauseMs, undefined, { signal }).catch(ignore);
  }
}

/** One subscription. Throws what the watch over it finds. */
async function* watched(
  stream: ShardStream,
  from: number,
  known: StoredRecord | undefined,
  signal: AbortSignal,
): AsyncGenerator<StoredRecord, void, void> {
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  let found: Error | undefined;
  const stopped = (error?: unknown): void => {
    if (error !== undefined && !until.aborted) found = asError(error);
    ending.abort();
  };
  watch(stream, known, until).then(() => stopped(), stopped);
  try {
    for await (const event of subscription(stream.connection, stream.name, from, until)) {
      if (event.type === TOMBSTONE) throw tombstoned(stream.name);
      yield recordOf(event);
    }
  } catch (error) {
    throw found ?? error;
  } finally {
    ending.abort();
  }
}

/** Rejects as soon as something of the stream is hidden or gone, `known` among it, or when that cannot be told. */
async function watch(stream: ShardStream, known: StoredRecord | undefined, signal: AbortSignal): Promise<void> {
  const { first, metadata } = await stream.look();
  if (known !== undefined && (await stream.find(known.revision))?.id !== known.id) {
    throw new LogLostError(`${stream.name}: what stood at revision ${known.revision} is gone: it is another stream`);
  }
  const next = metadata.revision === undefined ? 0 : metadata.revision + 1;
  for await (const event of subscription(stream.connection, metastreamOf(stream.name), next, signal)) {
    const changed = metadataOf(event);
    if (changed.hides !== '') throw hidden(stream.name, first, changed);
  }
}

async function* subscription(
  { clients: { reading } }: Connection,
  name: string,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<RecordedEvent, void, void> {
  if (signal.aborted) return;
  const fromRevision = from === 0 ? START : BigInt(from - 1); // the one behind which it begins
  const events = reading.subscribeToStream(name, { fromRevision });
  events.on('error', ignore); // also what comes when nobody iterates any more
  const stop = (): unknown => events.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const { event } of events) if (event !== undefined) yield event;
  } finally {
    signal.removeEventListener('abort', stop);
    events.unsubscribe().catch(ignore);
  }
}
