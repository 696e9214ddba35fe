/** A writer hangs, and another server takes its log over; then the old one goes on. */
import { ParleyError } from '../../../src/client/index.js';
import type { Serving } from '../../support/cli/serving.js';
import type { CrashingProcess } from '../process.js';
import { randomPost } from '../orders.js';
import { patientClient } from '../patient-client.js';
import { settle } from '../settling.js';
import { eventually, Violation } from '../violation.js';

const MOST = 1_000;
const MOST_COMMANDS = 150;
const MOST_STEPS = 60;
const STEPS_MS = 2_000;
const SLOW_SYNC_MICROS = 20_000;

export async function takenOver(run: CrashingProcess): Promise<void> {
  run.faults.set({ syncMicros: run.random.chance(1, 2) ? SLOW_SYNC_MICROS : 0 });
  const old = await run.start();
  await settle(run, old);
  const oldLoad = run.load(old, MOST);
  if (run.hasDisk && run.random.chance(2, 3)) await stopInACall(run);
  else await run.moment(oldLoad, MOST_COMMANDS);
  old.signal('SIGSTOP');
  const next = await run.start(['--take-over']);
  await settle(run, next);
  const load = run.load(next, MOST);
  await run.moment(load, MOST_COMMANDS);
  old.signal('SIGCONT');
  // Its clients stop at the first command that it does not carry out.
  await eventually('the end of the load of a server that was taken over', oldLoad.over);
  await expectFenced(run, old);
  await run.sleep(run.random.below(100));
  await Promise.all([run.kill(next), run.kill(old)]);
  await load.over;
  if (run.random.chance(1, 2)) run.losePower();
  run.tally.count('take-overs');
}

/** In the middle of a change to the disk: such as when it has seen that nobody has taken over, and has not written yet. */
async function stopInACall({ faults, random, sleep }: CrashingProcess): Promise<void> {
  const stops = faults.get('stops');
  const untilMs = performance.now() + STEPS_MS;
  faults.set({ stepsToStop: 1 + random.below(MOST_STEPS) });
  while (faults.get('stops') === stops && performance.now() < untilMs) await sleep(1);
  faults.set({ stepsToStop: 0 });
}

async function expectFenced(run: CrashingProcess, old: Serving): Promise<void> {
  const client = patientClient(old.url, 1);
  const { intention } = run.answers.posting(randomPost(`fenced-${run.answers.round}`, run.random, run.nowMs()));
  const answer = await client.postIntention(intention).catch((error: unknown) => error);
  if (!(answer instanceof ParleyError) || answer.code !== 'SHARD_UNAVAILABLE') {
    throw new Violation(`a server that was taken over answers a post with ${JSON.stringify(answer)}`);
  }
  const { isReady } = await client.health();
  if (isReady) throw new Violation('a server that was taken over says that it is ready');
}
