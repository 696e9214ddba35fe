/**
 * One log and the many server processes that run on it, one after the other: starts them, puts them under load, kills them, cuts the
 * power of their disk, and compares what is left with what clients were answered.
 *
 * Owns: a folder with the log (`data`), the undo journals and the page of faults; the processes started on it.
 *
 * 1. Between two calls of `losePower` the journals are kept: what a killed process left unsynced may be lost with a later one.
 */
import fs from 'node:fs';
import path from 'node:path';
import { EmbeddedLog } from '../../infra/embedded/embedded-log.js';
import { Random } from '../support/random.js';
import type { StartOptions } from '../support/cli/parley.js';
import { Serving } from '../support/cli/serving.js';
import { AnswersOfShards } from './answers-of-shards.js';
import { FaultPage } from './disk/fault-page.js';
import { losePower } from './disk/power-loss.js';
import { Load } from './load.js';
import type { Tally } from './tally.js';
import { eventually, mustBecome } from './violation.js';

const LONGEST_PAUSE_MS = 15;
const SNAPSHOT_EVERY = 1_500;
const CHANGED = 'the log was changed';
/** In seconds: farther than its clock is ever set back. */
const MAX_AHEAD = '86400';
/** A disk that takes its time: most kills then fall into a sync. */
const SYNC_MICROS = 2_000;

export interface CrashingProcessOptions {
  /** Its own, to be made and removed by the caller. */
  readonly folder: string;
  readonly seed: number;
  /** The preloaded library; without it power is never lost. */
  readonly disk: string | undefined;
  readonly tally: Tally;
  /** How many shards the folder is divided into; one where it is not. */
  readonly shards: number;
}

export class CrashingProcess {
  readonly random: Random;
  readonly answers: AnswersOfShards;
  readonly faults: FaultPage;
  readonly tally: Tally;
  /** How long the latest start took. */
  startMs = 0;
  hasTakenOver = false;
  readonly data: string;
  private readonly running = new Set<Serving>();
  private isOver = false;
  private readonly journals: string;

  constructor(private readonly options: CrashingProcessOptions) {
    this.random = new Random(options.seed);
    this.tally = options.tally;
    this.answers = new AnswersOfShards(options.shards);
    this.data = path.join(options.folder, 'data');
    this.journals = path.join(options.folder, 'journals');
    fs.mkdirSync(this.journals, { recursive: true });
    fs.mkdirSync(this.data);
    this.faults = new FaultPage(path.join(options.folder, 'faults'));
    this.faults.set({ random: 1 + this.random.below(0x7fff_fffe), syncMicros: SYNC_MICROS });
  }

  get folder(): string {
    return this.options.folder;
  }

  /** The options by which a verb finds the log. */
  get where(): readonly string[] {
    return ['--data', this.data];
  }

  /** The same for the log of each shard. */
  get whereOfEach(): readonly (readonly string[])[] {
    const { shards } = this.options;
    if (shards === 1) return [this.where];
    return Array.from({ length: shards }, (_, shard) => [...this.where, '--shard', String(shard)]);
  }

  /** For readers: that of each shard, in their order. */
  get logs(): readonly EmbeddedLog[] {
    const { shards } = this.options;
    if (shards === 1) return [new EmbeddedLog({ folder: this.data })];
    return Array.from({ length: shards }, (_, shard) => {
      return new EmbeddedLog({ folder: path.join(this.data, `shard-${shard}`), shard });
    });
  }

  get hasDisk(): boolean {
    return this.options.disk !== undefined;
  }

  /** The time of day as the server has it. */
  readonly nowMs = (): number => Date.now() + this.faults.get('clockOffsetMs');

  /** Starts a server, and does not wait for it. */
  begin(args: readonly string[] = [], options: StartOptions = {}): Serving {
    if (this.isOver) throw new Error('no server is started any more');
    this.answers.nextRound();
    this.hasTakenOver ||= args.includes('--take-over');
    const snapshots = this.random.chance(1, 2) ? SNAPSHOT_EVERY : 0;
    const all = ['--data', this.data, '--snapshot-every', String(snapshots), '--max-clock-ahead', MAX_AHEAD, ...args];
    if (this.options.shards > 1) all.push('--shards', String(this.options.shards));
    const serving = Serving.begin(all, { ...options, env: this.environment() });
    this.running.add(serving);
    const number = `${this.answers.round}`.padStart(3, '0');
    void serving.ended.then((code) => {
      this.running.delete(serving);
      const said = `${serving.stderr}${serving.killedBy ?? `exit code ${code}`}\n`;
      fs.writeFileSync(path.join(this.folder, `server-${number}.said`), said);
      // Nobody changes a log that is served here.
      if (serving.stderr.includes(CHANGED)) this.answers.ofShard(0).findings.push(`server ${number} said: ${CHANGED}`);
      this.tally.tornTails += serving.stderr.split('torn tail cut back').length - 1;
    });
    return serving;
  }

  async start(args: readonly string[] = [], options: StartOptions = {}): Promise<Serving> {
    const beganMs = performance.now();
    const serving = this.begin(args, options);
    await eventually('the start of the server', serving.listening);
    this.startMs = performance.now() - beganMs;
    return serving;
  }

  load(serving: Serving, most: number): Load {
    const { answers, nowMs } = this;
    return new Load(serving.url, { answers, nowMs, most, random: new Random(1 + this.random.below(0x7fff_fffe)) });
  }

  async kill(serving: Serving): Promise<void> {
    await eventually('the end of a killed server', serving.end('SIGKILL'));
    this.tally.kills++;
  }

  /** Waits until up to so many more commands have been acknowledged, or the load is over, and then a moment: the server is in the middle of its work. */
  async moment(load: Load, mostCommands: number): Promise<void> {
    const { answers, random } = this;
    const enough = answers.acknowledged + random.below(mostCommands);
    const isEnough = (): boolean => answers.acknowledged >= enough || load.isOver;
    await mustBecome(() => 'a load is not answered, and does not end', isEnough, 1);
    await this.sleep(random.below(LONGEST_PAUSE_MS));
  }

  /** Waits for a server that is to be killed by the disk; kills it where that does not happen in time. */
  async awaitDeath(serving: Serving, ms: number): Promise<void> {
    await Promise.race([serving.ended, this.sleep(ms)]);
    await this.kill(serving);
    this.faults.set({ stepsToDeath: 0 });
  }

  /** All servers must be dead. */
  losePower(): void {
    if (!this.hasDisk) return;
    const { bytes, names, loss } = losePower(this.data, this.journals, this.random);
    this.tally.lostBytes += bytes;
    this.tally.lostNames += names;
    if (bytes + names > 0) this.tally.count(`power cuts: ${loss}`);
  }

  readonly sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  /** Kills what runs, and starts nothing any more. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all([...this.running].map((serving) => serving.end('SIGKILL')));
  }

  private environment(): Record<string, string> {
    const { disk, folder } = this.options;
    if (disk === undefined) return {};
    return {
      LD_PRELOAD: disk,
      PARLEY_DISK_FOLDER: this.data,
      PARLEY_DISK_JOURNAL: this.journals,
      PARLEY_DISK_FAULTS: path.join(folder, 'faults'),
      UV_USE_IO_URING: '0',
    };
  }
}
