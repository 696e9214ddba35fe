import { randomInt } from 'node:crypto';
import { foldBatch } from '../events/fold.js';
import type { ShardLog } from '../log/port.js';
import type { ReadOptions } from './durable-reads.js';
import { emptyState, MarketFold, type ShardState } from './market-fold.js';
import { defaultShardOptions, Shard, type ShardOptions } from './shard.js';
import type { SnapshotStore } from './snapshots.js';

export interface OpenOptions extends Partial<ShardOptions>, ReadOptions {
  /** Where snapshots are looked for. Without it, or when none fits, the whole log is replayed. */
  readonly snapshots?: SnapshotStore;
  /** Of the client ids, where no snapshot brings one along: drawn by chance unless a test chooses it. */
  readonly clientIdsSeed?: number;
  /** Told now and then how far the replay is: events read, and events in all. */
  readonly onReplay?: (position: number, head: number) => void;
}

export interface Replayed {
  readonly state: ShardState;
  /** Position after the last event that was replayed. */
  readonly head: number;
  /** How many events were read; fewer than `head` when a snapshot was used. */
  readonly events: number;
}

/** Rebuilds a shard's state from its log, from the newest snapshot that fits on, up to (not including) position `until`. */
export async function replay(
  log: ShardLog,
  options: Pick<OpenOptions, 'snapshots' | 'clientIdsSeed' | 'onReplay'> & { readonly until?: number } = {},
): Promise<Replayed> {
  const logHead = await log.head();
  const until = Math.min(options.until ?? logHead, logHead);
  const snapshot = await options.snapshots?.newest(until, log);
  const state = snapshot?.state ?? emptyState(options.clientIdsSeed ?? randomInt(0x7fff_ffff));
  state.market.shard = log.shard;
  const from = snapshot?.position ?? 0;
  const fold = new MarketFold(state);
  let events = 0;
  if (from < until) {
    for await (const batch of log.read(from)) {
      events += foldBatch(batch, fold, from, until);
      const position = from + events;
      options.onReplay?.(position, until);
      if (position >= until) break;
    }
  }
  return { state, head: from + events, events };
}

/** Fence, replay, settle what is in doubt, serve: in this order. Resolves when the shard's own first events are durable. */
export async function openShard(log: ShardLog, options: OpenOptions = {}): Promise<Shard> {
  const shardOptions: ShardOptions = { ...defaultShardOptions, ...options };
  const { logger } = shardOptions;
  const writer = await log.open();
  try {
    const startedAt = shardOptions.clock();
    const { state, head, events } = await replay(log, options);
    if (head !== writer.head) throw new Error(`replayed to ${head}, but the log's head is ${writer.head}`);
    state.market.shard = log.shard;
    const shard = new Shard(writer, state, log, shardOptions);
    logger.info(
      { shard: log.shard, epoch: writer.epoch, head, events, ms: shardOptions.clock() - startedAt },
      'replayed',
    );
    await started(shard);
    return shard;
  } catch (error) {
    await writer.close();
    throw error;
  }
}

function started(shard: Shard): Promise<void> {
  return new Promise((resolve, reject) => {
    shard.onStopped((reason) => {
      reject(new Error(`the shard stopped while it started: ${reason}`));
    });
    shard.start();
    shard.whenDurable(resolve);
  });
}
