import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StoreFollower } from '../../../projections/store/follower.js';
import type { Pace } from '../../../projections/store/pace.js';
import type { QueryPort } from '../../../projections/store/protocol.js';
import { QueryStore } from '../../../projections/store/query-store.js';
import { refuseQueries, serveQueries } from '../../../projections/store/serve.js';
import { FOLDER_MODE } from '../../log/file-modes.js';
import type { ShardLog } from '../../log/port.js';
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
 * Keeps one shard's store on its log until aborted. A store that fails is opened anew, later each time; the other stores of the thread
 * go on.
 *
 * 1. Once there is somebody to hear a question there always is: the store, or, while there is none, who refuses it. A question that
 *    nobody hears is never answered. Those that come before the first store wait for it.
 */
export async function keepStore(kept: KeptStore, signal: AbortSignal): Promise<void> {
  const { log, queries, tell } = kept;
  let endAnswering = (): void => undefined;
  const answerBy = (begin: () => () => void): void => {
    const endBefore = endAnswering;
    endAnswering = begin();
    endBefore();
  };
  for (let restartMs = FIRST_RESTART_MS; ; restartMs = Math.min(2 * restartMs, LAST_RESTART_MS)) {
    const startedMs = performance.now();
    try {
      await runStore(kept, answerBy, signal);
    } catch (error) {
      // One that has run for so long had got over its last failure.
      if (performance.now() - startedMs > LAST_RESTART_MS) restartMs = FIRST_RESTART_MS;
      const trouble = `the query store failed: ${error instanceof Error ? error.message : String(error)}`;
      answerBy(() => refuseQueries(queries, trouble));
      tell({ shard: log.shard, trouble });
      await delay(restartMs, undefined, { signal }).catch(() => undefined);
    }
    if (signal.aborted) break;
  }
  endAnswering();
}

type AnswerBy = (begin: () => () => void) => void;

/** Opens the store and the log, and follows until aborted. Rejects when the store fails, or the log cannot even be opened. */
async function runStore(kept: KeptStore, answerBy: AnswerBy, signal: AbortSignal): Promise<void> {
  const { log, file, queries } = kept;
  // A folder that somebody has moved away must not be made anew in its place.
  if (log.kind !== 'embedded' || existsSync(log.data)) mkdirSync(dirname(file), { recursive: true, mode: FOLDER_MODE });
  const place = await placeOf(log);
  try {
    const read = await place.log();
    const store = new QueryStore(file);
    try {
      const follower = followerOf(kept, store, read);
      kept.tell({ shard: log.shard, trouble: undefined });
      answerBy(() => serveQueries(queries, store, follower));
      await follower.run(signal);
    } catch (error) {
      answerBy(() => refuseQueries(queries, 'the query store failed'));
      throw error;
    } finally {
      store.close();
    }
  } finally {
    await place.close();
  }
}

function followerOf({ log, mark, pace, tell }: KeptStore, store: QueryStore, read: ShardLog): StoreFollower {
  const { shard } = log;
  return new StoreFollower(store, mark === undefined ? read : new DurableLog(read, mark), {
    onRebuild: (reason) => {
      tell({ shard, rebuild: reason });
    },
    onTrouble: (trouble) => {
      tell({ shard, trouble });
    },
    pace,
  });
}
