import { onTestFinished } from 'vitest';
import { ClusterMember, type MemberOptions } from '../../../src/cluster/member.js';
import type { LocalExchange } from '../../../src/cluster/shard-slot.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import type { ShardLog } from '../../../src/log/port.js';
import { MemoryLog } from '../log/memory-log.js';
import { MemoryRegistry, type RegistryConnection } from './memory-registry.js';

/** Eight times as fast as in earnest. */
const HEARTBEAT_MS = 60;
export const DEAD_AFTER_MS = 300;

/** What happens soon may take a while on a busy machine. */
export const soon = { timeout: 20_000, interval: 10 };

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

/** The logs and the registry that members of one process share, in memory. */
export class TestCluster {
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
      return Exchange.open(logOf?.(shard) ?? this.logOf(shard).again());
    };
    const say = (level: LoggedLine['level']) => (fields: object, message: string) => {
      this.logged.push({ member: memberId, level, message, fields: { ...fields } });
    };
    const member = new ClusterMember({
      ...{ memberId, shards: this.shards, registry: connection, openShard },
      logger: { info: say('info'), warn: say('warn'), error: say('error') },
      ...{ heartbeatMs: HEARTBEAT_MS, deadAfterMs: DEAD_AFTER_MS, firstRetryMs: 10, lastRetryMs: 100, closeMs: 500 },
      ...options,
    });
    onTestFinished(() => member.end());
    return Object.assign(test, { member, start: () => member.start(`http://${memberId}.test`) });
  }

  /** The shards that a member serves. */
  servedBy({ member }: TestMember): number[] {
    return Array.from({ length: this.shards }, (_, shard) => shard).filter(
      (shard) => member.local(shard) !== undefined,
    );
  }
}
