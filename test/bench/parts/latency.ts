import { join } from 'node:path';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { type Part, say, thousands } from '../part.js';
import { Producer } from './producer.js';
import { flushed, ShardTaker } from '../flow/shard-taker.js';
import { Durations, rounded } from '../statistics.js';

const MOST_AT_ONCE = 512;
const rates = [20_000, 100_000] as const;

interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/**
 * From the moment at which an intention was to arrive to its durable answer. Arrivals are spread evenly and do not wait for answers, so
 * any delay, the producer's own included, makes the figures worse. The producer looks for what is due in every round of the event loop.
 */
export const latency: Part = async ({ seconds, quick, folder }) => {
  const block = makeFlow();
  const time = quick ? 1 : Math.min(10, seconds);
  const result: Record<string, Record<string, Latency>> = {};
  for (const sync of ['overlapped', 'inline'] as const) {
    const taker = await ShardTaker.open(new EmbeddedLog({ folder: join(folder, sync), sync }));
    const player = new FlowPlayer(block);
    await new Producer(player, taker).run(quick ? 0.3 : 2);
    const ofRate: Record<string, Latency> = {};
    for (const rate of rates) {
      await arrive(player, taker, rate, time / 10);
      ofRate[`at${rate}`] = await arrive(player, taker, rate, time);
      say(`latency, ${sync}, ${thousands(rate)} a second: ${JSON.stringify(ofRate[`at${rate}`])} ms`);
    }
    result[sync] = ofRate;
    await taker.shard.close();
  }
  return { default: 'overlapped', ...result };
};

export async function arrive(player: FlowPlayer, taker: ShardTaker, rate: number, seconds: number): Promise<Latency> {
  const { shard } = taker;
  const total = Math.round(rate * seconds);
  const everyMs = 1_000 / rate;
  const durations = new Durations();
  const startMs = performance.now();
  await new Promise<void>((resolve) => {
    let sent = 0;
    const round = (): void => {
      const due = Math.min(total, Math.floor((performance.now() - startMs) / everyMs) + 1);
      const count = shard.isCongested ? 0 : Math.min(due - sent, MOST_AT_ONCE);
      if (count > 0) {
        const first = sent;
        sent += count;
        taker.beginChunk();
        player.play(count, taker);
        shard.whenDurable(() => {
          const nowMs = performance.now() - startMs;
          for (let index = first; index < first + count; index++) durations.add(nowMs - index * everyMs);
        });
      }
      if (sent < total) setImmediate(round);
      else resolve();
    };
    round();
  });
  await flushed(shard);
  if (durations.count !== total) throw new Error(`${durations.count} answers for ${total} intentions`);
  const [p50 = NaN, p99 = NaN, p999 = NaN] = durations
    .percentiles([0.5, 0.99, 0.999])
    .map((value) => rounded(value, 3));
  return { p50, p99, p999 };
}
