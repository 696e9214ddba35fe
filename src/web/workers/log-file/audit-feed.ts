/** The audit of a log whose events come one by one: of an exchange that serves. */
import type { EventBatch } from '../../../events/fold.js';
import { InvalidEventError } from '../../../events/event.js';
import { BatchAssembler } from '../../../log/batch-assembler.js';
import { DamagedLogError } from '../../../log/port.js';
import type { MakeSha256 } from '../../../log/sha256.js';
import type { RecordedEvent } from '../../../client/types.js';
import { type Audited, auditOf, type Running } from './proofs.js';

/** Which log: the feed gives all its events, from position 0 on. */
export interface Feed {
  readonly shard: number;
  readonly events: AsyncIterable<RecordedEvent>;
  /** Where the audit ends: at the end of the batch that holds the last event before it. */
  readonly head: number;
}

/**
 * Audits the events of a feed up to a head. What is no event, or not the next one, is a finding, and the audit ends there. Throws what the
 * feed throws, and the signal's reason.
 */
export function auditFeed(
  { shard, events, head }: Feed,
  running: Running & { readonly sha256: MakeSha256 },
): Promise<Audited> {
  return auditOf(shard, batchesOf(events, head), running);
}

async function* batchesOf(events: AsyncIterable<RecordedEvent>, head: number): AsyncGenerator<EventBatch, void, void> {
  if (head === 0) return;
  const assembler = new BatchAssembler(0);
  for await (const event of events) {
    const batch = added(assembler, event);
    if (batch !== undefined) yield batch;
    if (batch !== undefined && assembler.next >= head) return;
  }
}

function added(
  assembler: BatchAssembler,
  { position, stream: _stream, ...fields }: RecordedEvent,
): EventBatch | undefined {
  try {
    return assembler.add(position, fields);
  } catch (cause) {
    if (!(cause instanceof InvalidEventError)) throw cause;
    const what = `position ${assembler.next}: ${cause.message}`;
    throw new DamagedLogError(what, { file: 'the feed of events', byte: 0, frame: 0 });
  }
}
