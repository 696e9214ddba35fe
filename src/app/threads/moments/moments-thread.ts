/** The thread of past moments: keeps models of all shards that the process reads, and answers looks at any moment of them. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { ModelCheckpoints, modelFolder } from '../../../../projections/model/checkpoints.js';
import { ModelKeeper } from '../../../../projections/model/model-keeper.js';
import { LookDesk } from '../../../../projections/moments/look-desk.js';
import type { LookQuestion } from '../../../../projections/moments/look.js';
import { Moments } from '../../../../projections/moments/moments.js';
import { servePort } from '../../../../projections/port-client.js';
import { Throttle } from '../../../../projections/store/throttle.js';
import { targetOf } from '../../logs/targets.js';
import { DurableLog, HighWatermark } from '../durable-log.js';
import { giveWay } from '../give-way.js';
import type { ThreadShard } from '../query-thread.js';

export interface MomentsThreadData {
  readonly shards: readonly ThreadShard[];
  /** Where the looks come from. */
  readonly looks: MessagePort;
}

/** To the thread: how far a log is durable, or that it is to end. */
export type ToMomentsThread = { readonly shard: number; readonly durable: number } | { readonly end: true };

/** From the thread: that it begins, or what keeps a shard’s models from being made. */
export type FromMomentsThread = { readonly begun: true } | { readonly shard: number; readonly trouble: string };

/** Share of the time that may go into making models: the exchange needs the processors more. */
const DUTY = 0.3;

type Mark = HighWatermark | undefined;

async function run(port: MessagePort, { shards, looks }: MomentsThreadData): Promise<void> {
  giveWay();
  const ending = new AbortController();
  const marks = new Map<number, Mark>();
  const pace = new Throttle(DUTY);
  const tell = (message: FromMomentsThread): void => port.postMessage(message);
  const kept = await Promise.all(shards.map((shard) => keep(shard, marks, pace, tell)));
  port.on('message', (message: ToMomentsThread) => {
    if ('end' in message) ending.abort();
    else marks.get(message.shard)?.advance(message.durable);
  });
  const desk = new LookDesk(new Map(kept.map(({ shard, moments }) => [shard, moments])));
  const endAnswering = servePort(looks, (asked) => {
    const question = asked as LookQuestion; // ThreadedLooks asks nothing else
    // What a look asks for is durable, and may be so before this thread is told of it.
    for (const [shard, head] of question.heads) marks.get(shard)?.advance(head);
    return desk.look(question);
  });
  tell({ begun: true });
  try {
    await Promise.all(kept.map(({ keeper }) => keeper.run(ending.signal)));
  } finally {
    endAnswering();
    await Promise.all(kept.map((each) => each.close()));
    looks.close();
    port.close();
  }
}

interface Kept {
  readonly shard: number;
  readonly moments: Moments;
  readonly keeper: ModelKeeper;
  close(): Promise<void>;
}

async function keep(
  { log: settings, file, durable }: ThreadShard,
  marks: Map<number, Mark>,
  pace: Throttle,
  tell: (message: FromMomentsThread) => void,
): Promise<Kept> {
  const { shard } = settings;
  const target = await targetOf(settings);
  const read = await target.log();
  const mark = durable === undefined ? undefined : new HighWatermark(durable);
  marks.set(shard, mark);
  const log = mark === undefined ? read : new DurableLog(read, mark);
  const onTrouble = (trouble: string): void => tell({ shard, trouble });
  const checkpoints = new ModelCheckpoints(modelFolder(file), {
    removesUnusable: true,
    onUnusable: (name, why) => onTrouble(`${name} was removed: ${why}`),
  });
  return {
    shard,
    moments: new Moments(log, checkpoints),
    keeper: new ModelKeeper(log, checkpoints, { pace, onTrouble }),
    close: () => target.close(),
  };
}

if (parentPort !== null) await run(parentPort, workerData as MomentsThreadData); // ThreadedLooks starts it with nothing else
