/** `npm run crash:containers`: exchanges and brokers in containers, whose networks, disks, clocks and memory fail under load. */
import { sayRound } from '../cluster-crash/checks/report.js';
import { runCrashes } from '../cluster-crash/running.js';
import { ExitCode, runRig, say } from '../support/rig.js';
import { ChaosRun } from './chaos-run.js';
import { HistoryRun } from './history-run.js';
import { type ContainerCrashOptions, readOptions, usage } from './options.js';
import { plantNames, plants } from './plants.js';
import { missingForScene } from './scene/needed-images.js';

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const missing = await missingForScene();
  if (missing !== undefined) {
    say(missing);
    return ExitCode.Failure;
  }
  const { seed, rounds, clients } = options;
  say(`seed ${seed}: ${rounds} rounds, three exchanges and three brokers in containers`);
  const kept = 'what the exchanges and the brokers said, and all that was asked';
  const program = { name: 'crash:containers', seed, kept, again: again(options) };
  return clients === 'history'
    ? runCrashes({ ...program, make: (folder) => new HistoryRun(folder, options) })
    : runCrashes({ ...program, make: (folder) => new ChaosRun(folder, options, sayRound) });
}

function again({ seed, rounds, seconds, only, clients, plant, image }: ContainerCrashOptions): string {
  const kinds = only.length === 0 ? '' : ` --only ${only.join(',')}`;
  const by = clients === 'crash' ? '' : ` --clients ${clients}`;
  const ofImage = image === undefined ? '' : ` --image ${image}`;
  const planted = plantNames.find((name) => plants[name] === plant);
  return `--seed ${seed} --rounds ${rounds} --seconds ${seconds}${kinds}${by}${ofImage}${planted === undefined ? '' : ` --plant ${planted}`}`;
}

await runRig('crash:containers', usage, main);
