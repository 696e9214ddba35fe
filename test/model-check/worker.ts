/** Checks models in processes of their own, several at a time; with a mutant, in the mutant's copy of the program. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { Explorer } from './explorer.js';
import { tell } from './trace.js';
import type { Sometimes, Model } from './model/model.js';

/** The result of one model, as a worker prints it. */
export interface ModelResult {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly processes: number;
  readonly lived: number;
  readonly seconds: number;
  readonly seen: readonly Sometimes[];
  /** The first finding, and the shortest trace that leads to it. */
  readonly failure:
    { readonly findings: readonly string[]; readonly trace: string; readonly steps: number } | undefined;
}

const MEMORY_MIB = 6_000;

/** Goes through a model in this process. */
export async function explore(model: Model): Promise<ModelResult> {
  const beganMs = performance.now();
  const { failure, seen, ...counts } = await new Explorer(model).run();
  const seconds = (performance.now() - beganMs) / 1000;
  if (failure === undefined) return { ...counts, seconds, seen: [...seen], failure };
  const trace = tell(model, failure);
  const { findings } = failure;
  return { ...counts, seconds, seen: [...seen], failure: { findings, trace, steps: failure.trace.length } };
}

const running = new Set<ReturnType<typeof spawn>>();

/** Ends the workers that still run. */
export function endWorkers(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Goes through it in a process of its own, from the copy of the program in `folder`. */
export async function exploreApart(name: string, isQuick: boolean, folder?: string): Promise<ModelResult> {
  const main = path.join(folder ?? path.join(import.meta.dirname, '../..'), 'test/model-check/main.js');
  const args = [
    `--max-old-space-size=${MEMORY_MIB}`,
    main,
    '--worker',
    '--world',
    name,
    ...(isQuick ? ['--quick'] : []),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  running.delete(child);
  if (code !== 0) throw new Error(`the worker for ${name} ended with ${code}`);
  return JSON.parse(output) as ModelResult; // a worker prints nothing else
}
