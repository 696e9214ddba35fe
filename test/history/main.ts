/** `npm run history`: clients ask a real server, each operation is recorded with its times, and the checker plays the history through. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { interruption } from '../crash/interruption.js';
import { endAll } from '../support/cli/parley.js';
import { ExitCode, runRig, say } from '../support/rig.js';
import { check } from './checker/check.js';
import { readHistory, writeHistory } from './clients/history-file.js';
import { type HistoryOptions, readOptions, usage } from './options.js';
import { type ChaosRun, runChaos } from './chaos-run.js';
import { countOperations, neverSeen, sayCounts, sayFindings } from './report.js';

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.check !== undefined) return judge(await keptIn(options.check), options);
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'parley-history-')));
  const interrupted = interruption(() => endAll()).then(() => undefined);
  const { seed, lanes, seconds, members, log } = options;
  say(`seed ${seed}: ${lanes} clients for ${seconds} s on ${members === 1 ? '' : `${members} members on `}${log}`);
  try {
    const run = await Promise.race([runChaos(folder, options), interrupted]);
    return run === undefined ? ExitCode.Interrupted : judge(run, options);
  } finally {
    await endAll();
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function keptIn(file: string): Promise<ChaosRun> {
  return { history: await readHistory(file), faults: new Map(), lies: 0 };
}

function judge({ history, faults, lies }: ChaosRun, { mutant, keep }: HistoryOptions): number {
  if (keep !== undefined) writeHistory(keep, history);
  const beganMs = performance.now();
  const result = check(history);
  const counts = countOperations(history.operations);
  sayCounts(say, 'asked', counts);
  sayCounts(say, 'done to it', faults);
  if (mutant !== undefined) say(`lies told: ${lies} × ${mutant}`);
  sayCounts(say, 'looked at', Object.entries(result.looked));
  say(`checked in ${((performance.now() - beganMs) / 1_000).toFixed(1)} s`);
  const found = result.findings.length;
  if (found > 0) {
    sayFindings(say, result);
    say(`\n${found} findings`);
    return ExitCode.Violated;
  }
  const missing = [...neverSeen(history), ...(mutant !== undefined && lies === 0 ? [`a lie (${mutant})`] : [])];
  if (missing.length > 0) {
    say(`\nnothing was found, and it says little, for these never happened: ${missing.join(', ')}`);
    return ExitCode.Failure;
  }
  say('\nclean');
  return ExitCode.Fine;
}

await runRig('history', usage, main);
