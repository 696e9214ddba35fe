/** Rounds on embedded logs: histories to work on, made anew now and then, and one operation a round. */
import fs from 'node:fs';
import path from 'node:path';
import { Random } from '../../bench/random.js';
import type { Round } from '../round.js';
import { inDrawnOrder } from '../script.js';
import { hasOption } from '../serve.js';
import { playDown, type Features } from './down.js';
import { makeHistory } from './history.js';
import type { Ground, Operation } from './operation.js';
import { operations } from './operations.js';
import { playRunning } from './running.js';
import { type RunningOperation, runningOperations } from './running-operations.js';

export const embeddedNames: readonly string[] = [...operations, ...runningOperations].map(({ name }) => name);

type Histories = Omit<Ground, 'folder' | 'random'>;

/** As many operations as there are come before one comes again. */
const ROUNDS_ON_HISTORY = 24;
const MOST_SEED = 0x7fff_fffe;
const LIVES = [24, 18, 14];
const OTHER_LIVES = [30, 9];

export class EmbeddedSession {
  private histories: Histories | undefined;
  private features: Features | undefined;
  private readonly random: Random;

  constructor(
    private readonly folder: string,
    private readonly seed: number,
    names: readonly string[],
  ) {
    this.random = new Random(seed);
    this.names = inDrawnOrder(names, this.random);
  }

  private readonly names: readonly string[];

  async play(round: number): Promise<Round> {
    this.features ??= {
      hasAnchors: await hasOption('audit', '--expect'),
      acceptsLoss: await hasOption('serve', '--accept-loss'),
    };
    if (this.histories === undefined || round % ROUNDS_ON_HISTORY === 0) {
      this.histories = await this.makeHistories(round - (round % ROUNDS_ON_HISTORY));
    }
    const name = this.names[round % this.names.length];
    const ground = { ...this.histories, random: new Random(1 + ((this.seed + 7919 * round) % MOST_SEED)) };
    const folder = path.join(this.folder, `round-${round}`);
    fs.mkdirSync(folder);
    const running = runningOperations.find(isCalled(name));
    if (running !== undefined) return playRunning(folder, running, ground, this.features);
    const down = operations.find(isCalled(name));
    if (down === undefined) throw new Error(`there is no operation ${name}`);
    return playDown(folder, down, ground, this.features);
  }

  private async makeHistories(round: number): Promise<Histories> {
    const seed = 1 + ((this.seed + round) % MOST_SEED);
    const place = (name: string): string => path.join(this.folder, `${name}-${round}`);
    const [own, twin, stranger] = await Promise.all([
      makeHistory(place('own'), { seed, lots: 1, lives: LIVES }),
      makeHistory(place('twin'), { seed, lots: 2, lives: LIVES }),
      makeHistory(place('stranger'), { seed: seed + 1, lots: 1, lives: OTHER_LIVES }),
    ]);
    return { own, twin, stranger };
  }
}

function isCalled(name: string | undefined): (operation: Operation | RunningOperation) => boolean {
  return (operation) => operation.name === name;
}
