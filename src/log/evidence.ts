import type { BatchSealed, LossAccepted } from '../domain/journal.generated.js';
/**
 * Compares a log with what is known of it beside its events. A log that contradicts evidence has been cut, replaced or rewritten from
 * outside.
 *
 * 1. What is compared is the position and, where it is known, the digest of the batch that ended there: it stands for every event
 *    before it.
 * 2. Evidence that an operator has once gone on without is void: a LossAccepted in the log names it, by position and digest. What is
 *    learnt of the log after that is evidence as before.
 */
import { toHex } from '../events/bytes.js';
import { foldBatch } from '../events/fold.js';
import { NoopHandler } from '../events/handlers.generated.js';
import { type Evidence, LogLostError, type ShardLog } from './port.js';

type Readable = Pick<ShardLog, 'read'>;

/** Evidence that the log contradicts, and what it says. */
export interface Contradiction extends Evidence {
  readonly says: string;
}

/** All evidence that a log contradicts which ends at `head`. Throws what reading the log throws. */
export async function contradictions(
  log: Readable,
  head: number,
  evidence: readonly Evidence[],
): Promise<readonly Contradiction[]> {
  const digests = new Map<number, string>();
  const found: Contradiction[] = [];
  const distinct = new Map(evidence.map((each) => [JSON.stringify(each), each]));
  for (const each of distinct.values()) {
    const says = await contradiction(log, head, each, digests);
    if (says !== undefined) found.push({ ...each, says });
  }
  if (found.length === 0) return found;
  const { accepted } = await lossesOf(log);
  return found.filter((each) => !accepted.has(tokenOf(each)));
}

async function contradiction(
  log: Readable,
  head: number,
  { position, digest, missing, missingUntil }: Evidence,
  digests: Map<number, string>,
): Promise<string | undefined> {
  if (missing !== undefined) {
    const end = missingUntil === undefined ? '' : `, before position ${missingUntil}`;
    return `${missing} was written, which is gone, with the events from position ${position} on${end}`;
  }
  if (position > head) return `the log held every event before position ${position}`;
  if (digest === undefined || position === 0) return undefined;
  const held = digests.get(position) ?? (await digestBefore(log, position));
  digests.set(position, held);
  if (held === digest) return undefined;
  const instead = held === '' ? 'no batch ends there' : `it is ${held}`;
  return `the batch before position ${position} had the digest ${digest}; now ${instead}`;
}

/** Throws LogLostError where the log contradicts evidence, unless the loss of what lies behind `head` is accepted. Returns what does. */
export async function mustHold(
  log: Readable & Pick<ShardLog, 'shard'>,
  head: number,
  evidence: readonly Evidence[],
  acceptLoss: number | undefined,
): Promise<readonly Contradiction[]> {
  const found = await contradictions(log, head, evidence);
  if (found.length === 0 || acceptLoss === head) return found;
  const ways = `put back the log that holds it, or go on without what is lost: --accept-loss ${log.shard}/${head}`;
  const what = `shard ${log.shard}: its log ends at position ${head}, and something of it is gone: ${describe(found)}`;
  throw new LogLostError(`${what}. Nothing has been changed: ${ways}`, found);
}

/** What contradicts the log, one thing after the other, for people. */
export function describe(found: readonly Contradiction[]): string {
  return found.map(({ source, says }) => `${source} knows that ${says}`).join('; ');
}

const MOST_NAMED = 32;

/** What a LossAccepted says of the evidence that it voids: each thing once, however many sources know it. */
export function voided(found: readonly Contradiction[]): string {
  const distinct = new Map(found.map((each) => [tokenOf(each), each.source]));
  return [...distinct]
    .slice(0, MOST_NAMED)
    .map(([token, source]) => `${source} ${token}`)
    .join('; ');
}

/** A position and a digest as a LossAccepted names them: `(68:9f60…)`. */
function tokenOf({ position, digest = '' }: Evidence): string {
  return `(${position}:${digest})`;
}

/** The digest of the batch that ends right before a position, as 64 hexadecimal digits; empty where none does. */
export async function digestBefore(log: Readable, position: number): Promise<string> {
  if (position === 0) return '';
  for await (const batch of log.read(position - 1)) {
    if (batch.firstPosition + batch.count !== position) return '';
    const fold = new SealFold();
    foldBatch(batch, fold, position - 1);
    return fold.sealed === undefined ? '' : toHex(fold.sealed);
  }
  return '';
}

/** Whether an operator has gone on without what was known of a log up to this position. Throws what reading the log throws. */
export async function isLossAccepted(log: Readable, position: number): Promise<boolean> {
  return (await lossesOf(log)).knownPosition >= position;
}

async function lossesOf(log: Readable): Promise<LossFold> {
  const fold = new LossFold();
  for await (const batch of log.read(0)) foldBatch(batch, fold);
  return fold;
}

/** Hears how a batch is sealed. */
class SealFold extends NoopHandler {
  /** A view on the batch's own memory; undefined while no seal has been heard. */
  sealed: Uint8Array | undefined;

  override batchSealed({ digest }: BatchSealed): void {
    this.sealed = digest;
  }
}

class LossFold extends NoopHandler {
  /** The highest that was known of events whose loss was accepted; 0 where none was. */
  knownPosition = 0;
  /** What was voided, by its token. */
  readonly accepted = new Set<string>();

  override lossAccepted({ knownPosition, evidence }: LossAccepted): void {
    this.knownPosition = Math.max(this.knownPosition, knownPosition);
    for (const [token] of evidence.matchAll(/\(\d+:[0-9a-f]*\)/g)) this.accepted.add(token);
  }
}
