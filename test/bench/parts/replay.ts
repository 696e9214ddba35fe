import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { replay as replayLog } from '../../../src/exchange/recovery/recovery.js';
import { runSustained } from './durable.js';
import { makeFlow } from '../flow/flow.js';
import { type Part, say } from '../part.js';
import { median, rounded } from '../statistics.js';

const MOST_EVENTS = 20_000_000;

/** Rebuilds a shard’s whole state from the log that the durable part has left, or from one of its own; the log is in the page cache. */
export const replay: Part = async ({ seconds, quick, logFolder }) => {
  if (!existsSync(logFolder)) {
    say('replay: there is no log, so one is made');
    await runSustained(makeFlow(), logFolder, Math.min(seconds, 5), 0);
  }
  const log = new EmbeddedLog({ folder: logFolder });
  const until = Math.min(await log.head(), quick ? MOST_EVENTS / 10 : MOST_EVENTS);
  await readThrough(logFolder);
  const rates: number[] = [];
  let events = 0;
  let intentions = 0;
  for (let run = 0; run < 3; run++) {
    const from = performance.now();
    const replayed = await replayLog(log, { until });
    if (replayed.events !== until) throw new Error(`replayed ${replayed.events} events of ${until}`);
    rates.push((1_000 * replayed.events) / (performance.now() - from));
    events = replayed.events;
    intentions = replayed.state.market.intentionsPosted;
  }
  const rate = median(rates);
  return {
    eventsPerSecond: rounded(rate),
    intentionsPerSecond: rounded((rate * intentions) / events),
    events,
    intentions,
  };
};

async function readThrough(folder: string): Promise<void> {
  let bytes = 0;
  for (const file of readdirSync(folder)) {
    for await (const chunk of createReadStream(join(folder, file), { highWaterMark: 1 << 20 })) {
      bytes += (chunk as Buffer).length;
      if (bytes > 4e9) return;
    }
  }
}
