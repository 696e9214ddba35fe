import { expect, onTestFinished } from 'vitest';
import { ClusterMember, type MemberOptions } from '../../../src/cluster/membership/member.js';
import type { LocalExchange } from '../../../src/cluster/shard-slot.js';
import { viewCluster } from '../../../src/cluster/view.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import type { ShardLog } from '../../../src/log/port.js';
import { MemoryLog } from '../log/memory-log.js';
import { MemoryRegistry, type RegistryConnection } from './memory-registry.js';
import { VirtualTime } from '../time/virtual-time.js';

export const HEARTBEAT_MS = 500;
export const DEAD_AFTER_MS = 2_500;

export interface LoggedLine {
  readonly member: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One member of the cluster, and what a test can do to it. */
export interface TestMember {
  readonly member: ClusterMember;
  readonly connection: RegistryConnection;
  /** Starts it under an address that nobody listens at. */
  start(): void;
  /** How often each shard was opened by it. */
  readonly opened: number[];
  /** Fails the next openings while set. */
  refuseToOpen: Error | undefined;
}

interface AddOptions extends Partial<MemberOptions> {
  /** Another way to the shared logs than the usual one. */
  readonly logOf?: (shard: number) => ShardLog;
}

/** The logs and the registry that members of one process share, in memory, and the time that they go by. */
export class TestCluster {
  readonly time = new VirtualTime();
  readonly registry = new MemoryRegistry();
  readonly logs: readonly MemoryLog[];
  readonly logged: LoggedLine[] = [];

  constructor(readonly shards: number) {
    this.logs = Array.from({ length: shards }, (_, shard) => new MemoryLog({ shard }));
  }

  logOf(shard: number): MemoryLog {
    const log = this.logs[shard];
    if (log === undefined) throw new Error(`there is no shard ${shard}`);
    return log;
  }

  /** Adds a member; it is started by the caller. */
  add(memberId: string, { logOf, ...options }: AddOptions = {}): TestMember {
    const connection = this.registry.connect();
    const opened = Array.from<number>({ length: this.shards }).fill(0);
    const test = { connection, opened, refuseToOpen: undefined as Error | undefined };
    const openShard = async (shard: number): Promise<LocalExchange> => {
      if (test.refuseToOpen !== undefined) throw test.refuseToOpen;
      opened[shard] = (opened[shard] ?? 0) + 1;
      const { scheduler, clock } = this.time;
      return Exchange.open(logOf?.(shard) ?? this.logOf(shard).again(), { scheduler, clock });
    };
    const say = (level: LoggedLine['level']) => (fields: object, message: string) => {
      this.logged.push({ member: memberId, level, message, fields: { ...fields } });
    };
    const { now, clock, every, scheduler } = this.time;
    const member = new ClusterMember({
      ...{ memberId, shards: this.shards, registry: connection, openShard },
      headOf: (shard) => this.logOf(shard).head(),
      logger: { info: say('info'), warn: say('warn'), error: say('error') },
      ...{ now, clock, every, scheduler, heartbeatMs: HEARTBEAT_MS, deadAfterMs: DEAD_AFTER_MS },
      ...options,
    });
    onTestFinished(() => this.time.during(member.end()));
    return Object.assign(test, { member, start: () => member.start(`http://${memberId}.test`) });
  }

  /** Lets time pass until each of these members, in the order of their ids, has its share, and knows that the others have theirs. */
  async ready(...tests: readonly TestMember[]): Promise<void> {
    const members = tests.map(({ member }) => member);
    await this.time.passUntil(() => {
      const served = tests.map((test) => this.servedBy(test));
      const shares = served.map(({ length }) => length);
      expect(served.flat().sort((a, b) => a - b)).toEqual(this.logs.map((_, shard) => shard));
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
      for (const member of members) {
        const seen = viewCluster(member);
        expect(member.trouble()).toBeUndefined();
        expect(seen.members.map(({ member: id, state }) => [id, state])).toEqual(
          members.map(({ memberId }) => [memberId, 'serving']),
        );
        expect(seen.members.map(({ shards }) => shards)).toEqual(shares);
        expect(seen.shards.map(({ state }) => state)).toEqual(this.logs.map(() => 'serving'));
      }
    });
  }

  /** The shards that a member serves. */
  servedBy({ member }: TestMember): number[] {
    return Array.from({ length: this.shards }, (_, shard) => shard).filter(
      (shard) => member.local(shard) !== undefined,
    );
  }
}
