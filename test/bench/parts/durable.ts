import { join } from 'node:path';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { type FlowBlock, makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { type Part, say, thousands } from '../part.js';
import { Producer, type Stretch } from './producer.js';
import { appendRaw, collectFrames } from './raw-append.js';
import { ShardTaker } from '../flow/shard-taker.js';
import { median, rounded } from '../statistics.js';

const FRAME_HEADER_BYTES = 32;
const SAMPLE_BYTES = 96 << 20;

/**
 * One shard on an embedded log, every event synced. First sustained, for all of the time. Then, on a fresh log, in slices by turns with
 * raw appends of the very frames that the slice before has written: what the disk and the page cache do to one they do to the other.
 */
export const durable: Part = async ({ seconds, quick, folder, logFolder }) => {
  const block = makeFlow();
  const sustained = await runSustained(block, logFolder, seconds, quick ? 0.5 : 2);
  const { intentions, perSecond } = sustained;
  const rate = intentions / sustained.seconds;
  say(`durable: ${thousands(rate)} intentions a second over ${sustained.seconds.toFixed(1)} s`);
  const limit = await compareWithRaw(block, folder, quick ? 1 : 3, Math.max(2, Math.round(seconds / 6)));
  return {
    intentionsPerSecond: rounded(rate),
    dealsPerSecond: rounded(sustained.deals / sustained.seconds),
    eventsPerSecond: rounded(sustained.events / sustained.seconds),
    seconds: rounded(sustained.seconds, 3),
    intentions,
    cpuNanosecondsPerIntention: rounded((1e9 * sustained.cpuSeconds) / intentions),
    bytesPerIntention: rounded(sustained.bytes / intentions),
    megabytesPerSecond: rounded(sustained.bytes / sustained.seconds / 1e6),
    commits: sustained.commits,
    intentionsPerCommit: rounded(intentions / sustained.commits),
    intentionsPerSecondFirstSecond: perSecond[0] ?? 0,
    intentionsPerSecondLastSecond: perSecond.at(-1) ?? 0,
    intentionsPerSecondMedianSecond: perSecond.length === 0 ? 0 : median(perSecond),
    ...limit,
  };
};

/** Leaves its log behind, for the replay. Warms up on it first, uncounted. */
export async function runSustained(
  block: FlowBlock,
  logFolder: string,
  seconds: number,
  warmUp: number,
): Promise<Stretch> {
  const taker = await ShardTaker.open(new EmbeddedLog({ folder: logFolder }));
  const producer = new Producer(new FlowPlayer(block), taker);
  await producer.run(warmUp);
  const stretch = await producer.run(seconds);
  await producer.finish();
  await taker.shard.close();
  return stretch;
}

async function compareWithRaw(block: FlowBlock, folder: string, sliceSeconds: number, rounds: number): Promise<object> {
  const log = new EmbeddedLog({ folder: join(folder, 'slices') });
  const taker = await ShardTaker.open(log);
  const producer = new Producer(new FlowPlayer(block), taker);
  await producer.run(sliceSeconds);
  const durableRates: number[] = [];
  const rawRates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const from = taker.shard.head;
    const slice = await producer.run(sliceSeconds);
    const frames = await collectFrames(log, from, SAMPLE_BYTES);
    const rawBytesPerSecond = await appendRaw(folder, frames, sliceSeconds);
    const bytesPerIntention = (slice.bytes + FRAME_HEADER_BYTES * slice.commits) / slice.intentions;
    durableRates.push(slice.intentions / slice.seconds);
    rawRates.push(rawBytesPerSecond / bytesPerIntention);
    say(
      `limit: durable ${thousands(durableRates[round] ?? 0)}, raw ${thousands(rawRates[round] ?? 0)} intentions a second`,
    );
  }
  await taker.shard.close();
  const ratios = durableRates.map((rate, round) => rate / (rawRates[round] ?? Number.NaN));
  return {
    limitRatio: rounded(median(ratios), 3),
    limit: {
      rounds,
      sliceSeconds,
      rawIntentionsPerSecond: rounded(median(rawRates)),
      durableIntentionsPerSecond: rounded(median(durableRates)),
      ratios: ratios.map((ratio) => rounded(ratio, 3)),
    },
  };
}
