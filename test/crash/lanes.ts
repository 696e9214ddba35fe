/** Plays the planned runs, two at a time, each on a log of its own. */
import fs from 'node:fs';
import path from 'node:path';
import { conclude, expectCleanAudit } from './conclusion.js';
import { CrashingProcess } from './process.js';
import type { PlannedRun } from './plan.js';
import type { Scenario } from './scenarios.js';
import { settle } from './settling.js';
import { Tally } from './tally.js';
import { Tmpfs } from './tmpfs.js';
import { eventually, Violation } from './violation.js';

export interface Failure {
  readonly planned: PlannedRun;
  readonly round: number;
  readonly message: string;
  /** What is left of the log. */
  readonly folder: string;
}

const LANES = 2;
const MOST_ROUNDS_TO_FAIL = 8;

/**
 * Plays all runs.
 *
 * 1. The folder of a run is removed when the run is over, unless it failed. No process outlives its run.
 * 2. Once a run of a scenario has failed, no other run of it begins.
 */
export class Lanes {
  readonly tallies = new Map<Scenario, Tally>();
  readonly failures: Failure[] = [];
  private readonly running = new Set<CrashingProcess>();
  private readonly interruption = new AbortController();

  constructor(
    private readonly folder: string,
    private readonly disk: string | undefined,
    private readonly onOver: (scenario: Scenario, tally: Tally) => void,
  ) {
    // Should this process end by an error of its own.
    process.once('exit', () => void this.interrupt());
  }

  async run(runs: readonly PlannedRun[]): Promise<void> {
    const queue = [...runs];
    const left = new Map<Scenario, number>();
    for (const { scenario } of runs) left.set(scenario, (left.get(scenario) ?? 0) + 1);
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && !this.isInterrupted; next = queue.shift()) {
        const { scenario } = next;
        await this.runOne(next);
        left.set(scenario, (left.get(scenario) ?? 0) - 1);
        if (left.get(scenario) === 0) this.finish(scenario);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  get isInterrupted(): boolean {
    return this.interruption.signal.aborted;
  }

  /** Ends everything. The runs under way fail by it, which is not reported. */
  async interrupt(): Promise<void> {
    this.interruption.abort();
    await Promise.all([...this.running].map((run) => run.end()));
  }

  private finish(scenario: Scenario): void {
    if (!this.isInterrupted) this.onOver(scenario, this.tallyOf(scenario));
  }

  private tallyOf(scenario: Scenario): Tally {
    const tally = this.tallies.get(scenario) ?? new Tally();
    this.tallies.set(scenario, tally);
    return tally;
  }

  private async runOne(planned: PlannedRun): Promise<void> {
    const { scenario, number, seed } = planned;
    if (this.failures.some((failure) => failure.planned.scenario === scenario)) return;
    const tally = this.tallyOf(scenario);
    const startedMs = performance.now();
    const folder = path.join(this.folder, `${scenario.name}-${number}`);
    fs.mkdirSync(folder);
    const { shards = 1, losesPower } = scenario;
    const run = new CrashingProcess({ folder, seed, shards, disk: losesPower ? this.disk : undefined, tally });
    this.running.add(run);
    const failure = await this.play(planned, run);
    await run.end();
    this.running.delete(run);
    tally.acknowledged += run.answers.acknowledged;
    tally.seconds += (performance.now() - startedMs) / 1_000;
    if (failure !== undefined && !this.isInterrupted) {
      Tmpfs.keep(run);
      this.failures.push(failure);
    } else {
      this.remove(run);
    }
  }

  private remove({ folder, data }: CrashingProcess): void {
    Tmpfs.unmount(data);
    fs.rmSync(folder, { recursive: true, force: true });
  }

  /** What went wrong, if anything did. */
  private async play({ scenario, rounds, ...rest }: PlannedRun, run: CrashingProcess): Promise<Failure | undefined> {
    const planned = { scenario, rounds, ...rest };
    let round = 0;
    try {
      if (scenario.isToFail === true) return await playToFail(planned, run);
      while (round < rounds) {
        round++;
        await scenario.round(run);
        if (run.random.chance(1, 6)) await expectCleanAudit(run.where);
      }
      await conclude(run);
      return undefined;
    } catch (error) {
      return { planned, round, message: textOf(error), folder: run.folder };
    }
  }
}

/** Rounds until the checks find that something was lost. */
async function playToFail(planned: PlannedRun, run: CrashingProcess): Promise<Failure | undefined> {
  for (let round = 0; round < MOST_ROUNDS_TO_FAIL; round++) {
    await planned.scenario.round(run);
    const found = await findLoss(run);
    if (found === undefined) continue;
    run.tally.count('times expected to fail, and failed');
    if (run.tally.notes.size === 0) run.tally.notes.add(`such as: ${found}`);
    return undefined;
  }
  const message = `what a lying disk lost was not found in ${MOST_ROUNDS_TO_FAIL} rounds`;
  return { planned, round: MOST_ROUNDS_TO_FAIL, message, folder: run.folder };
}

/** The first line of what the checks say, if they say anything. */
async function findLoss(run: CrashingProcess): Promise<string | undefined> {
  const serving = run.begin();
  try {
    await eventually('the start of the server', serving.listening);
    await settle(run, serving);
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
