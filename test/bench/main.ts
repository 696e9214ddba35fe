/** `npm run bench`: measures, prints one table or one JSON object, leaves nothing behind. */
import fs from 'node:fs';
import { tuneCompiler } from '../../src/exchange/v8-flags.js';
import { join, resolve } from 'node:path';
import { ExitCode, runRig, UsageError } from '../support/rig.js';
import { type BenchOptions, readOptions, usage } from './options.js';
import { say } from './part.js';
import { answerAsPart, endParts, runPart } from './part-process.js';
import { parts, slices } from './parts.js';
import { printProfile } from './profile.js';
import { assemble, markdownTable, textTable } from './report.js';

const interruption = new AbortController();

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args, Object.keys(parts));
  const { part } = options;
  try {
    if (part === undefined) await runAll(options);
    else await answerAsPart(() => runOne(part, options));
    return ExitCode.Fine;
  } catch (error) {
    if (interruption.signal.aborted) return ExitCode.Interrupted;
    throw error;
  }
}

async function runOne(name: string, { seconds, quick, events, folder }: BenchOptions): Promise<object> {
  const load = parts[name] ?? slices[name];
  if (load === undefined) throw new UsageError(`there is no part ${name}`);
  tuneCompiler(); // as the command line does
  const own = join(folder, name);
  fs.mkdirSync(own, { recursive: true });
  try {
    return await (
      await load()
    )({ seconds, quick, events, folder: own, logFolder: join(folder, 'log') });
  } finally {
    fs.rmSync(own, { recursive: true, force: true });
  }
}

async function runAll(options: BenchOptions): Promise<void> {
  const made = fs.mkdirSync(options.folder, { recursive: true });
  const folder = fs.mkdtempSync(join(resolve(options.folder), 'bench-'));
  const interrupt = (): void => {
    interruption.abort();
    endParts();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const report = assemble(await runParts(options, folder));
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else process.stdout.write(options.markdown ? markdownTable(report) : textTable(report));
  } finally {
    fs.rmSync(made ?? folder, { recursive: true, force: true });
  }
}

async function runParts(options: BenchOptions, folder: string): Promise<Record<string, object>> {
  const { only, seconds, quick, events, profile } = options;
  const results: Record<string, object> = {};
  for (const name of Object.keys(parts)) {
    if (name !== 'machine' && !only.includes(name)) continue;
    say(`${name} …`);
    const args = [
      '--folder',
      folder,
      '--seconds',
      String(seconds),
      '--events',
      String(events),
      ...(quick ? ['--quick'] : []),
    ];
    const profiles = join(folder, `${name}-profile`);
    const execArgv = profile ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
    results[name] = await runPart(name, args, execArgv);
    say(`${name}: ${JSON.stringify(results[name])}`);
    if (profile) printProfile(name, profiles);
  }
  return results;
}

await runRig('bench', usage, main);
