/**
 * One cluster in containers, from its start to the result of its checks: those who ask it, and one fault a round.
 *
 * 1. What is done, to whom and in which order, follows from the seed and from who owns what; at which command it strikes depends on the
 *    machine.
 */
import fs from 'node:fs';
import path from 'node:path';
import { judge, type CheckResult } from '../cluster-crash/checks/checker.js';
import { sayKept, summarize } from '../cluster-crash/checks/report.js';
import { planFaults } from '../cluster-crash/fault-plan.js';
import { symbolsOf } from '../cluster-crash/market.js';
import { takeOversIn } from '../cluster-crash/member.js';
import { playRound, type Round } from '../cluster-crash/rounds.js';
import type { CrashRun } from '../cluster-crash/running.js';
import { patientClient } from '../crash/patient-client.js';
import { Violation } from '../crash/violation.js';
import { Random } from '../support/random.js';
import { say } from '../support/rig.js';
import { type AllAsked, Asking } from './asking.js';
import { type FaultKind, faults } from './faults/kinds.js';
import { type ContainerCrashOptions, kindsOf } from './options.js';
import { askedJson } from './programs/asked-json.js';
import { countEndings } from './report.js';
import { type Scene, SHARDS } from './scene/scene.js';
import { Stage } from './stage.js';

const LISTING = { tickSize: '1', lotSize: '1' };

export class ChaosRun implements CrashRun<CheckResult> {
  round = 0;
  isInterrupted = false;
  private readonly startedMs = performance.now();
  private readonly random: Random;
  /** How often each was done. */
  private readonly done = new Map<FaultKind, number>();
  private readonly stage = new Stage();
  private scene: Scene | undefined;
  private all: AllAsked | undefined;
  private takeOversMs: readonly number[] = [];

  constructor(
    private readonly folder: string,
    private readonly options: ContainerCrashOptions,
    private readonly onRound: (round: Round) => void,
  ) {
    this.random = new Random(options.seed);
  }

  async run(): Promise<CheckResult> {
    const { folder, options, random } = this;
    const scene = await this.stage.make(folder, options, SHARDS);
    this.scene = scene;
    try {
      await scene.start();
      const client = patientClient(scene.members[0]?.url ?? '', undefined, scene.key);
      for (const symbol of symbolsOf(SHARDS)) await client.putInstrument(symbol, LISTING);
      const asking = await Asking.start(scene, random);
      for (const kind of planFaults(kindsOf(options), options.rounds, random)) {
        if (this.isInterrupted) break;
        await this.playRound(kind, scene, asking);
      }
      this.all = await asking.end();
      const result = await judge(scene, this.all.asked, random);
      await this.readSayings(scene);
      return result;
    } catch (error) {
      if (!this.isInterrupted) await scene.keepSayings(folder);
      if (this.all !== undefined)
        fs.writeFileSync(path.join(folder, 'asked.json'), JSON.stringify(askedJson(this.all.asked)));
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

  summarize(result: CheckResult): void {
    const { all, done, takeOversMs, scene, startedMs } = this;
    if (all === undefined || scene === undefined) return;
    summarize({ ...all, faults: done, takeOversMs }, result);
    for (const line of countEndings(scene.watch.endings)) say(`ended by itself    ${line}`);
    sayKept(startedMs);
  }

  private async playRound(kind: FaultKind, scene: Scene, asking: Asking): Promise<void> {
    const number = ++this.round;
    const { random } = this;
    asking.round(number);
    const round = await playRound(number, kind, {
      random,
      seconds: this.options.seconds,
      progress: () => asking.progress,
      inflict: async () => {
        await faults[kind].inflict({ scene, random, strikes: (shards) => asking.strikes(kind, shards) });
        asking.mended();
      },
      whole: () => scene.whole(),
    });
    this.done.set(kind, (this.done.get(kind) ?? 0) + 1);
    this.onRound(round);
    await scene.watch.settled();
    Violation.throwIfAny(scene.surprises());
  }

  private async readSayings(scene: Scene): Promise<void> {
    const said = await Promise.all(scene.members.map(({ container }) => container.saying()));
    this.takeOversMs = said.flatMap(takeOversIn).map(({ tookMs }) => tookMs);
  }
}
