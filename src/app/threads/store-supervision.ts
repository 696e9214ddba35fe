import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { QueryDesk } from '../../../projections/store/desk/desk.js';
import { StoreFollower } from '../../../projections/store/follower.js';
import type { Throttle } from '../../../projections/store/throttle.js';
import { QueryStore } from '../../../projections/store/database/query-store.js';
import { FOLDER_MODE } from '../../log/file-modes.js';
import type { ShardLog } from '../../log/port.js';
import { messageOf } from '../../log/message-of.js';
import { Backoff } from '../../resilience/backoff.js';
import { DurableLog, type HighWatermark } from './durable-log.js';
import { targetOf } from '../logs/targets.js';
import type { LogSettings } from '../logs/settings.js';
import { Latest } from './latest.js';
import type { FromQueryThread } from './query-messages.js';
import { isFullDisk, NoRoomError, StoreRoom } from './store-room.js';

export interface SupervisedStore {
  readonly log: LogSettings;
  /** The database. */
  readonly file: string;
  /** Up to where the log is durable; undefined where the log itself shows only what is. */
  readonly mark: HighWatermark | undefined;
  readonly desk: QueryDesk;
  readonly pace: Throttle;
  /** That of its disk, unless it is given. */
  readonly room?: StoreRoom;
  readonly tell: (message: FromQueryThread) => void;
}

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 30_000;

/**
 * Keeps one shard's store on its log until aborted. A store that fails is opened again, later each time; the other stores of the thread
 * go on, which is why this is not left to the thread’s own supervision, SupervisedThread: that would begin all of them again.
 *
 * 1. Questions are answered by the store while it is open, and refused while it is not.
 * 2. What a question asks for is durable, and may be so before this thread is told of it: nobody waits for being told.
 * 3. A store whose disk is full, or nearly so, is given up until there is room: questions are refused with STORE_SUSPENDED.
 */
export async function superviseStore(kept: SupervisedStore, signal: AbortSignal): Promise<void> {
  const { log, desk, tell } = kept;
  const room = kept.room ?? new StoreRoom(kept.file);
  const backoff = new Backoff({ firstMs: FIRST_RESTART_MS, lastMs: LAST_RESTART_MS });
  for (;;) {
    const startedMs = performance.now();
    try {
      await runStore(kept, room, signal);
    } catch (error) {
      // One that has run for so long had got over its last failure.
      if (performance.now() - startedMs > LAST_RESTART_MS) backoff.reset();
      const isFull = isFullDisk(error) || room.isTight;
      if (isFull) room.giveUp();
      const suspended = isFull ? new NoRoomError() : undefined;
      const trouble = suspended?.message ?? `the query store failed: ${messageOf(error)}`;
      desk.refuse(log.shard, trouble, suspended?.code);
      tell({ shard: log.shard, trouble });
      do await backoff.wait(signal);
      while (isFull && !room.isEnough && !signal.aborted);
    }
    if (signal.aborted) break;
  }
}

/** Opens the store and the log, and follows until aborted. Rejects when the store fails, or the log cannot even be opened. */
async function runStore(kept: SupervisedStore, room: StoreRoom, signal: AbortSignal): Promise<void> {
  const { log, file, desk } = kept;
  // A folder that somebody has moved away must not be made again in its place.
  if (log.kind !== 'embedded' || existsSync(log.data)) mkdirSync(dirname(file), { recursive: true, mode: FOLDER_MODE });
  const place = await targetOf(log);
  try {
    const read = await place.log();
    const store = new QueryStore(file);
    try {
      const follower = followerOf(kept, store, read);
      if (store.replaced !== undefined) kept.tell({ shard: log.shard, rebuild: store.replaced });
      kept.tell({ shard: log.shard, trouble: undefined });
      const broken = new AbortController();
      const look = setInterval(() => {
        if (room.isTight) broken.abort(new NoRoomError());
      }, LOOK_EACH_MS);
      desk.serve(log.shard, {
        find: (ask, moment) => store.find(ask, moment),
        waitFor: (position, timeoutMs) => {
          kept.mark?.advance(position);
          return follower.waitFor(position, timeoutMs);
        },
        damaged: (error) => broken.abort(error),
      });
      await follower.run(AbortSignal.any([signal, broken.signal])).finally(() => clearInterval(look));
      broken.signal.throwIfAborted();
    } finally {
      desk.refuse(log.shard, 'the query store is not open');
      store.close();
    }
  } finally {
    await place.close();
  }
}

/** How often the room on the disk is looked at: the log takes it too, and no write of the store says so. */
const LOOK_EACH_MS = 250;
/** How often the process hears how far a store has come. */
const TELL_EACH_MS = 20;

function followerOf(
  { log, mark, desk, pace, tell }: SupervisedStore,
  store: QueryStore,
  read: ShardLog,
): StoreFollower {
  const { shard } = log;
  const progress = new Latest((caughtUpTo) => tell({ shard, caughtUpTo }), TELL_EACH_MS);
  return new StoreFollower(store, mark === undefined ? read : new DurableLog(read, mark), {
    onRebuild: (reason) => tell({ shard, rebuild: reason }),
    onTrouble: (trouble) => tell({ shard, trouble }),
    onProgress: (caughtUpTo) => progress.set(caughtUpTo),
    isUrgent: () => desk.isInUse,
    head: () => mark?.position,
    pace,
  });
}
