/** Rounds in which the log cannot be written any more: the server must take no commands, say so, and recover by a restart. */
import { ParleyError } from '../../../src/client/index.js';
import type { StartOptions } from '../../support/cli/parley.js';
import type { Serving } from '../../support/cli/serving.js';
import { expectCleanAudit } from '../conclusion.js';
import type { CrashingProcess } from '../process.js';
import { randomPost } from '../orders.js';
import { patientClient } from '../patient-client.js';
import { settle } from '../settling.js';
import { Tmpfs } from '../tmpfs.js';
import { eventually, Violation } from '../violation.js';

const MOST = 1_000;
const MOST_COMMANDS = 200;
/** Enough to fill any of the disks here. */
const MUCH = 4_000;
const ROOM_BYTES = 600_000;
/** For the start of the next life, and all that is repeated to it. */
const MUCH_ROOM_BYTES = 16_000_000;
const ROOM_KIB = 256;

/** A sync fails once, and is never tried again. */
export async function syncFailed(life: CrashingProcess): Promise<void> {
  // A snapshot's sync may fail without harm; this is to be the log's.
  const serving = await life.start(['--snapshot-every', '0']);
  await settle(life, serving);
  const load = life.load(serving, MOST);
  await life.moment(load, MOST_COMMANDS);
  life.faults.set({ failingSyncs: 1 });
  await eventually('the end of a load whose log failed', load.over);
  await expectStopped(life, serving);
  await life.kill(serving);
  life.tally.count('failed syncs');
  if (life.random.chance(1, 2)) {
    // What could be read of the failed sync may have been taken for durable by the next life.
    const next = await life.start();
    await settle(life, next);
    await life.kill(next);
  }
  life.losePower();
}

/** No file may grow past a limit. */
export async function filesLimited(life: CrashingProcess): Promise<void> {
  await fillUp(life, { maxFileKiB: ROOM_KIB });
  life.tally.count('full logs');
}

/** The disk is full: a small one in memory. */
export async function diskFull(life: CrashingProcess): Promise<void> {
  const disk = Tmpfs.of(life);
  await fillAndRestart(life, (bytes) => disk.leaveRoom(bytes));
}

/** The same on a disk that the library says is full. */
export async function diskSaidToBeFull(life: CrashingProcess): Promise<void> {
  await fillAndRestart(life, (bytes) => life.faults.set({ spaceBytes: bytes }));
  life.losePower();
}

async function fillAndRestart(life: CrashingProcess, leaveRoom: (bytes: number) => void): Promise<void> {
  await fillUp(life, {}, () => leaveRoom(ROOM_BYTES));
  if (life.random.chance(1, 2)) await startOnFullDisk(life);
  leaveRoom(MUCH_ROOM_BYTES);
  life.tally.count('full disks');
}

async function fillUp(life: CrashingProcess, options: StartOptions, fill: () => void = () => undefined): Promise<void> {
  const serving = await life.start([], options);
  await settle(life, serving, { isWithoutQueries: true });
  fill();
  const load = life.load(serving, MUCH);
  await eventually('the end of a load whose disk is full', load.over);
  await expectStopped(life, serving);
  await life.kill(serving);
}

/** It may start, if there is room for that, or fail and leave the log as it was; it must not hang and not damage it. */
async function startOnFullDisk(life: CrashingProcess): Promise<void> {
  const serving = life.begin();
  await life.awaitDeath(serving, 1_500);
  await expectCleanAudit(life.where);
}

async function expectStopped(life: CrashingProcess, serving: Serving): Promise<void> {
  const client = patientClient(serving.url, 1);
  const { isLive, isReady, reason } = await client.health();
  if (!isLive || isReady) {
    throw new Violation(`a server whose log failed says live: ${isLive}, ready: ${isReady} (${reason ?? 'no reason'})`);
  }
  const post = life.answers.posting(randomPost(`refused-${life.answers.round}`, life.random, life.nowMs()));
  const answer = await client.postIntention(post.intention).catch((error: unknown) => error);
  if (!(answer instanceof ParleyError) || answer.code !== 'SHARD_UNAVAILABLE') {
    throw new Violation(`a server whose log failed answers a post with ${JSON.stringify(answer)}`);
  }
  // It was never taken: that is more than the client may know, and must hold all the same.
  post.state = 'refused';
}
