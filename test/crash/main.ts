/** `npm run crash`: kills real servers under load, loses what their disks had not synced, and checks what is left. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { endAll } from '../support/cli/parley.js';
import { ExitCode, runRig, say } from '../support/rig.js';
import { compileDisk, missingCompiler } from './disk/compile.js';
import { interruption } from './interruption.js';
import { Lanes } from './lanes.js';
import { type CrashOptions, readOptions, usage } from './options.js';
import { killsOf, type PlannedRun, planRuns } from './plan.js';
import { listScenarios, type Scenario } from './scenarios.js';
import { columns, type Tally } from './tally.js';
import { Tmpfs } from './tmpfs.js';

const NAME_WIDTH = 14;
const COLUMN_WIDTH = 13;

async function main(args: readonly string[]): Promise<number> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'parley-crash-')));
  let code: number = ExitCode.Failure;
  try {
    const scenarios = listScenarios(Tmpfs.isPossible(folder));
    const options = readOptions(
      args,
      scenarios.map(({ name }) => name),
    );
    code = await crash(folder, scenarios, options);
    return code;
  } finally {
    Tmpfs.unmountAll();
    // Only the folder of a failure is kept; an interrupted run leaves nothing.
    if (code !== ExitCode.Violated) fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function crash(folder: string, all: readonly Scenario[], { seed, kills, only }: CrashOptions): Promise<number> {
  const startedMs = performance.now();
  say(`seed ${seed}`);
  say(line('scenario', columns));
  const missing = missingCompiler();
  const chosen = all.filter(({ name }) => only.length === 0 || only.includes(name));
  const possible = chosen.filter(({ losesPower }) => !losesPower || missing === undefined);
  for (const scenario of chosen.filter((one) => !possible.includes(one))) {
    say(`${scenario.name.padEnd(NAME_WIDTH)} skipped: ${missing}`);
  }
  const runs = planRuns(possible, kills, seed);
  const lanes = new Lanes(folder, missing === undefined ? compileDisk() : undefined, report);
  const interrupted = interruption(() => lanes.interrupt());
  await Promise.race([lanes.run(runs), interrupted]).finally(endAll);
  if (lanes.isInterrupted) return ExitCode.Interrupted;
  sum(lanes, seed, runs, (performance.now() - startedMs) / 1_000);
  return lanes.failures.length > 0 ? ExitCode.Violated : ExitCode.Fine;
}

function report({ name }: Scenario, tally: Tally): void {
  say(line(name, tally.row));
  if (tally.remarks !== '') say(`${''.padEnd(NAME_WIDTH)} ${tally.remarks}`);
}

function sum({ tallies, failures }: Lanes, seed: number, runs: readonly PlannedRun[], seconds: number): void {
  const kills = [...tallies.values()].reduce((total, tally) => total + tally.kills, 0);
  for (const { planned, round, message, folder } of failures) {
    const { scenario, number } = planned;
    say(`\n${scenario.name}: run ${number + 1}, round ${round} of seed ${seed} failed:\n  ${message}`);
    say(`  its folder is kept: ${folder}`);
    say(`  again: npm run crash -- --seed ${seed} --only ${scenario.name} --kills ${killsOf(scenario, runs)}`);
  }
  const outcome =
    failures.length === 0 ? 'every promise was kept' : `${failures.length} logs did not keep what was promised`;
  say(`${kills} kills in ${seconds.toFixed(0)} s: ${outcome}`);
}

function line(name: string, cells: readonly string[]): string {
  return `${name.padEnd(NAME_WIDTH)} ${cells.map((cell) => cell.padStart(COLUMN_WIDTH)).join('')}`;
}

await runRig('crash', () => usage(listScenarios(Tmpfs.isPossible(os.tmpdir()))), main);
