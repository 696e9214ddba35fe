/** Rounds that end with the death of the server: at any moment, with its disk losing power or not. */
import type { CrashingProcess } from '../process.js';
import { settle } from '../settling.js';

/** More than will be sent before the server is killed. */
const MOST = 300;
const MOST_COMMANDS = 200;
const MOST_STEPS = 150;
const MOST_START_STEPS = 40;
const STEPS_MS = 1_500;
const syncMicros = [200, 1_000, 4_000, 15_000];

/** `kill -9` under load. The machine goes on: what was written stays. */
export async function killedUnderLoad(life: CrashingProcess): Promise<void> {
  const serving = await life.start();
  await settle(life, serving);
  const load = life.load(serving, MOST);
  await life.moment(load, MOST_COMMANDS);
  await life.kill(serving);
  await load.over;
}

/** Power is lost under load: at a random moment, or in the middle of a change to the disk. */
export async function powerLostUnderLoad(life: CrashingProcess): Promise<void> {
  life.faults.set({ syncMicros: syncMicros[life.random.below(syncMicros.length)] ?? 0 });
  const serving = await life.start();
  await settle(life, serving);
  const load = life.load(serving, MOST);
  if (life.random.chance(1, 2)) {
    life.faults.set({ stepsToDeath: 1 + life.random.below(MOST_STEPS) });
    await life.awaitDeath(serving, STEPS_MS);
  } else {
    await life.moment(load, MOST_COMMANDS);
    await life.kill(serving);
  }
  await load.over;
  // Sometimes the machine survives the process, and a later cut takes what neither life had synced.
  if (life.random.chance(4, 5)) life.losePower();
}

/** After a death under load, deaths while it starts and recovers. */
export async function killedWhileStarting(life: CrashingProcess): Promise<void> {
  await powerLostUnderLoad(life);
  const deaths = 1 + life.random.below(3);
  for (let death = 0; death < deaths; death++) {
    const isCounted = life.hasDisk && life.random.chance(3, 4);
    if (isCounted) life.faults.set({ stepsToDeath: 1 + life.random.below(MOST_START_STEPS) });
    const serving = life.begin();
    const longestMs = 1.2 * life.startMs;
    await life.awaitDeath(serving, isCounted ? longestMs : life.random.below(longestMs));
    life.tally.count('deaths while starting');
    if (life.random.chance(1, 2)) life.losePower();
  }
}
