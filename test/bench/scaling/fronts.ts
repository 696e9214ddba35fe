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
import { median, rounded } from '../statistics.js';

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
  const rates: number[][] = [[], []];
  let posted = 0;
  for (const { exchange } of fronts) {
    for (const symbol of symbols) await exchange.list({ symbol, tickSize: '1', lotSize: '1' });
    await rateOf(exchange, seconds / 2, () => posted++);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [at, { exchange }] of fronts.entries()) {
      rates[at]?.push(await rateOf(exchange, seconds, () => posted++));
    }
    say(`fronts: ${rates.map((each) => thousands(each.at(-1) ?? 0)).join(' of one, ')} of two shards`);
  }
  for (const front of fronts) {
    await front.exchange.close();
    await front.end();
  }
  const [one = [], two = []] = rates;
  return {
    ratioTwoToOne: rounded(median(two.map((rate, round) => rate / (one[round] ?? Number.NaN))), 3),
    intentionsPerSecond: { one: rounded(median(one)), two: rounded(median(two)) },
  };
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

/** Durable answers a second. */
async function rateOf(exchange: ExchangePort, seconds: number, next: () => number): Promise<number> {
  const fromMs = performance.now();
  const untilMs = fromMs + 1_000 * seconds;
  let answered = 0;
  const producer = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const answers = await exchange.postAll(Array.from({ length: CHUNK_POSTS }, () => post(next())));
      if (answers.some(({ ok }) => !ok)) throw new Error(`refused: ${JSON.stringify(answers.find(({ ok }) => !ok))}`);
      answered += answers.length;
    }
  };
  await Promise.all(Array.from({ length: CHUNKS_AT_ONCE }, producer));
  return (1_000 * answered) / (performance.now() - fromMs);
}

function post(number: number): PostIntention {
  const instrument = symbols[number % SHARDS] ?? '';
  const side = number % (2 * SHARDS) < SHARDS ? 'sell' : 'buy';
  const clientIntentionId = `front-${number}`;
  return { clientIntentionId, participant: side, instrument, side, price: '100', quantity: '5' };
}
