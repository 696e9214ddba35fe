/** Puts a stream's records together to the batches that count. */
import { InvalidEventError } from '../../src/events/event.js';
import type { EventBatch } from '../../src/events/fold.js';
import { appendJson } from '../../src/events/append-json.js';
import { BatchAssembler } from '../../src/log/batch-assembler.js';
import { CLAIM, damaged, type StoredRecord } from './record.js';

/**
 * The whole batches among the records, from the one that holds `from` on. The first record begins a batch, at `position`. A claim voids
 * the batch that it cuts short, and a batch without its seal is not given. Throws DamagedLogError.
 */
export async function* batchesOf(
  records: AsyncIterable<StoredRecord>,
  stream: string,
  position: number,
  from: number,
): AsyncGenerator<EventBatch, void, void> {
  let batch = position;
  let assembler = new BatchAssembler(batch, appendJson);
  for await (const record of records) {
    if (record.batch !== batch) {
      throw damaged(stream, record.revision, `its batch begins at ${record.batch}, not at ${batch}`);
    }
    if (record.type === CLAIM) {
      if (assembler.next !== batch) assembler = new BatchAssembler(batch, appendJson);
      continue;
    }
    const whole = add(assembler, record, stream);
    if (whole === undefined) continue;
    batch += whole.count;
    if (batch > from) yield whole;
  }
}

function add(assembler: BatchAssembler, { position, value, revision }: StoredRecord, stream: string) {
  try {
    return assembler.add(position, value);
  } catch (error) {
    if (error instanceof InvalidEventError) throw damaged(stream, revision, error.message);
    throw error;
  }
}
