/**
 * The cluster in containers as clients see it: the clients of a history ask it, one fault strikes a round, and the checker of histories
 * plays it all through.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { planFaults } from '../cluster-crash/fault-plan.js';
import type { CrashRun } from '../cluster-crash/running.js';
import { Violation } from '../crash/violation.js';
import { check, type CheckResult } from '../history/checker/check.js';
import type { History } from '../history/checker/history.js';
import { Clients, type StartProgram } from '../history/clients/clients.js';
import { writeHistory } from '../history/clients/history-file.js';
import type { FromClients, ToClients } from '../history/clients/messages.js';
import { countOperations, neverSeen, sayCounts, sayFindings } from '../history/report.js';
import { Random } from '../support/random.js';
import { say } from '../support/rig.js';
import { faults } from './faults/kinds.js';
import { type ContainerCrashOptions, kindsOf } from './options.js';
import { countEndings } from './report.js';
import { ContainedProgram } from './scene/program.js';
import type { Scene } from './scene/scene.js';
import { Stage } from './stage.js';

const LANES = 16;
const CLIENTS_NUMBER = 5;
const FIRST_MS = 1_500;
/** On a slow machine it takes longer until everything has been asked once. */
const MOST_MS_MORE = 120_000;
const MOST_SEED = 0x7fff_fffe;

/** What the clients asked, and what the checker says of it. */
export interface Checked {
  readonly history: History;
  readonly result: CheckResult;
}

export class HistoryRun implements CrashRun<Checked> {
  round = 0;
  isInterrupted = false;
  private readonly random: Random;
  private readonly done = new Map<string, number>();
  private readonly stage = new Stage();
  private scene: Scene | undefined;

  constructor(
    private readonly folder: string,
    private readonly options: ContainerCrashOptions,
  ) {
    this.random = new Random(options.seed);
  }

  async run(): Promise<Checked> {
    const { folder, options } = this;
    const scene = await this.stage.make(folder, options, 1);
    this.scene = scene;
    try {
      await scene.start();
      const history = await this.record(scene);
      return { history, result: this.judge(history) };
    } catch (error) {
      if (!this.isInterrupted) await scene.keepSayings(folder);
      throw error;
    }
  }

  end(): Promise<void> {
    return this.stage.end();
  }

  async interrupt(): Promise<void> {
    this.isInterrupted = true;
    await this.end();
  }

  summarize({ history, result }: Checked): void {
    sayCounts(say, '\nasked', countOperations(history.operations));
    sayCounts(say, 'done to it', this.done);
    sayCounts(say, 'looked at', Object.entries(result.looked));
    for (const line of countEndings(this.scene?.watch.endings ?? [])) say(`ended by itself    ${line}`);
    say('clean');
  }

  private async record(scene: Scene): Promise<History> {
    const { options, random } = this;
    const clients = new Clients(startIn(scene));
    const urls = scene.members.map(({ clientsUrl }) => clientsUrl);
    await clients.begin({ urls, key: scene.key, seed: random.between(1, MOST_SEED), lanes: LANES });
    for (const kind of planFaults(kindsOf(options), options.rounds, random)) {
      if (this.isInterrupted) break;
      const beganMs = performance.now();
      await sleep(FIRST_MS + random.below(1_000));
      await faults[kind].inflict({ scene, random, strikes: () => undefined });
      await scene.whole();
      await sleep(Math.max(0, options.seconds * 1_000 - (performance.now() - beganMs)));
      this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
      const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
      say(`round ${String(++this.round).padStart(3)}  ${kind.padEnd(18)} ${seconds.padStart(6)} s`);
      await scene.watch.settled();
      Violation.throwIfAny(scene.surprises());
    }
    await Promise.race([clients.enough(), sleep(MOST_MS_MORE, undefined, { ref: false })]);
    await clients.rest();
    await scene.restartAll();
    return clients.end();
  }

  /** Throws a Violation for what the checker has found; the history is kept beside what the containers said. Throws where it says little. */
  private judge(history: History): CheckResult {
    const result = check(history);
    const { findings } = result;
    const missing = neverSeen(history);
    if (findings.length === 0 && missing.length > 0) throw new Error(`these never happened: ${missing.join(', ')}`);
    if (findings.length === 0) return result;
    writeHistory(path.join(this.folder, 'history.jsonl'), history);
    sayFindings(say, result);
    throw new Violation(`${findings.length} findings; the history is history.jsonl, for npm run history -- --check`);
  }
}

function startIn(scene: Scene): StartProgram {
  const place = {
    role: 'clients',
    number: CLIENTS_NUMBER,
    networks: ['clients'],
    file: 'test/history/clients/main.js',
  } as const;
  return (begin, take) => ContainedProgram.start<ToClients, FromClients>(scene, place, { begin }, take);
}
