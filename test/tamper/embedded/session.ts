/** Rounds on embedded logs: one operation a round, on histories that are replaced by new ones now and then. */
import path from 'node:path';
import { DrawnRounds } from '../remote/drawn-rounds.js';
import type { Round } from '../round.js';
import { hasOption } from '../serve.js';
import { playDown, type Features } from './down.js';
import { makeHistory } from './history.js';
import type { Ground } from './operation.js';
import { operations } from './operations.js';
import { playRunning } from './running.js';
import { runningOperations } from './running-operations.js';

interface Playable {
  readonly name: string;
  readonly play: (folder: string, ground: Omit<Ground, 'folder'>, features: Features) => Promise<Round>;
}

const playable: readonly Playable[] = [
  ...operations.map((operation): Playable => ({
    name: operation.name,
    play: (folder, ground, features) => playDown(folder, operation, ground, features),
  })),
  ...runningOperations.map((operation): Playable => ({
    name: operation.name,
    play: (folder, ground, features) => playRunning(folder, operation, ground, features),
  })),
];

export const embeddedNames: readonly string[] = playable.map(({ name }) => name);

type Histories = Omit<Ground, 'folder' | 'random'>;

/** As many operations as there are come before one comes again. */
const ROUNDS_ON_HISTORY = 24;
const MOST_SEED = 0x7fff_fffe;
const POSTS_PER_PROCESS = [24, 18, 14];
const OTHER_POSTS_PER_PROCESS = [30, 9];

export class EmbeddedSession {
  private histories: Histories | undefined;
  private features: Features | undefined;
  private readonly rounds: DrawnRounds<Playable>;

  constructor(
    private readonly folder: string,
    private readonly seed: number,
    names: readonly string[],
  ) {
    this.rounds = new DrawnRounds(folder, seed, names, playable);
  }

  async play(round: number): Promise<Round> {
    this.features ??= {
      hasAnchors: await hasOption('audit', '--expect'),
      acceptsLoss: await hasOption('serve', '--accept-loss'),
    };
    if (this.histories === undefined || round % ROUNDS_ON_HISTORY === 0) {
      this.histories = await this.makeHistories(round - (round % ROUNDS_ON_HISTORY));
    }
    const { operation, folder, random } = this.rounds.begin(round);
    return operation.play(folder, { ...this.histories, random }, this.features);
  }

  private async makeHistories(round: number): Promise<Histories> {
    const seed = 1 + ((this.seed + round) % MOST_SEED);
    const place = (name: string): string => path.join(this.folder, `${name}-${round}`);
    const [own, twin, stranger] = await Promise.all([
      makeHistory(place('own'), { seed, lots: 1, postsPerProcess: POSTS_PER_PROCESS }),
      makeHistory(place('twin'), { seed, lots: 2, postsPerProcess: POSTS_PER_PROCESS }),
      makeHistory(place('stranger'), { seed: seed + 1, lots: 1, postsPerProcess: OTHER_POSTS_PER_PROCESS }),
    ]);
    return { own, twin, stranger };
  }
}
