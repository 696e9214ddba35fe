/** Draws the operation and the folder of each round, on any kind of log. */
import fs from 'node:fs';
import path from 'node:path';
import { Random } from '../../support/random.js';
import { inDrawnOrder } from '../script.js';

const MOST_SEED = 0x7fff_fffe;

/** What a round begins with: its operation, and a folder, a seed and lots of its own. */
export interface DrawnRound<Operation> {
  readonly operation: Operation;
  readonly folder: string;
  readonly seed: number;
  readonly random: Random;
}

/** Operations in an order that follows from a seed: each comes once before one comes again. */
export class DrawnRounds<Operation extends { readonly name: string }> {
  private readonly names: readonly string[];

  constructor(
    private readonly folder: string,
    private readonly seed: number,
    names: readonly string[],
    private readonly operations: readonly Operation[],
  ) {
    this.names = inDrawnOrder(names, new Random(seed));
  }

  begin(round: number): DrawnRound<Operation> {
    const name = this.names[round % this.names.length];
    const operation = this.operations.find((each) => each.name === name);
    if (operation === undefined) throw new Error(`there is no operation ${name}`);
    const folder = path.join(this.folder, `round-${round}`);
    fs.mkdirSync(folder);
    const seed = 1 + ((this.seed + 7919 * round) % MOST_SEED);
    return { operation, folder, seed, random: new Random(seed) };
  }
}
