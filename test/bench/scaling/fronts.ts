import { join } from 'node:path';
import { divide } from '../../../src/app/logs/shard-folders.js';
import { targetOf } from '../../../src/app/logs/targets.js';
import type { ShardWriters } from '../../../src/app/serving/shard-writers.js';
import { WrittenShard } from '../../../src/app/serving/written-shard.js';
import { ThreadedShards } from '../../../src/app/threads/shards/threaded-shards.js';
import { shardOfSymbol } from '../../../src/cluster/shard-of.js';
import type { PostIntention } from '../../../src/exchange/commands.js';
import type { ExchangePort } from '../../../src/exchange/port.js';
import { silentLogger } from '../../../src/resilience/logger.js';
import { say, thousands } from '../part.js';
import { compared, type Pace, paceOf } from './pace.js';

const SHARDS = 2;
const CHUNK_POSTS = 256;
const CHUNKS_AT_ONCE = 8;

/** One that lives in each shard, by number. */
const symbols = Array.from({ length: SHARDS }, (_, shard) => {
  for (let number = 0; ; number++) if (shardOfSymbol(`S${number}`, SHARDS) === shard) return `S${number}`;
});

const news = { onDurable: () => undefined, onFinal: () => undefined };
const console = { progress: () => ({ update: () => undefined, stop: () => undefined }) };
const settings = {
  ...{ takeOver: false, losses: new Map<number, number>(), maxClockAheadMs: 3_600_000, anchor: undefined },
  ...{ snapshotEvery: 0, demo: false, logger: silentLogger },
};

/**
 * What a server makes of posts in its process, without HTTP: one shard in the thread that is asked, to two behind it, each in a thread of
 * its own. One producer, the same posts: pairs that deal, in an instrument of each shard by turns.
 */
export async function compareFronts(folder: string, rounds: number, seconds: number): Promise<object> {
  const fronts = [await frontOfOne(join(folder, 'one')), await frontOfTwo(join(folder, 'two'))];
  const one: Pace[] = [];
  const two: Pace[] = [];
  let posted = 0;
  for (const { exchange } of fronts) {
    for (const symbol of symbols) await exchange.list({ symbol, tickSize: '1', lotSize: '1' });
    await rateOf(exchange, seconds / 2, () => posted++);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [at, { exchange }] of fronts.entries()) {
      (at === 0 ? one : two).push(await rateOf(exchange, seconds, () => posted++));
    }
    say(`front: of one ${thousands(one.at(-1)?.perSecond ?? 0)}, of two ${thousands(two.at(-1)?.perSecond ?? 0)}`);
  }
  for (const front of fronts) {
    await front.exchange.close();
    await front.end();
  }
  return compared(one, two);
}

async function frontOfOne(data: string): Promise<ShardWriters> {
  const target = await targetOf({ kind: 'embedded', data, shard: 0 });
  const shard = new WrittenShard({ console, target, news }, settings);
  await shard.open();
  return shard;
}

async function frontOfTwo(data: string): Promise<ShardWriters> {
  await divide(data, SHARDS);
  const places = Array.from({ length: SHARDS }, (_, shard) => ({ kind: 'embedded', data, shard }) as const);
  const shards = new ThreadedShards(places, { ...settings, console, news });
  await shards.open();
  return shards;
}

/** Of answers, which are durable. */
function rateOf(exchange: ExchangePort, seconds: number, next: () => number): Promise<Pace> {
  const fromMs = performance.now();
  const untilMs = fromMs + 1_000 * seconds;
  let intentions = 0;
  const producer = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const answers = await exchange.postAll(Array.from({ length: CHUNK_POSTS }, () => post(next())));
      const refused = answers.find(({ ok }) => !ok);
      if (refused !== undefined) throw new Error(`refused: ${JSON.stringify(refused)}`);
      intentions += answers.length;
    }
  };
  return paceOf(async () => {
    await Promise.all(Array.from({ length: CHUNKS_AT_ONCE }, producer));
    return { perSecond: (1_000 * intentions) / (performance.now() - fromMs), intentions };
  });
}

function post(number: number): PostIntention {
  const instrument = symbols[number % SHARDS] ?? '';
  const side = number % (2 * SHARDS) < SHARDS ? 'sell' : 'buy';
  const clientIntentionId = `front-${number}`;
  return { clientIntentionId, participant: side, instrument, side, price: '100', quantity: '5' };
}
