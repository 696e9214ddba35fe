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

export async function takenOver(life: CrashingProcess): Promise<void> {
  life.faults.set({ syncMicros: life.random.chance(1, 2) ? SLOW_SYNC_MICROS : 0 });
  const old = await life.start();
  await settle(life, old);
  const oldLoad = life.load(old, MOST);
  if (life.hasDisk && life.random.chance(2, 3)) await stopInACall(life);
  else await life.moment(oldLoad, MOST_COMMANDS);
  old.signal('SIGSTOP');
  const next = await life.start(['--take-over']);
  await settle(life, next);
  const load = life.load(next, MOST);
  await life.moment(load, MOST_COMMANDS);
  old.signal('SIGCONT');
  // Its clients stop at the first command that it does not carry out.
  await eventually('the end of the load of a server that was taken over', oldLoad.over);
  await expectFenced(life, old);
  await life.sleep(life.random.below(100));
  await Promise.all([life.kill(next), life.kill(old)]);
  await load.over;
  if (life.random.chance(1, 2)) life.losePower();
  life.tally.count('take-overs');
}

/** In the middle of a change to the disk: such as when it has seen that nobody has taken over, and has not written yet. */
async function stopInACall({ faults, random, sleep }: CrashingProcess): Promise<void> {
  const stops = faults.get('stops');
  const untilMs = performance.now() + STEPS_MS;
  faults.set({ stepsToStop: 1 + random.below(MOST_STEPS) });
  while (faults.get('stops') === stops && performance.now() < untilMs) await sleep(1);
  faults.set({ stepsToStop: 0 });
}

async function expectFenced(life: CrashingProcess, old: Serving): Promise<void> {
  const client = patientClient(old.url, 1);
  const { intention } = life.answers.posting(randomPost(`fenced-${life.answers.round}`, life.random, life.nowMs()));
  const answer = await client.postIntention(intention).catch((error: unknown) => error);
  if (!(answer instanceof ParleyError) || answer.code !== 'SHARD_UNAVAILABLE') {
    throw new Violation(`a server that was taken over answers a post with ${JSON.stringify(answer)}`);
  }
  const { isReady } = await client.health();
  if (isReady) throw new Violation('a server that was taken over says that it is ready');
}
