/**
 * Proves that a batch stands in a log to somebody who has an anchor and no log. The digest of a batch is SHA-256 over the digest before it
 * and its events, so a proof is the digest before the batch, its events, and those of the batches after it up to the one that the anchor
 * pins. Working the digests out leads to the anchor's, or the proof is none.
 *
 * 1. A proof is lines of JSON: a header, then one for each batch. There is one way to write it, and nothing in it that the anchor does not
 *    pin: whatever is changed in it, it no longer holds.
 * 2. The bytes of a batch are those of its events but the BatchSealed, which its `count` counts: it holds the digest, and a number
 *    that no digest covers.
 */
import { ByteCursor, DamagedEventError, DIGEST_BYTES, fromHex } from '../../src/events/bytes.js';
import { decodeEvent, type Event } from '../../src/events/event.js';
import type { EventBatch } from '../../src/events/fold.js';
import { type Anchor, anchorText, parseAnchor } from '../../src/log/anchor.js';
import { DigestChain } from '../../src/log/digest-chain.js';
import { nodeSha256 } from '../../src/log/node-sha256.js';

export interface ProofHeader {
  readonly kind: 'proof';
  readonly shard: number;
  /** Of the first event of the batch that is proved. */
  readonly position: number;
  /** The digest of the batch before it, in hexadecimal: zeros for a log's first. */
  readonly before: string;
  readonly anchor: string;
}

export interface ProofBatch {
  readonly firstPosition: number;
  /** Of its events, the BatchSealed among them. */
  readonly count: number;
  /** Of its events but the BatchSealed, in base64. */
  readonly bytes: string;
}

/** The digest before a log's first batch. */
export const FIRST_DIGEST = '0'.repeat(2 * DIGEST_BYTES);

/** A batch as a proof has it, and the digest that it is sealed with. Throws DamagedEventError for one that ends otherwise. */
export function proofBatch({ bytes, firstPosition, count }: EventBatch): { batch: ProofBatch; digest: string } {
  const cursor = new ByteCursor(bytes);
  let sealAt = 0;
  let last: Event | undefined;
  while (cursor.at < cursor.end) {
    sealAt = cursor.at;
    last = decodeEvent(cursor);
  }
  if (last?.type !== 'BatchSealed') throw new DamagedEventError('the batch is not sealed', sealAt);
  const batch = { firstPosition, count, bytes: Buffer.from(bytes.subarray(0, sealAt)).toString('base64') };
  return { batch, digest: last.digest };
}

/** What a proof came to: the events that it proves, with the first one's position; or why it proves nothing. */
export type Verdict =
  | {
      readonly anchor: string;
      readonly shard: number;
      readonly firstPosition: number;
      readonly events: readonly Event[];
    }
  | { readonly reasons: readonly string[] };

/** Works a proof out and holds it against anchors that somebody trusts: it must lead to one of them. */
export function verifyProof(text: string, anchors: readonly Anchor[]): Verdict {
  const parsed = parseProof(text);
  if ('reasons' in parsed) return parsed;
  const { header, batches } = parsed;
  const reasons: string[] = [];
  const anchor = parseAnchor(header.anchor);
  const isTrusted = anchors.some(
    ({ shard = header.shard, position, digest }) => anchorText({ shard, position, digest }) === header.anchor,
  );
  if (!isTrusted) reasons.push(`it leads to ${header.anchor}, which is not among the anchors that were given`);
  if (anchor?.shard !== header.shard) reasons.push('its anchor is none of its shard');
  const chain = new DigestChain(nodeSha256);
  chain.advance(fromHex(header.before));
  let next = header.position;
  const proved: Event[] = [];
  for (const [index, { firstPosition, count, bytes }] of batches.entries()) {
    if (firstPosition !== next) reasons.push(`a batch begins at ${firstPosition}, not at ${next}`);
    next = firstPosition + count;
    const content = Buffer.from(bytes, 'base64');
    const events = eventsIn(content);
    if (events === undefined) reasons.push(`the batch at ${firstPosition} holds bytes that are no events`);
    else if (events.length + 1 !== count) reasons.push(`the batch at ${firstPosition} does not hold ${count} events`);
    else if (index === 0) proved.push(...events);
    chain.advance(chain.next(content));
  }
  if (anchor !== undefined && next !== anchor.position) {
    reasons.push(`it ends before position ${next}, its anchor stands at ${anchor.position}`);
  }
  if (anchor !== undefined && chain.hex !== anchor.digest) {
    reasons.push(`its events give the digest ${chain.hex}, the anchor says ${anchor.digest}`);
  }
  if (reasons.length > 0) return { reasons };
  return { anchor: header.anchor, shard: header.shard, firstPosition: header.position, events: proved };
}

function eventsIn(bytes: Uint8Array): readonly Event[] | undefined {
  const cursor = new ByteCursor(bytes);
  const events: Event[] = [];
  try {
    while (cursor.at < cursor.end) events.push(decodeEvent(cursor));
    return events;
  } catch (error) {
    if (error instanceof DamagedEventError) return undefined;
    throw error;
  }
}

type Parsed = { readonly header: ProofHeader; readonly batches: readonly ProofBatch[] };

function parseProof(text: string): Parsed | { readonly reasons: readonly string[] } {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length < 2) return { reasons: ['it is not a header and batches, each on a line'] };
  const [first = '', ...rest] = lines;
  const header = headerIn(first);
  const batches = rest.map(batchIn);
  const wrong = [header, ...batches].findIndex((each) => each === undefined);
  if (header === undefined || wrong >= 0) return { reasons: [`line ${wrong + 1} is not as proofs are written`] };
  return { header, batches: batches.filter((batch) => batch !== undefined) };
}

function headerIn(line: string): ProofHeader | undefined {
  const { kind, shard, position, before, anchor } = fieldsIn(line);
  const isHeader = kind === 'proof' && isCount(shard) && isCount(position) && typeof anchor === 'string';
  if (!isHeader || typeof before !== 'string' || !/^[0-9a-f]{64}$/.test(before)) return undefined;
  const header: ProofHeader = { kind, shard, position, before, anchor };
  return JSON.stringify(header) === line ? header : undefined;
}

function batchIn(line: string): ProofBatch | undefined {
  const { firstPosition, count, bytes } = fieldsIn(line);
  if (!isCount(firstPosition) || !isCount(count) || typeof bytes !== 'string') return undefined;
  // Base64 can say the same in several ways.
  const batch: ProofBatch = { firstPosition, count, bytes: Buffer.from(bytes, 'base64').toString('base64') };
  return JSON.stringify(batch) === line ? batch : undefined;
}

function fieldsIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}; // any object can be read by key
  } catch {
    return {};
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
