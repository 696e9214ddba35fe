/** `npm run crash:cluster`: real members on a real Kafka, killed and stalled under load, with their brokers; then checks what is left. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { interruption } from '../crash/interruption.js';
import { Violation } from '../crash/violation.js';
import { endAll } from '../support/cli/parley.js';
import { ExitCode, runRig } from '../support/rig.js';
import { type ClusterCrashOptions, readOptions, usage } from './options.js';
import { ChaosRun } from './chaos-run.js';
import { say, sayRound, summarize } from './checks/report.js';

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'parley-crash-cluster-')));
  let isKept = false;
  try {
    const code = await crash(folder, options);
    isKept = code === ExitCode.Violated;
    return code;
  } finally {
    if (!isKept) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function crash(folder: string, options: ClusterCrashOptions): Promise<number> {
  const { seed, rounds, nodes } = options;
  say(`seed ${seed}: ${rounds} rounds, three members, Kafka with ${nodes === 1 ? 'one node' : 'three nodes'}`);
  const run = new ChaosRun(folder, options, sayRound);
  const interrupted = interruption(() => run.interrupt()).then(() => undefined);
  try {
    const result = await Promise.race([run.run(), interrupted]);
    if (run.isInterrupted || result === undefined) return ExitCode.Interrupted;
    summarize(run, result);
    return ExitCode.Fine;
  } catch (error) {
    if (run.isInterrupted) return ExitCode.Interrupted;
    if (!(error instanceof Violation)) throw error;
    say(`\nround ${run.round} of seed ${seed}: a promise was not kept\n  ${error.message}`);
    say(`  what the members said, and Kafka’s data, are kept: ${folder}`);
    say(`  again: npm run crash:cluster -- ${again(options)}`);
    return ExitCode.Violated;
  } finally {
    await run.end();
    await endAll();
  }
}

function again({ seed, rounds, nodes, seconds, only }: ClusterCrashOptions): string {
  const kinds = only.length === 0 ? '' : ` --only ${only.join(',')}`;
  return `--seed ${seed} --rounds ${rounds} --nodes ${nodes} --seconds ${seconds}${kinds}`;
}

await runRig('crash:cluster', usage, main);
