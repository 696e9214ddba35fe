/** A thread with one shard of a process: writes its log, and posts to it as fast as it takes that, as often as it is told to. */
import { parentPort, workerData } from 'node:worker_threads';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { ShardTaker } from '../flow/shard-taker.js';
import { Producer } from '../parts/producer.js';

const COUNT_STEPS = 10_000;

export interface LaneData {
  readonly folder: string;
  readonly shard: number;
}

/** To the lane: post for so long, do nothing but count for so long, or end. */
export type ToLane = { readonly seconds: number } | { readonly countSeconds: number } | { readonly end: true };

/** What has become durable, and in how long. */
export interface LaneStretch {
  readonly intentions: number;
  readonly seconds: number;
}

const port = parentPort;
if (port !== null) {
  const { folder, shard } = workerData as LaneData; // the part starts it with nothing else
  const taker = await ShardTaker.open(new EmbeddedLog({ folder, shard }));
  const producer = new Producer(new FlowPlayer(makeFlow()), taker);
  const obey = async (told: ToLane): Promise<void> => {
    if ('seconds' in told) {
      const { intentions, seconds } = await producer.run(told.seconds);
      const stretch: LaneStretch = { intentions, seconds };
      port.postMessage(stretch);
      return;
    }
    if ('countSeconds' in told) {
      port.postMessage(count(told.countSeconds));
      return;
    }
    await producer.finish();
    await taker.shard.close();
    port.close();
  };
  port.on('message', (told: ToLane) => void obey(told));
}

/** How far one comes in that time. */
function count(seconds: number): number {
  const untilMs = performance.now() + 1_000 * seconds;
  let counted = 0;
  for (let state = 1; performance.now() < untilMs; counted++) {
    for (let step = 0; step < COUNT_STEPS; step++) state = Math.imul(state, 1_103_515_245) + step;
  }
  return counted;
}
