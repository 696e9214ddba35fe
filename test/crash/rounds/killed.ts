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
export async function killedUnderLoad(run: CrashingProcess): Promise<void> {
  const serving = await run.start();
  await settle(run, serving);
  const load = run.load(serving, MOST);
  await run.moment(load, MOST_COMMANDS);
  await run.kill(serving);
  await load.over;
}

/** Power is lost under load: at a random moment, or in the middle of a change to the disk. */
export async function powerLostUnderLoad(run: CrashingProcess): Promise<void> {
  run.faults.set({ syncMicros: syncMicros[run.random.below(syncMicros.length)] ?? 0 });
  const serving = await run.start();
  await settle(run, serving);
  const load = run.load(serving, MOST);
  if (run.random.chance(1, 2)) {
    run.faults.set({ stepsToDeath: 1 + run.random.below(MOST_STEPS) });
    await run.awaitDeath(serving, STEPS_MS);
  } else {
    await run.moment(load, MOST_COMMANDS);
    await run.kill(serving);
  }
  await load.over;
  // Sometimes the machine survives the process, and a later cut takes what neither process had synced.
  if (run.random.chance(4, 5)) run.losePower();
}

/** After a death under load, deaths while it starts and recovers. */
export async function killedWhileStarting(run: CrashingProcess): Promise<void> {
  await powerLostUnderLoad(run);
  const deaths = 1 + run.random.below(3);
  for (let death = 0; death < deaths; death++) {
    const isCounted = run.hasDisk && run.random.chance(3, 4);
    if (isCounted) run.faults.set({ stepsToDeath: 1 + run.random.below(MOST_START_STEPS) });
    const serving = run.begin();
    const longestMs = 1.2 * run.startMs;
    await run.awaitDeath(serving, isCounted ? longestMs : run.random.below(longestMs));
    run.tally.count('deaths while starting');
    if (run.random.chance(1, 2)) run.losePower();
  }
}
