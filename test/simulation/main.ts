/** `npm run simulate`: runs the whole exchange in a simulated world, seed by seed, and looks for anything that must not be. */
import { availableParallelism } from 'node:os';
import { ExitCode, runRig } from '../support/rig.js';
import { readOptions, type SimulationOptions, usage } from './options.js';
import { runMutant } from './mutants/mutant-run.js';
import { Summary } from './report.js';
import { runSeed } from './seed-run.js';
import { runSeeds } from './worker-pool.js';

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args, availableParallelism());
  if (options.plant !== undefined) return runMutant(options.plant, options);
  return simulate(options);
}

async function simulate({ seed, seeds, workers, isVerbose, planted }: SimulationOptions): Promise<number> {
  const summary = new Summary();
  const startedAt = performance.now();
  if (isVerbose) {
    summary.add(await runSeed(seed, (line) => process.stdout.write(`${line}\n`)));
  } else {
    await runSeeds(seed, seeds, workers, (report) => {
      summary.add(report);
    });
  }
  process.stdout.write(summary.table((performance.now() - startedAt) / 1_000));
  const failure = summary.failure(planted);
  if (failure === undefined) return ExitCode.Fine;
  process.stdout.write(`\n${failure}`);
  return ExitCode.Violated;
}

await runRig('simulate', usage, main);
