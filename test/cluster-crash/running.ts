/** Runs the faults of a cluster from the command line: with a folder for what is left of it, until a signal, to an exit code. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { interruption } from '../crash/interruption.js';
import { Violation } from '../crash/violation.js';
import { endAll } from '../support/cli/parley.js';
import { ExitCode, say } from '../support/rig.js';

/** `Result`: what its checks come to. */
export interface CrashRun<Result> {
  readonly round: number;
  readonly isInterrupted: boolean;
  /** Throws a Violation when a promise was not kept. */
  run(): Promise<Result>;
  /** Ends all that runs. Requests under way fail by it. */
  end(): Promise<void>;
  interrupt(): Promise<void>;
  /** What it came through that kept its promises. */
  summarize(result: Result): void;
}

export interface CrashProgram<Result> {
  /** As npm has it: `crash:cluster`. */
  readonly name: string;
  readonly seed: number;
  /** What is in the folder that is kept when a promise was not. */
  readonly kept: string;
  /** The options that do the same again. */
  readonly again: string;
  /** `folder` is its own, and removed in the end. */
  readonly make: (folder: string) => CrashRun<Result>;
}

/** Resolves to the program's exit code. */
export async function runCrashes<Result>(program: CrashProgram<Result>): Promise<number> {
  const name = `parley-${program.name.replace(':', '-')}-`;
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), name)));
  let isKept = false;
  try {
    const code = await crash(folder, program);
    isKept = code === ExitCode.Violated;
    return code;
  } finally {
    if (!isKept) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function crash<Result>(folder: string, { name, seed, kept, again, make }: CrashProgram<Result>): Promise<number> {
  const run = make(folder);
  const interrupted = interruption(() => run.interrupt()).then(() => undefined);
  try {
    const result = await Promise.race([run.run(), interrupted]);
    if (run.isInterrupted || result === undefined) return ExitCode.Interrupted;
    run.summarize(result);
    return ExitCode.Fine;
  } catch (error) {
    if (run.isInterrupted) return ExitCode.Interrupted;
    if (!(error instanceof Violation)) throw error;
    say(`\nround ${run.round} of seed ${seed}: a promise was not kept\n  ${error.message}`);
    say(`  ${kept}, are kept: ${folder}`);
    say(`  again: npm run ${name} -- ${again}`);
    return ExitCode.Violated;
  } finally {
    await run.end();
    await endAll();
  }
}
