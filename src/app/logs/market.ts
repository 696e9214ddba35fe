/** The shards of a market, for those who read logs and change nothing. */
import { shardOfSymbol } from '../../cluster/shard-of.js';
import { describe } from '../../log/evidence.js';
import type { ShardLog } from '../../log/port.js';
import { usage } from '../exit.js';
import { judge } from './judge.js';
import type { LogTarget } from './log-target.js';
import { NoLogError } from './no-log.js';
import { targetOf } from './targets.js';
import type { LogSettings } from './settings.js';
import { shardCount } from './shard-count.js';

/**
 * The shards that a verb reads: the one that `--shard` names, or all that there are.
 *
 * 1. A log that is taken from here has been compared with what lies beside it. Where they contradict each other a warning says so, and the
 *    verb ends with exit code 4, whatever it prints.
 * 2. With one shard nothing differs from a log of its own: `isSharded` is false, and no shard is named.
 */
export class ReadMarket {
  private readonly targets = new Map<number, LogTarget>();
  private readonly logs = new Map<number, ShardLog>();
  /** Whether something beside a log knows of events that it does not hold. */
  isContradicted = false;

  private constructor(
    /** In their order. */
    readonly shards: readonly number[],
    /** Whether these are all that the server has: none is named, and it could be asked. */
    readonly isWhole: boolean,
    private readonly makeTarget: (shard: number) => Promise<LogTarget>,
    private readonly warn: (text: string) => void,
  ) {}

  /** The shard that is named, or as many as the server says that there are. `warn` is told of contradictions. */
  static async of(settings: LogSettings, isNamed: boolean, warn: (text: string) => void): Promise<ReadMarket> {
    const count = isNamed ? 1 : await shardCount(settings);
    const shards = count === 1 ? [settings.shard] : Array.from({ length: count }, (_, shard) => shard);
    // A folder of one shard may be that of any shard of a market.
    const isWhole = !isNamed && (settings.kind !== 'embedded' || count > 1);
    return new ReadMarket(shards, isWhole, (shard) => targetOf({ ...settings, shard }), warn);
  }

  /** Whether there are several shards, so that what is printed has to name them. */
  get isSharded(): boolean {
    return this.shards.length > 1;
  }

  /** The shard as it is shown with a position; undefined where there is, as far as is known, no other. */
  shown(shard: number): number | undefined {
    return this.isSharded || shard > 0 ? shard : undefined;
  }

  /** Fails (usage) for a position of a log, where several logs are read: each shard has positions of its own. */
  mustBeOne(what: string): void {
    if (!this.isSharded) return;
    throw usage(
      `${what}: there are ${this.shards.length} shards, each with positions of its own: give --shard, or SHARD/POSITION`,
    );
  }

  /** The shard that lists a symbol, or would. */
  shardOfSymbol(symbol: string): number {
    const [first = 0] = this.shards;
    return this.isSharded ? shardOfSymbol(symbol, this.shards.length) : first;
  }

  /** The shard of an id, by what the id says; undefined for one that no shard here gave out. */
  home(shardOfId: number | undefined): number | undefined {
    if (!this.isSharded) return this.shards[0];
    return shardOfId !== undefined && this.shards.includes(shardOfId) ? shardOfId : undefined;
  }

  async target(shard: number): Promise<LogTarget> {
    const target = this.targets.get(shard) ?? (await this.makeTarget(shard));
    this.targets.set(shard, target);
    return target;
  }

  /** A shard's log. NoLogError where it holds nothing, LogLostError where it did. */
  async log(shard: number): Promise<ShardLog> {
    const known = this.logs.get(shard);
    if (known !== undefined) return known;
    const target = await this.target(shard);
    const log = await target.existingLog();
    this.logs.set(shard, log);
    await this.compare(target, log);
    return log;
  }

  /** The logs of all shards, one after the other. Those that hold nothing are left out, unless none holds anything: NoLogError. */
  async *all(): AsyncGenerator<ShardLog, void, void> {
    let missing: NoLogError | undefined;
    let count = 0;
    for (const shard of this.shards) {
      let log: ShardLog;
      try {
        log = await this.log(shard);
      } catch (error) {
        if (!(error instanceof NoLogError)) throw error;
        missing ??= error;
        continue;
      }
      count++;
      yield log;
    }
    if (count === 0 && missing !== undefined) throw missing;
  }

  async close(): Promise<void> {
    await Promise.all([...this.targets.values()].map((target) => target.close()));
  }

  /** Damage is reported by the verb that reads as far: not all do. */
  private async compare(target: LogTarget, log: ShardLog): Promise<void> {
    const { lost } = await judge(target, log);
    if (lost.length === 0) return;
    this.isContradicted = true;
    const what = this.isSharded ? `shard ${log.shard}: ` : '';
    this.warn(`${what}something of the log is gone, so what is shown may be wrong: ${describe(lost)}`);
  }
}
