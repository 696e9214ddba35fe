import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedLog } from '../../../infra/embedded/embedded-log.js';
import { ModelCheckpoints } from '../../../projections/model/checkpoints.js';
import { ModelKeeper } from '../../../projections/model/model-keeper.js';
import { bookOf, changingOf } from '../../../projections/model/views.js';
import { Moments } from '../../../projections/moments/moments.js';
import { makeFlow } from '../flow/flow.js';
import { FlowRandom } from '../flow/flow-random.js';
import { type Part, say, thousands } from '../part.js';
import { Durations, rounded } from '../statistics.js';
import { runSustained } from './durable.js';

const LOOKS = 200;
const STEPS = 200;
const SEED = 7;
const PATIENCE_MS = 60_000;

/**
 * Looks at random moments of a log, with the checkpoints that following it has left: the log of the durable part, or one of its own. Each
 * look asks for a book of ten levels and a page of open intentions; a model that is still at hand is none of its business, so each comes
 * with an empty cache. Then steps of one event, back and forth, as somebody does who looks closely.
 */
export const history: Part = async ({ seconds, quick, events, folder, logFolder }) => {
  if (!existsSync(logFolder)) {
    say('history: there is no log, so one is made');
    await runSustained(makeFlow(), logFolder, Math.min(seconds, 10), 0);
  }
  const log = new EmbeddedLog({ folder: logFolder });
  const until = Math.min(await log.head(), quick ? events / 10 : events);
  const checkpoints = new ModelCheckpoints(join(folder, 'models'));
  const eventsPerSecond = await keep(log, checkpoints, until);
  say(`history: models of ${thousands(until)} events made at ${thousands(eventsPerSecond)} events a second`);
  const random = new FlowRandom(SEED);
  const look = async (moments: Moments, position: number): Promise<number> => {
    const from = performance.now();
    const model = await moments.modelAt(position, from + PATIENCE_MS);
    const [instrument] = model.directory.instruments();
    bookOf(model, instrument?.symbol ?? '', 10);
    changingOf(model, { status: 'open', limit: 100 });
    return performance.now() - from;
  };
  const looks = new Durations();
  for (let count = 0; count < (quick ? LOOKS / 10 : LOOKS); count++) {
    looks.add(await look(new Moments(log, checkpoints), random.below(until)));
  }
  const steps = new Durations();
  const moments = new Moments(log, checkpoints);
  let position = Math.floor(until / 2);
  await look(moments, position);
  for (let count = 0; count < STEPS; count++) {
    position += random.below(2) === 0 ? -1 : 1;
    steps.add(await look(moments, position));
  }
  return {
    events: until,
    checkpoints: (await checkpoints.positions()).length,
    eventsPerSecond: rounded(eventsPerSecond),
    lookMs: percentiles(looks),
    stepMs: percentiles(steps),
  };
};

/** Makes the models of a log as following it does; returns at what pace. */
async function keep(log: EmbeddedLog, checkpoints: ModelCheckpoints, until: number): Promise<number> {
  const from = performance.now();
  const ending = new AbortController();
  const cut = {
    head: () => Promise.resolve(until),
    read: (position: number) => log.read(position),
    async *follow(position: number) {
      for await (const batch of log.read(position)) {
        if (batch.firstPosition + batch.count > until) break;
        yield batch;
      }
      ending.abort();
    },
  };
  await new ModelKeeper(cut, checkpoints).run(ending.signal);
  return (1_000 * until) / (performance.now() - from);
}

function percentiles(durations: Durations): object {
  const [p50, p99, max] = durations.percentiles([0.5, 0.99, 1]);
  return { p50: rounded(p50 ?? 0, 3), p99: rounded(p99 ?? 0, 3), max: rounded(max ?? 0, 3) };
}
