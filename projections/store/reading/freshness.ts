import { messageOf } from '../../../src/log/message-of.js';
import type { ShardLog } from '../../../src/log/port.js';
import type { Heads } from '../queries/found.js';

/** How far the shards' logs are durable: up to there a reader may know of what was written. */
export interface Freshness {
  /** For each of the shards, a position that no answer given before the call goes beyond. Rejects when a log cannot tell. */
  heads(shards: readonly number[]): Promise<Heads>;
  /** Why a log did not tell when it was last asked. */
  readonly trouble?: string | undefined;
}

export interface Writers {
  /** What is durable of a shard that is written here and nowhere else; undefined for all others. */
  readonly durableHere?: (shard: number) => number | undefined;
  /** Up to where this process has ever seen a shard durable that it wrote; undefined for one that it has not. */
  readonly acknowledgedHere?: (shard: number) => number | undefined;
}

/**
 * Asks the writer of each shard that is written here, and the log of every other one.
 *
 * 1. An answer of a log counts for those alone who came before it was asked; those who come while it is being asked share the next
 *    one. So however many read, a log is asked one question at a time, and nobody is shown less than was written before it came.
 * 2. A log may say less than it holds, while somebody keeps it back. Nobody is shown less than this process itself has acknowledged.
 */
export class LogFreshness implements Freshness {
  private readonly logs: ReadonlyMap<number, SharedHead>;

  constructor(
    logs: readonly ShardLog[],
    private readonly writers: Writers = {},
  ) {
    this.logs = new Map(logs.map((log) => [log.shard, new SharedHead(log)]));
  }

  async heads(shards: readonly number[]): Promise<Heads> {
    const found = shards.map(async (shard) => [shard, await this.headOf(shard)] as const);
    return new Map(await Promise.all(found));
  }

  get trouble(): string | undefined {
    for (const [shard, log] of this.logs) {
      if (log.trouble !== undefined) return `nobody knows how far shard ${shard} is durable: ${log.trouble}`;
    }
    return undefined;
  }

  private async headOf(shard: number): Promise<number> {
    const { durableHere, acknowledgedHere } = this.writers;
    const log = this.logs.get(shard);
    if (log === undefined) throw new RangeError(`there is no shard ${shard}`);
    const head = durableHere?.(shard) ?? (await log.ask());
    return Math.max(head, acknowledgedHere?.(shard) ?? 0);
  }
}

class SharedHead {
  private current: Promise<number> | undefined;
  private next: Promise<number> | undefined;
  /** Why the last answer was none. */
  trouble: string | undefined;

  constructor(private readonly log: ShardLog) {}

  ask(): Promise<number> {
    if (this.current === undefined) return this.begin();
    const onward = (): Promise<number> => {
      this.next = undefined;
      return this.begin();
    };
    return (this.next ??= this.current.then(onward, onward));
  }

  private begin(): Promise<number> {
    const asked = this.log.head();
    this.current = asked;
    const isOver = (trouble: string | undefined): void => {
      this.trouble = trouble;
      if (this.current === asked) this.current = undefined;
    };
    asked.then(
      () => isOver(undefined),
      (error: unknown) => isOver(messageOf(error)),
    );
    return asked;
  }
}
