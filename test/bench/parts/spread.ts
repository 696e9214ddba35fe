import { namesOf } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { makeSpreadFlow, COPIES, type Spread } from '../flow/spread-flow.js';
import { ShardTaker } from '../flow/shard-taker.js';
import { median, rounded } from '../statistics.js';
import { NullLog } from './null-log.js';
import { Producer } from './producer.js';

const FEW = 100;
const MANY = 1_000_000;
const ROUNDS = 7;

interface Spreading {
  readonly cpuNanosecondsSpread: readonly number[];
  readonly instruments: number;
  readonly participants: number;
}

/**
 * A shard's processor time for an intention with 10,000 instruments, and with a million participants, to that with one and a hundred, in
 * slices by turns. Every instrument has the same flow, and who posts where is drawn evenly: no cache knows what comes next.
 */
export async function spread(quick: boolean): Promise<Spreading> {
  const many = quick ? MANY / 10 : MANY;
  const shards = [
    await spreadShard({ instruments: 1, participants: FEW }, many),
    await spreadShard({ instruments: COPIES, participants: FEW }, many),
    await spreadShard({ instruments: 1, participants: many }, many),
  ] as const;
  for (const { producer } of shards) await producer.run(quick ? 0.3 : 2);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { producer, costs } of shards) {
      const { cpuSeconds, intentions } = await producer.run(quick ? 0.1 : 0.7);
      costs.push((1e9 * cpuSeconds) / intentions);
    }
  }
  for (const { taker } of shards) await taker.shard.close();
  const [one, instruments, participants] = shards.map(({ costs }) => costs);
  return {
    cpuNanosecondsSpread: shards.map(({ costs }) => rounded(median(costs))),
    instruments: ratio(instruments, one),
    participants: ratio(participants, one),
  };
}

async function spreadShard(size: Spread, admitted: number) {
  const taker = await ShardTaker.open(new NullLog(), {}, size.instruments);
  const names = namesOf(size.participants);
  // As many client ids are known everywhere.
  for (let from = 0; from < admitted; from += names.length) {
    await taker.admit(names, `${from}-`);
  }
  const producer = new Producer(new FlowPlayer(makeSpreadFlow(size), names), taker);
  return { taker, producer, costs: new Array<number>() };
}

/** The median of what each slice cost to the one before it in time. */
function ratio(costs: readonly number[] = [], to: readonly number[] = []): number {
  return rounded(median(costs.map((cost, round) => cost / (to[round] ?? Number.NaN))), 3);
}
