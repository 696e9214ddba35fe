/** Lives of logs, two at a time. */
import fs from 'node:fs';
import path from 'node:path';
import { conclude, expectCleanAudit } from './conclusion.js';
import { CrashingProcess } from './process.js';
import type { PlannedLife } from './plan.js';
import type { Scenario } from './scenarios.js';
import { settle } from './settling.js';
import { Tally } from './tally.js';
import { Tmpfs } from './tmpfs.js';
import { eventually, Violation } from './violation.js';

export interface Failure {
  readonly planned: PlannedLife;
  readonly round: number;
  readonly message: string;
  /** What is left of the log. */
  readonly folder: string;
}

const LANES = 2;
const MOST_ROUNDS_TO_FAIL = 8;

/**
 * Runs all lives.
 *
 * 1. The folder of a life is removed when it is over, but for one that failed. No process outlives its life.
 * 2. A scenario in which a life failed is not gone on with.
 */
export class Lanes {
  readonly tallies = new Map<Scenario, Tally>();
  readonly failures: Failure[] = [];
  private readonly living = new Set<CrashingProcess>();
  private readonly interruption = new AbortController();

  constructor(
    private readonly folder: string,
    private readonly disk: string | undefined,
    private readonly onOver: (scenario: Scenario, tally: Tally) => void,
  ) {
    // Should this process end by an error of its own.
    process.once('exit', () => void this.interrupt());
  }

  async run(lives: readonly PlannedLife[]): Promise<void> {
    const queue = [...lives];
    const left = new Map<Scenario, number>();
    for (const { scenario } of lives) left.set(scenario, (left.get(scenario) ?? 0) + 1);
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && !this.isInterrupted; next = queue.shift()) {
        const { scenario } = next;
        await this.live(next);
        left.set(scenario, (left.get(scenario) ?? 0) - 1);
        if (left.get(scenario) === 0) this.finish(scenario);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  get isInterrupted(): boolean {
    return this.interruption.signal.aborted;
  }

  /** Ends everything. What is under way fails by it, and nobody is told. */
  async interrupt(): Promise<void> {
    this.interruption.abort();
    await Promise.all([...this.living].map((life) => life.end()));
  }

  private finish(scenario: Scenario): void {
    if (!this.isInterrupted) this.onOver(scenario, this.tallyOf(scenario));
  }

  private tallyOf(scenario: Scenario): Tally {
    const tally = this.tallies.get(scenario) ?? new Tally();
    this.tallies.set(scenario, tally);
    return tally;
  }

  private async live(planned: PlannedLife): Promise<void> {
    const { scenario, number, seed } = planned;
    if (this.failures.some((failure) => failure.planned.scenario === scenario)) return;
    const tally = this.tallyOf(scenario);
    const startedMs = performance.now();
    const folder = path.join(this.folder, `${scenario.name}-${number}`);
    fs.mkdirSync(folder);
    const life = new CrashingProcess({ folder, seed, disk: scenario.losesPower ? this.disk : undefined, tally });
    this.living.add(life);
    const failure = await this.play(planned, life);
    await life.end();
    this.living.delete(life);
    tally.acknowledged += life.answers.acknowledged;
    tally.seconds += (performance.now() - startedMs) / 1_000;
    if (failure !== undefined && !this.isInterrupted) {
      Tmpfs.keep(life);
      this.failures.push(failure);
    } else {
      this.remove(life);
    }
  }

  private remove({ folder, data }: CrashingProcess): void {
    Tmpfs.unmount(data);
    fs.rmSync(folder, { recursive: true, force: true });
  }

  /** What went wrong, if anything did. */
  private async play({ scenario, rounds, ...rest }: PlannedLife, life: CrashingProcess): Promise<Failure | undefined> {
    const planned = { scenario, rounds, ...rest };
    let round = 0;
    try {
      if (scenario.isToFail === true) return await playToFail(planned, life);
      while (round < rounds) {
        round++;
        await scenario.round(life);
        if (life.random.chance(1, 6)) await expectCleanAudit(life.where);
      }
      await conclude(life);
      return undefined;
    } catch (error) {
      return { planned, round, message: textOf(error), folder: life.folder };
    }
  }
}

/** Rounds until the checks find that something was lost. */
async function playToFail(planned: PlannedLife, life: CrashingProcess): Promise<Failure | undefined> {
  for (let round = 0; round < MOST_ROUNDS_TO_FAIL; round++) {
    await planned.scenario.round(life);
    const found = await findLoss(life);
    if (found === undefined) continue;
    life.tally.count('times expected to fail, and failed');
    if (life.tally.notes.size === 0) life.tally.notes.add(`such as: ${found}`);
    return undefined;
  }
  const message = `what a lying disk lost was not found in ${MOST_ROUNDS_TO_FAIL} rounds`;
  return { planned, round: MOST_ROUNDS_TO_FAIL, message, folder: life.folder };
}

/** The first line of what the checks say, if they say anything. */
async function findLoss(life: CrashingProcess): Promise<string | undefined> {
  const serving = life.begin();
  try {
    await eventually('the start of the server', serving.listening);
    await settle(life, serving);
    return undefined;
  } catch (error) {
    return textOf(error).split('\n', 1)[0];
  } finally {
    await serving.end('SIGKILL');
  }
}

function textOf(error: unknown): string {
  if (error instanceof Violation) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
