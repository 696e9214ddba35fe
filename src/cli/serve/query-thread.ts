/** The thread of the query store: follows the log, and answers questions about it. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { StoreFollower } from '../../../projections/store/follower.js';
import { QueryStore } from '../../../projections/store/query-store.js';
import { serveQueries } from '../../../projections/store/serve.js';
import { placeOf } from '../log-place/place.js';
import type { LogSettings } from '../log-place/settings.js';
import { DurableLog, DurableMark } from './durable-log.js';

export interface QueryThreadData {
  readonly settings: LogSettings;
  /** The database. */
  readonly file: string;
  /** Up to where the log is durable when the thread starts. */
  readonly durable: number;
  readonly queries: MessagePort;
}

/** To the thread: how far the log is durable, or that it is to end. */
export type ToQueryThread = { readonly durable: number } | { readonly end: true };
/** From the thread: why the store begins anew. */
export interface FromQueryThread {
  readonly rebuild: string;
}

/** Share of the time that may go into catching up under load: the exchange needs the processors more than the store does. */
const DUTY = 0.3;

async function run(port: MessagePort, { settings, file, durable, queries }: QueryThreadData): Promise<void> {
  const ending = new AbortController();
  const mark = new DurableMark(durable);
  port.on('message', (message: ToQueryThread) => {
    if ('end' in message) ending.abort();
    else mark.advance(message.durable);
  });
  mkdirSync(dirname(file), { recursive: true });
  const store = new QueryStore(file);
  const place = await placeOf(settings);
  try {
    const log = new DurableLog(await place.log(), mark);
    const onRebuild = (reason: string): void => port.postMessage({ rebuild: reason } satisfies FromQueryThread);
    const follower = new StoreFollower(store, log, { onRebuild, duty: DUTY });
    const endServing = serveQueries(queries, store, follower);
    await follower.run(ending.signal);
    endServing();
  } finally {
    store.close();
    await place.close();
    queries.close();
    port.close();
  }
}

if (parentPort !== null) await run(parentPort, workerData as QueryThreadData); // StoredQueries starts it with nothing else
