import { spawn } from 'node:child_process';
import path from 'node:path';
import { plantedCopy } from '../../support/mutation/planted-copy.js';
import type { SimulationOptions } from '../options.js';
import { mutantsByName } from './mutants.js';

/** Runs the simulation of a mutant, a copy of the program with one planted bug, in a process of its own. Resolves to its exit code. */
export async function runMutant(name: string, options: SimulationOptions): Promise<number> {
  const mutant = mutantsByName[name];
  if (mutant === undefined) throw new Error(`there is no mutant ${name}`);
  const { seed, seeds, workers, isVerbose } = options;
  const args = ['--seed', String(seed), '--workers', String(workers), '--planted', name];
  if (!isVerbose) args.push('--seeds', String(seeds));
  const main = path.join(plantedCopy(mutant), 'test/simulation/main.js');
  const child = spawn(process.execPath, [main, ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}
