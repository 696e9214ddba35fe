import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { StoredQueries } from '../../../src/app/threads/stored-queries.js';
import { silentLogger } from '../../../src/resilience/logger.js';
import { makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { ShardTaker } from '../flow/shard-taker.js';
import { type Part, say, thousands } from '../part.js';
import { Durations, rounded } from '../statistics.js';
import { arrive } from './latency.js';
import { runSustained } from './durable.js';

const MOST_EVENTS = 5_000_000;
const LOG_SECONDS = 3;
const RATE = 100_000;
const LOOK_MS = 10;

/**
 * The query store on its own thread, as `serve` has it, and nobody reads. Alone, on a log that is there: that of the durable part, or one
 * of its own. Then beside a shard that takes 100,000 intentions a second: how long ago the log was where the store is.
 */
export const store: Part = async ({ seconds, quick, folder, logFolder }) => {
  if (!existsSync(logFolder)) {
    say('store: there is no log, so one is made');
    await runSustained(makeFlow(), logFolder, Math.min(seconds, LOG_SECONDS), 0);
  }
  const alone = await followAlone(logFolder, join(folder, 'alone.db'), quick ? MOST_EVENTS / 10 : MOST_EVENTS);
  say(`store: ${thousands(alone.eventsPerSecond)} events a second alone`);
  return { ...alone, ...(await followBeside(folder, quick ? 2 : Math.min(10, seconds))) };
};

interface Alone {
  readonly eventsPerSecond: number;
  readonly events: number;
  /** Of the store beside the same events in the log: its files as they are when it has caught up, and the largest that they have been. */
  readonly sizeRatio: number;
  readonly mostSizeRatio: number;
}

async function followAlone(data: string, file: string, mostEvents: number): Promise<Alone> {
  const { events, bytes } = await firstOf(new EmbeddedLog({ folder: data }), mostEvents);
  const queries = new StoredQueries({ shards: [0], logger: silentLogger });
  let fromMs = 0;
  let mostBytes = 0;
  const eventsPerSecond = await new Promise<number>((resolve) => {
    queries.onProgress(() => {
      mostBytes = Math.max(mostBytes, sizeOf(file));
      if (fromMs === 0) fromMs = performance.now();
      else if (queries.caughtUpTo(0) >= events) resolve((1_000 * events) / (performance.now() - fromMs));
    });
    queries.start([{ log: { kind: 'embedded', data, shard: 0 }, file, durable: () => events }]);
  });
  await queries.end();
  return {
    eventsPerSecond: rounded(eventsPerSecond),
    events,
    sizeRatio: rounded(sizeOf(file) / bytes, 3),
    mostSizeRatio: rounded(mostBytes / bytes, 3),
  };
}

/** How many events whole batches have before that, and how many bytes. What it reads is then in the page cache. */
async function firstOf(
  log: EmbeddedLog,
  mostEvents: number,
): Promise<{ readonly events: number; readonly bytes: number }> {
  let [events, bytes] = [0, 0];
  for await (const batch of log.read(0)) {
    if (batch.firstPosition + batch.count > mostEvents) break;
    events += batch.count;
    bytes += batch.bytes.length;
  }
  return { events, bytes };
}

/** All that begins with the name of the file. */
function sizeOf(file: string): number {
  const folder = join(file, '..');
  const names = readdirSync(folder).filter((name) => join(folder, name).startsWith(file));
  return names.reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}

async function followBeside(folder: string, seconds: number): Promise<object> {
  const data = join(folder, 'beside');
  const taker = await ShardTaker.open(new EmbeddedLog({ folder: data }));
  const { shard } = taker;
  const queries = new StoredQueries({ shards: [0], logger: silentLogger });
  const marks = new Marks();
  const passed = (): void => {
    queries.advance(0, shard.durable);
    marks.add(shard.durable);
  };
  shard.onDurable(passed);
  queries.start([
    { log: { kind: 'embedded', data, shard: 0 }, file: join(folder, 'beside.db'), durable: () => shard.durable },
  ]);
  const lags = new Durations();
  const look = setInterval(() => lags.add(marks.lagOf(queries.caughtUpTo(0))), LOOK_MS);
  await arrive(new FlowPlayer(makeFlow()), taker, RATE, seconds);
  clearInterval(look);
  await queries.end();
  await shard.close();
  const [p50 = NaN, longest = NaN] = lags.percentiles([0.5, 1]);
  return { lagSecondsAt100k: rounded(longest / 1_000, 3), lagSecondsAt100kP50: rounded(p50 / 1_000, 3) };
}

/** When the log was how far. */
class Marks {
  private readonly marks: (readonly [ms: number, durable: number])[] = [];

  add(durable: number): void {
    this.marks.push([performance.now(), durable]);
  }

  /** How long ago the log went beyond this position; 0 where it has not. Positions never go back. */
  lagOf(position: number): number {
    while (this.marks[0] !== undefined && this.marks[0][1] <= position) this.marks.shift();
    const [first] = this.marks;
    return first === undefined ? 0 : performance.now() - first[0];
  }
}
