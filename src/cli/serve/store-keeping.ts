import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreFollower } from '../../../projections/store/follower.js';
import type { Pace } from '../../../projections/store/pace.js';
import type { QueryPort } from '../../../projections/store/protocol.js';
import { QueryStore } from '../../../projections/store/query-store.js';
import { refuseQueries, serveQueries } from '../../../projections/store/serve.js';
import { DurableLog, type DurableMark } from './durable-log.js';
import { placeOf } from '../log-place/place.js';
import type { LogSettings } from '../log-place/settings.js';
import type { FromQueryThread } from './query-messages.js';

export interface KeptStore {
  readonly log: LogSettings;
  /** The database. */
  readonly file: string;
  /** Up to where the log is durable; undefined where the log itself shows only what is. */
  readonly mark: DurableMark | undefined;
  readonly queries: QueryPort;
  readonly pace: Pace;
  readonly tell: (message: FromQueryThread) => void;
}

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 30_000;

/**
 * Keeps one shard's store on its log until aborted. A store that fails is opened anew, later each time; what is asked meanwhile is
 * refused, and the other stores of the thread go on.
 */
export async function keepStore(kept: KeptStore, signal: AbortSignal): Promise<void> {
  const { log, queries, tell } = kept;
  for (let restartMs = FIRST_RESTART_MS; ; restartMs = Math.min(2 * restartMs, LAST_RESTART_MS)) {
    const startedMs = performance.now();
    try {
      await runStore(kept, signal);
      return;
    } catch (error) {
      // One that has run for so long had got over its last failure.
      if (performance.now() - startedMs > LAST_RESTART_MS) restartMs = FIRST_RESTART_MS;
      const trouble = `the query store failed: ${error instanceof Error ? error.message : String(error)}`;
      tell({ shard: log.shard, trouble });
      const endRefusing = refuseQueries(queries, trouble);
      await delay(restartMs, undefined, { signal }).catch(() => undefined);
      endRefusing();
      if (signal.aborted) return;
    }
  }
}

async function runStore({ log, file, mark, queries, pace, tell }: KeptStore, signal: AbortSignal): Promise<void> {
  const { shard } = log;
  mkdirSync(dirname(file), { recursive: true });
  const store = new QueryStore(file);
  const place = await placeOf(log);
  try {
    const read = await place.log();
    const follower = new StoreFollower(store, mark === undefined ? read : new DurableLog(read, mark), {
      onRebuild: (reason) => {
        tell({ shard, rebuild: reason });
      },
      onTrouble: (trouble) => {
        tell({ shard, trouble });
      },
      pace,
    });
    tell({ shard, trouble: undefined });
    const endServing = serveQueries(queries, store, follower);
    await follower.run(signal).finally(endServing);
  } finally {
    store.close();
    await place.close();
  }
}
