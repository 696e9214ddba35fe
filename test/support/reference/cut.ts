import { createHash } from 'node:crypto';
import { ByteCursor, DIGEST_BYTES } from '../../../src/events/bytes.js';
import { EventEncoder } from '../../../src/events/codec.generated.js';
import { appendEvent, decodeEvent, type RecordedEvent, streamOf } from '../../../src/events/event.js';
import { HEADROOM_BYTES } from '../../../src/log/port.js';
import type { MemoryLog } from '../log/memory-log.js';

/**
 * What a crash would have left had the batch been closed after the event before `position`: a log of its own that holds all events
 * before it, the last of them sealed by a BatchSealed of their own. Turns may be cut anywhere in it, even where the exchange as it is
 * never closes a batch.
 */
export async function cutAt(log: MemoryLog, position: number): Promise<MemoryLog> {
  const cut = log.truncateTo(position);
  const wholeUntil = await cut.head();
  if (wholeUntil === position) return cut;
  let digest: Uint8Array = new Uint8Array(DIGEST_BYTES);
  let sealRevision = 0;
  for await (const { bytes, firstPosition, count } of log.read(0)) {
    const partial = firstPosition + count > position;
    const encoder = new EventEncoder(HEADROOM_BYTES + bytes.length, HEADROOM_BYTES);
    const cursor = new ByteCursor(bytes);
    for (let next = firstPosition; next < Math.min(position, firstPosition + count); next++) {
      const event = decodeEvent(cursor);
      if (streamOf(event, log.shard) === `shard-${log.shard}`) sealRevision++;
      appendEvent(encoder, event);
    }
    if (!partial) {
      digest = bytes.slice(-DIGEST_BYTES);
      continue;
    }
    const content = encoder.bytes.subarray(HEADROOM_BYTES, encoder.at);
    digest = createHash('sha256').update(digest).update(content).digest();
    encoder.batchSealed({ revision: sealRevision, digest });
    const writer = await cut.open();
    const { bytes: buffer, at: end } = encoder;
    await writer.append({ firstPosition, count: encoder.count, buffer, start: HEADROOM_BYTES, end });
    await writer.close();
    break;
  }
  return cut;
}

/** One command's part of the log. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

const beginnings = new Set(['IntentionPosted', 'IntentionAmended', 'AuctionUncrossed']);

/**
 * How far a run must have come once its log, cut at `position`, has been recovered: to the end of the command, where its arrival or
 * auction had begun; otherwise no further than the cut.
 */
export function goalOf(position: number, spans: readonly Span[], events: readonly RecordedEvent[]): number {
  const span = spans.find(({ from, until }) => from < position && position <= until);
  if (span === undefined) return position;
  const hasBegun = events.slice(span.from, position).some(({ event }) => beginnings.has(event.type));
  return hasBegun ? span.until : position;
}
