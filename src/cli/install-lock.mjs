// The lock of a checkout under which its packages are installed and its sources built: a folder, made by one process at a time.
import { mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, timeOf } from './stamp.mjs';

const lockName = '.bootstrap.lock';
const lockFolder = join(root, lockName);
const heartbeatMs = 1_000;
const pollMs = 100;
const stalePolls = 100;

/** Runs `task` while no other process runs one; `onWaiting` is called once when it has to wait for that. */
export async function withLock(task, onWaiting) {
  await acquireLock(onWaiting);
  const heartbeat = setInterval(() => utimesSync(lockFolder, new Date(), new Date()), heartbeatMs);
  try {
    await task();
  } finally {
    clearInterval(heartbeat);
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

/**
 * The owner touches its lock every second. One that stays untouched through a hundred looks belongs to a process that
 * has died; looks are counted, not time, because a suspended machine stops both sides.
 */
async function acquireLock(onWaiting) {
  let touchedMs = -1;
  for (let polls = 0; !tryLock(); polls++) {
    if (touchedMs === -1) onWaiting();
    const nowMs = timeOf(lockName);
    if (touchedMs !== nowMs) polls = 0;
    touchedMs = nowMs;
    if (polls >= stalePolls) removeStaleLock();
    await sleep(pollMs);
  }
}

function tryLock() {
  try {
    mkdirSync(lockFolder);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Renaming is atomic: of several that want a stale lock gone, one removes it and the others find nothing. */
function removeStaleLock() {
  const aside = `${lockFolder}.${process.pid}`;
  try {
    renameSync(lockFolder, aside);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(aside, { recursive: true, force: true });
}
