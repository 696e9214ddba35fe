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
/** For the start of the next process, and all that is repeated to it. */
const MUCH_ROOM_BYTES = 16_000_000;
const ROOM_KIB = 256;
/** What a server says when the log of a shard failed. */
const OPENED_AGAIN = 'the shard will be opened again';

/** A sync fails once, and is never tried again. */
export async function syncFailed(run: CrashingProcess): Promise<void> {
  // A snapshot's sync may fail without harm; this is to be the log's.
  const serving = await run.start(['--snapshot-every', '0']);
  await settle(run, serving);
  const load = run.load(serving, MOST);
  await run.moment(load, MOST_COMMANDS);
  run.faults.set({ failingSyncs: 1 });
  await eventually('the end of a load whose log failed', load.over);
  await expectStoppedOrReopened(run, serving);
  await run.kill(serving);
  run.tally.count('failed syncs');
  if (run.random.chance(1, 2)) {
    // What could be read of the failed sync may have been taken for durable by the next process.
    const next = await run.start();
    await settle(run, next);
    await run.kill(next);
  }
  run.losePower();
}

/** No file may grow past a limit. */
export async function filesLimited(run: CrashingProcess): Promise<void> {
  await fillUp(run, { maxFileKiB: ROOM_KIB });
  run.tally.count('full logs');
}

/** The disk is full: a small one in memory. A query store on it would give way, and leave the log the room that it had. */
export async function diskFull(run: CrashingProcess): Promise<void> {
  const disk = Tmpfs.of(run);
  await fillAndRestart(run, (bytes) => disk.leaveRoom(bytes), ['--store', `${run.data}-store`]);
}

/** The same on a disk that the library says is full. */
export async function diskSaidToBeFull(run: CrashingProcess): Promise<void> {
  await fillAndRestart(run, (bytes) => run.faults.set({ spaceBytes: bytes }));
  run.losePower();
}

async function fillAndRestart(
  run: CrashingProcess,
  leaveRoom: (bytes: number) => void,
  args: readonly string[] = [],
): Promise<void> {
  await fillUp(run, {}, { args, fill: () => leaveRoom(ROOM_BYTES) });
  if (run.random.chance(1, 2)) await startOnFullDisk(run);
  leaveRoom(MUCH_ROOM_BYTES);
  run.tally.count('full disks');
}

interface Filling {
  readonly args?: readonly string[];
  readonly fill?: () => void;
}

async function fillUp(run: CrashingProcess, options: StartOptions, { args, fill }: Filling = {}): Promise<void> {
  const serving = await run.start(args, options);
  await settle(run, serving, { isWithoutQueries: true });
  fill?.();
  const load = run.load(serving, MUCH);
  await eventually('the end of a load whose disk is full', load.over);
  await expectStopped(run, serving);
  await run.kill(serving);
}

/** It may start, if there is room for that, or fail and leave the log as it was; it must not hang and not damage it. */
async function startOnFullDisk(run: CrashingProcess): Promise<void> {
  const serving = run.begin();
  await run.awaitDeath(serving, 1_500);
  await expectCleanAudit(run.where);
}

/** A shard is opened again soon after its log failed: on a busy machine it may be before it is asked. Then it has all that it acknowledged. */
async function expectStoppedOrReopened(run: CrashingProcess, serving: Serving): Promise<void> {
  try {
    await expectStopped(run, serving);
  } catch (error) {
    if (!(error instanceof Violation) || !serving.stderr.includes(OPENED_AGAIN)) throw error;
    await settle(run, serving);
    run.tally.count('shards opened again');
  }
}

async function expectStopped(run: CrashingProcess, serving: Serving): Promise<void> {
  const client = patientClient(serving.url, 1);
  const { isLive, isReady, reason } = await client.health();
  if (!isLive || isReady) {
    throw new Violation(`a server whose log failed says live: ${isLive}, ready: ${isReady} (${reason ?? 'no reason'})`);
  }
  const post = run.answers.posting(randomPost(`refused-${run.answers.round}`, run.random, run.nowMs()));
  const answer = await client.postIntention(post.intention).then(
    (acknowledged) => {
      run.answers.acknowledgePost(post, acknowledged);
      return acknowledged;
    },
    (error: unknown) => error,
  );
  if (!(answer instanceof ParleyError) || answer.code !== 'SHARD_UNAVAILABLE') {
    throw new Violation(`a server whose log failed answers a post with ${JSON.stringify(answer)}`);
  }
  // It was never taken: that is more than the client may know, and must hold all the same.
  post.state = 'refused';
}
