import { randomInt } from 'node:crypto';
import { foldBatch } from '../../events/fold.js';
import { type Contradiction, digestBefore, mustHold, voided } from '../../log/evidence.js';
import {
  type Evidence,
  type FoundLog,
  LogHeldError,
  LogLockedError,
  type LogWriter,
  type ShardLog,
} from '../../log/port.js';
import { mustFollow } from '../../log/whole-log.js';
import { toHex } from '../../events/bytes.js';
import { mustNotBeBehind } from './clock-check.js';
import type { ReadOptions } from '../durable-reads.js';
import { emptyState, MarketFold, type ShardState } from './market-fold.js';
import { type LossAccepted, Shard } from '../shard/shard.js';
import { defaultShardOptions, type ShardOptions } from '../shard/shard-options.js';
import type { SnapshotStore } from '../snapshots/snapshots.js';

/** What clocks that are set right differ by. */
const MOST_AHEAD_UNSAID_MS = 1_000;
const AHEAD = 'the log’s time is ahead of the clock: nothing falls due until the clock has come to it';

export interface OpenOptions extends Partial<ShardOptions>, ReadOptions {
  /** Where snapshots are looked for. Without it, or when none fits, the whole log is replayed. */
  readonly snapshots?: SnapshotStore;
  /**
   * Sees whether the log is one chain up to its head, which a snapshot makes needless to replay; until the signal aborts. Where it is
   * given, what is replayed must go on that chain.
   */
  readonly check?: ((found: Pick<FoundLog, 'log' | 'head'>, signal: AbortSignal) => Promise<void>) | undefined;
  /** What is known of the log beside the log itself. One that contradicts it is not opened. */
  readonly evidence?: (() => Promise<readonly Evidence[]>) | undefined;
  /** Where the log ends whose loss behind that is accepted: it is opened although it contradicts the evidence. */
  readonly acceptLoss?: number | undefined;
  /** The last epoch under which this process wrote the log. Where there is a newer one, another process has it by now. */
  readonly lastEpoch?: number | undefined;
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

/** What is read of a log. */
type LogRead = FoundLog['log'];

type ReplayOptions = Pick<OpenOptions, 'snapshots' | 'clientIdsSeed' | 'onReplay' | 'check'>;

/** Rebuilds a shard's state from its log, from the newest snapshot that fits on, up to (not including) position `until`. */
export async function replay(
  log: LogRead,
  options: ReplayOptions & { readonly until?: number } = {},
): Promise<Replayed> {
  return replayTo(log, Math.min(options.until ?? Number.POSITIVE_INFINITY, await log.head()), options);
}

/** The same of a log that reaches so far at least, which need not be asked again. */
async function replayTo(log: LogRead, until: number, options: ReplayOptions): Promise<Replayed> {
  const snapshot = await options.snapshots?.newest(until, log);
  const state = snapshot?.state ?? emptyState(options.clientIdsSeed ?? randomInt(0x7fff_ffff));
  state.market.shard = log.shard;
  const from = snapshot?.position ?? 0;
  const over = new AbortController();
  const before = from === 0 ? undefined : options.check?.({ log, head: from }, over.signal);
  try {
    const [events] = await Promise.all([goOn(log, state, { from, until }, options), before]);
    return { state, head: from + events, events };
  } finally {
    over.abort();
  }
}

/** Folds the events from one position up to another into the state; fewer where the log ends before. Returns how many. */
async function goOn(
  log: LogRead,
  state: ShardState,
  { from, until }: { readonly from: number; readonly until: number },
  { onReplay, check }: ReplayOptions,
): Promise<number> {
  if (from >= until) return 0;
  const fold = new MarketFold(state);
  let events = 0;
  for await (const batch of log.read(from)) {
    if (check !== undefined) mustFollow(state.digest, batch);
    events += foldBatch(batch, fold, from, until);
    const position = from + events;
    onReplay?.(position, until);
    if (position >= until) break;
  }
  return events;
}

/**
 * Replay, compare, fence, replay what has come meanwhile, settle what is in doubt, serve: in this order. Whatever speaks against the log
 * is found before it is fenced, where its medium admits that. Resolves when the shard's own first events are durable.
 */
export async function openShard(log: ShardLog, options: OpenOptions = {}): Promise<Shard> {
  const shardOptions: ShardOptions = { ...defaultShardOptions, ...options };
  const { logger, clock } = shardOptions;
  const startedAt = clock();
  // Known before the log's end is looked for: an older writer that still lives may take both further meanwhile.
  const known = (await options.evidence?.()) ?? [];
  let admitted: Admitted | undefined;
  const opening = log.open(async (found) => {
    mustNotBeTaken(found, options);
    admitted = await admit({ ...found, evidence: [...found.evidence, ...known] }, options);
  });
  const writer = await opening.catch((error: unknown) => {
    throw isOnlyHeld(error, options) ? heldAt(log, options, error) : error;
  });
  try {
    admitted ??= await admit({ log, head: await log.head(), epoch: writer.epoch, evidence: known }, options);
    const { state, head, events, loss } = await upTo(log, writer, admitted, options);
    const shard = new Shard(writer, state, log, shardOptions);
    const { aheadMs: aheadOfClockMs } = shard.clock;
    const place = { shard: log.shard, epoch: writer.epoch, head, events };
    logger.info({ ...place, aheadOfClockMs, ms: clock() - startedAt }, 'replayed');
    // Without a limit the clock is one that goes on from the log's time: it is not behind.
    const isBehind = aheadOfClockMs > MOST_AHEAD_UNSAID_MS && Number.isFinite(shardOptions.maxClockAheadMs);
    if (isBehind) logger.warn({ ...place, aheadOfClockMs }, AHEAD);
    if (loss !== undefined) logger.warn({ ...place, ...loss }, 'the loss of events has been accepted');
    await started(shard, loss);
    return shard;
  } catch (error) {
    await writer.close();
    throw error;
  }
}

/** Who was fenced does not fence back. */
function mustNotBeTaken({ log, epoch }: FoundLog, { lastEpoch = Number.POSITIVE_INFINITY }: OpenOptions): void {
  if (epoch <= lastEpoch) return;
  const since = `epoch ${epoch} has been opened since this process wrote under epoch ${lastEpoch}`;
  throw new LogLockedError(`shard ${log.shard}: ${since}: it is another process's now`);
}

/** Whether the log is locked by who has not opened it since: this process's own writer that closes, or a process that looks at it and ends. */
function isOnlyHeld(error: unknown, { lastEpoch }: OpenOptions): boolean {
  if (!(error instanceof LogLockedError) || lastEpoch === undefined) return false;
  return error.newestEpoch !== undefined && error.newestEpoch <= lastEpoch;
}

function heldAt({ shard }: ShardLog, { lastEpoch = 0 }: OpenOptions, cause: unknown): LogHeldError {
  const since = `nobody has claimed it since epoch ${lastEpoch}`;
  return new LogHeldError(`shard ${shard}: its log is locked, and ${since}: its holder is waited for`, { cause });
}

interface Admitted extends Replayed {
  /** What is logged of an accepted loss. */
  readonly loss: LossAccepted | undefined;
}

async function admit(found: FoundLog, options: OpenOptions): Promise<Admitted> {
  const { log, head, evidence } = found;
  const replayed = await replayTo(log, head, options);
  const { clock, maxClockAheadMs } = { ...defaultShardOptions, ...options };
  mustNotBeBehind(replayed.state.market.nowMs, clock(), maxClockAheadMs);
  // Last: an operator who reads that the loss may be accepted can rely on what is left.
  const lost = await mustHold(log, head, evidence, options.acceptLoss);
  return { ...replayed, loss: lossOf(lost) };
}

function lossOf(found: readonly Contradiction[]): LossAccepted | undefined {
  if (found.length === 0) return undefined;
  const knownPosition = Math.max(...found.map(({ position }) => position));
  return { knownPosition, evidence: voided(found) };
}

/** Brings what was replayed before the fence up to the writer's head. */
async function upTo(log: ShardLog, writer: LogWriter, admitted: Admitted, options: OpenOptions): Promise<Admitted> {
  const { state, head, events, loss } = admitted;
  if (head < writer.head && head > 0 && (await digestBefore(log, head)) !== toHex(state.digest)) {
    throw new Error(`the log changed at position ${head} while it was opened`);
  }
  const more = await goOn(log, state, { from: head, until: writer.head }, options);
  if (head + more !== writer.head) throw new Error(`replayed to ${head + more}, but the log's head is ${writer.head}`);
  state.market.shard = log.shard;
  return { state, head: writer.head, events: events + more, loss };
}

function started(shard: Shard, loss: LossAccepted | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    shard.admission.onStopped((reason) => reject(new Error(`the shard stopped while it started: ${reason}`)));
    shard.start(loss);
    shard.whenDurable(resolve);
  });
}
