/** A stream's records as they come, through as many subscriptions as it takes: the server drops them, and the client never renews one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { START } from '@eventstore/db-client';
import type { LogSink } from '../../src/log/log-sink.js';
import { asError, isTransient } from './failures.js';
import { damaged, recordOf, type StoredRecord } from './record.js';
import { ignore, type ShardStream } from './shard-stream.js';

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Every record from revision `from` on, each once, until aborted. A subscription that is dropped is followed by the next, behind the
 * record that was given last, for as long as it takes. Throws what no new attempt can change.
 */
export async function* followRecords(
  stream: ShardStream,
  from: number,
  signal: AbortSignal,
  log: LogSink | undefined,
): AsyncGenerator<StoredRecord, void, void> {
  let next = from;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    let reason = 'it ended';
    try {
      for await (const record of subscription(stream, next, signal)) {
        if (record.revision !== next) throw damaged(stream.name, next, `is missing, ${record.revision} comes next`);
        next++;
        pauseMs = FIRST_PAUSE_MS;
        yield record;
      }
    } catch (error) {
      if (isAborted(signal)) return;
      if (!isTransient(error)) throw stream.connection.named(error);
      reason = asError(error).message;
    }
    if (isAborted(signal)) return;
    log?.warn({ stream: stream.name, revision: next, reason, pauseMs }, 'a subscription was dropped and is renewed');
    await sleep(pauseMs, undefined, { signal }).catch(ignore);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

async function* subscription(
  { connection, name }: ShardStream,
  from: number,
  signal: AbortSignal,
): AsyncGenerator<StoredRecord, void, void> {
  const fromRevision = from === 0 ? START : BigInt(from - 1); // the one behind which it begins
  const records = connection.reading.subscribeToStream(name, { fromRevision });
  records.on('error', ignore); // also what comes when nobody iterates any more
  const stop = (): unknown => records.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const { event } of records) if (event !== undefined) yield recordOf(event);
  } finally {
    signal.removeEventListener('abort', stop);
    records.unsubscribe().catch(ignore);
  }
}

/** Aborting happens elsewhere, so no check of it tells anything about the next. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
