/**
 * One cluster, from its start to the result of its checks: its load, and one fault a round.
 *
 * 1. What is done, to whom and in which order, follows from the seed; at which command it strikes depends on the machine.
 */
import { Random } from '../support/random.js';
import { patientClient } from '../crash/patient-client.js';
import { Asked } from './checks/asked.js';
import { Cluster, SHARDS } from './cluster.js';
import { type FaultKind, kindsWith, planFaults } from './fault-plan.js';
import { inflict } from './faults.js';
import { Load } from './load.js';
import { symbolsOf } from './market.js';
import type { ClusterCrashOptions } from './options.js';
import { Outages } from './outages.js';
import { Producer } from './producer.js';
import { judge, type CheckResult } from './checks/checker.js';
import { sayKept, summarize } from './checks/report.js';
import { playRound, type Round } from './rounds.js';
import type { CrashRun } from './running.js';

const LISTING = { tickSize: '1', lotSize: '1' };

export class ChaosRun implements CrashRun<CheckResult> {
  readonly asked = new Asked(SHARDS);
  readonly outages = new Outages();
  readonly symbols = symbolsOf(SHARDS);
  /** How often each was done. */
  readonly faults = new Map<FaultKind, number>();
  readonly startedMs = performance.now();
  round = 0;
  isInterrupted = false;
  cluster: Cluster | undefined;
  load: Load | undefined;
  producer: Producer | undefined;
  private readonly random: Random;

  constructor(
    private readonly folder: string,
    private readonly options: ClusterCrashOptions,
    private readonly onRound: (round: Round) => void,
  ) {
    this.random = new Random(options.seed);
  }

  /** Throws a Violation when a promise was not kept. */
  async run(): Promise<CheckResult> {
    const { nodes, rounds, only } = this.options;
    const cluster = await Cluster.start(this.folder, { nodes });
    this.cluster = cluster;
    const [first] = cluster.members;
    const client = patientClient(first?.url ?? '');
    for (const symbol of this.symbols) await client.putInstrument(symbol, LISTING);
    const { load, producer } = this.begin(cluster);
    const kinds = kindsWith(nodes).filter((kind) => only.length === 0 || only.includes(kind));
    for (const kind of planFaults(kinds, rounds, this.random)) {
      if (this.isInterrupted) break;
      await this.playRound(kind, cluster);
    }
    load.end();
    producer.end();
    await Promise.all([load.over, producer.over]);
    return judge(cluster, this.asked, this.random);
  }

  /** Ends all processes. Requests under way fail by it. */
  async end(): Promise<void> {
    this.load?.end();
    this.producer?.end();
    await this.cluster?.end();
  }

  async interrupt(): Promise<void> {
    this.isInterrupted = true;
    await this.end();
  }

  summarize(result: CheckResult): void {
    const { asked, faults, load, cluster, startedMs } = this;
    const takeOversMs = (cluster?.members ?? []).flatMap(({ takeOvers }) => takeOvers.map(({ tookMs }) => tookMs));
    const silencesMs = this.outages.durationsMs();
    summarize({ asked, faults, triedAgain: load?.triedAgain ?? 0, silencesMs, takeOversMs }, result);
    sayKept(startedMs);
  }

  private begin(cluster: Cluster): { readonly load: Load; readonly producer: Producer } {
    const { asked, outages, symbols } = this;
    const urls = cluster.members.map(({ url }) => url);
    const load = new Load({ urls, symbols, asked, outages, random: this.another() });
    const { topic, brokers } = cluster.logs;
    const producer = new Producer({ brokers, topic, symbols, asked, random: this.another() });
    this.load = load;
    this.producer = producer;
    return { load, producer };
  }

  private async playRound(kind: FaultKind, cluster: Cluster): Promise<void> {
    const number = ++this.round;
    const { random, outages, asked, options } = this;
    for (const answers of asked.perShard) answers.round = number;
    const round = await playRound(number, kind, {
      random,
      seconds: options.seconds,
      progress: () => ({ acknowledged: asked.acknowledged, written: asked.written, areOver: outages.areOver }),
      inflict: () => inflict(kind, { cluster, random, outages }),
      whole: () => cluster.whole(),
    });
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
    this.onRound(round);
  }

  private another(): Random {
    return new Random(1 + this.random.below(0x7fff_fffe));
  }
}
