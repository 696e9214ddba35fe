/** The thread of the query stores: follows the logs of all shards that the process reads, and answers questions about them. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { QueryDesk } from '../../../projections/store/desk/desk.js';
import { Throttle } from '../../../projections/store/throttle.js';
import { serveQueries } from '../../../projections/store/desk/serve.js';
import type { LogSettings } from '../logs/settings.js';
import { HighWatermark } from './durable-log.js';
import { giveWay } from './give-way.js';
import type { FromQueryThread, ToQueryThread } from './query-messages.js';
import { superviseStore } from './store-supervision.js';

export interface ThreadShard {
  readonly log: LogSettings;
  /** The database. */
  readonly file: string;
  /** Up to where the log is durable when the thread starts; undefined where the log itself shows only what is. */
  readonly durable: number | undefined;
}

export interface QueryThreadData {
  readonly shards: readonly ThreadShard[];
  /** Where the questions come from. */
  readonly questions: MessagePort;
}

/** Share of the time that may go into catching up while nobody reads: the exchange needs the processors more than the stores do. */
const DUTY = 0.3;

async function run(port: MessagePort, { shards, questions }: QueryThreadData): Promise<void> {
  giveWay();
  const ending = new AbortController();
  const marks = new Map<number, HighWatermark>();
  for (const { log, durable } of shards) if (durable !== undefined) marks.set(log.shard, new HighWatermark(durable));
  port.on('message', (message: ToQueryThread) => {
    if ('end' in message) ending.abort();
    else marks.get(message.shard)?.advance(message.durable);
  });
  const tell = (message: FromQueryThread): void => port.postMessage(message);
  const pace = new Throttle(DUTY);
  const desk = new QueryDesk(shards.map(({ log }) => log.shard));
  const endAnswering = serveQueries(questions, desk);
  try {
    await Promise.all(
      shards.map((shard) =>
        superviseStore({ ...shard, mark: marks.get(shard.log.shard), desk, pace, tell }, ending.signal),
      ),
    );
  } finally {
    endAnswering();
    questions.close();
    port.close();
  }
}

if (parentPort !== null) await run(parentPort, workerData as QueryThreadData); // StoredQueries starts it with nothing else
