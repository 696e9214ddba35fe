/** `npm run crash:cluster`: real members on a real Kafka, killed and stalled under load, with their brokers; then checks what is left. */
import { runRig, say } from '../support/rig.js';
import { type ClusterCrashOptions, readOptions, usage } from './options.js';
import { ChaosRun } from './chaos-run.js';
import { sayRound } from './checks/report.js';
import { runCrashes } from './running.js';

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const { seed, rounds, nodes } = options;
  say(`seed ${seed}: ${rounds} rounds, three members, Kafka with ${nodes === 1 ? 'one node' : 'three nodes'}`);
  return runCrashes({
    name: 'crash:cluster',
    seed,
    kept: 'what the members said, and Kafka’s data',
    again: again(options),
    make: (folder) => new ChaosRun(folder, options, sayRound),
  });
}

function again({ seed, rounds, nodes, seconds, only }: ClusterCrashOptions): string {
  const kinds = only.length === 0 ? '' : ` --only ${only.join(',')}`;
  return `--seed ${seed} --rounds ${rounds} --nodes ${nodes} --seconds ${seconds}${kinds}`;
}

await runRig('crash:cluster', usage, main);
