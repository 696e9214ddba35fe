import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventRecords } from '../../../../../infra/kafka/events/event-records.js';
import {
  batchStartOf,
  eventOf,
  positionOf,
  RecordAssembler,
} from '../../../../../infra/kafka/events/record-reading.js';
import { formatOf, type TopicFormat } from '../../../../../infra/kafka/events/topic-format.js';
import type { InRecord } from '../../../../../infra/kafka/protocol/in-record.js';
import { readBatches } from '../../../../../infra/kafka/protocol/record-batch.js';
import {
  headerBlock,
  type OutRecord,
  RecordBatchWriter,
} from '../../../../../infra/kafka/protocol/record-batch-writer.js';
import { DamagedEventError } from '../../../../../src/events/bytes.js';
import { type Event, encodeEvent, InvalidEventError, streamOf } from '../../../../../src/events/event.js';
import { type EventBatch, foldBatch } from '../../../../../src/events/fold.js';
import { NoopHandler } from '../../../../../src/events/handlers.generated.js';
import type { SealedBatch } from '../../../../../src/log/port.js';
import { asRead, kept, type ReadBatch, reduced, Sealer, wordy } from '../../../../support/log/batches.js';
import { runs } from '../../../../support/property/runs.js';
import { events } from '../../../../support/reference/arbitrary-events.js';

const SHARD = 3;
const formats = fc.constantFrom<TopicFormat>('binary', 'json');
const unsealed = events.filter(({ type }) => type !== 'BatchSealed');

/** The records in which a batch comes to stand: one list for each record batch. */
async function written(batch: SealedBatch, format: TopicFormat): Promise<InRecord[][]> {
  const writer = new RecordBatchWriter(64);
  const full: InRecord[][] = [];
  await new EventRecords({ prefix: 'market', shard: SHARD }, format).write(batch, writer, () => {
    const [read] = readBatches(Buffer.from(writer.finish(1)));
    full.push([...(read?.records() ?? [])]);
    writer.clear();
    return Promise.resolve();
  });
  return full;
}

function recordOf(record: OutRecord): InRecord {
  const [batch] = readBatches(new RecordBatchWriter(64).batchOf([record]));
  const [read] = batch?.records() ?? [];
  if (read === undefined) throw new Error('a record batch without a record');
  return read;
}

const seal: Event = { type: 'BatchSealed', version: 1, revision: 0, digest: 'ab'.repeat(32) };

function binaryRecord(value: Uint8Array, position: number, more: readonly string[] = []): InRecord {
  const fixed = headerBlock({ 'content-type': 'application/vnd.parley.event' });
  return recordOf({ key: 'k', value, fixed, own: ['ce_id', String(position), ...more] });
}

function refusal(read: () => unknown): 'refused' | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidEventError || error instanceof DamagedEventError) return 'refused';
    throw error;
  }
}

describe('events as records of a topic', () => {
  it('Events that were written as records of either form are read as the batches that they were', async () => {
    const batches = fc.array(fc.record({ some: fc.array(unsealed, { maxLength: 8 }), format: formats }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(2 ** 40), async (all, first) => {
        const sealer = new Sealer(first);
        const assembler = new RecordAssembler(first);
        const [sealed, read]: ReadBatch[][] = [[], []];
        for (const { some, format } of all) {
          const batch = sealer.seal(some);
          sealed?.push(asRead(batch));
          for (const record of (await written(batch, format)).flat()) {
            expect(formatOf(record)).toBe(format);
            const whole = assembler.add(record);
            if (whole !== undefined) read?.push(kept(whole));
          }
        }
        expect(read).toEqual(sealed);
      }),
      runs(200),
    );
  });

  it('Each record says its position, its stream and its form, and the first of a record batch where its batch began', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(unsealed, { minLength: 1, maxLength: 8 }), formats, async (some, format) => {
        const batch = new Sealer(1_000).seal(some);
        const records = (await written(batch, format)).flat();
        expect(records.map(positionOf)).toEqual(records.map((_, at) => 1_000 + at));
        expect(records.slice(0, -1).map(eventOf)).toEqual(some);
        expect(records.map(({ key }) => key)).toEqual(records.map((each) => streamOf(eventOf(each), SHARD)));
        expect(batchStartOf(records[0] as InRecord)).toBe(1_000); // a seal at least
        expect(() => batchStartOf(records[1] as InRecord)).toThrow(InvalidEventError);
        const headers = records[1]?.headers() ?? [];
        const names = headers.filter((_, at) => at % 2 === 0);
        const cloudEvent = ['ce_specversion', 'ce_source', 'ce_type', 'content-type', 'ce_id'];
        expect(names).toEqual(format === 'json' ? cloudEvent : ['content-type', 'ce_id']);
      }),
      runs(100),
    );
  });

  it('A batch that is larger than a record batch should be stands in several, each of which says where it began', async () => {
    const batch = new Sealer(7).seal(Array.from({ length: 2_000 }, (_, at) => wordy(at)));
    for (const format of ['binary', 'json'] as const) {
      const full = await written(batch, format);
      expect(full.length).toBeGreaterThan(1);
      expect(full.map(([first]) => batchStartOf(first as InRecord))).toEqual(full.map(() => 7)); // none is empty
    }
  });

  it('A binary record is refused, or its bytes are kept as they are, and what cannot be read in them is found by who reads them', () => {
    const behinds = fc.uint8Array({ maxLength: 12 });
    const changes = fc.record({
      at: fc.nat(400),
      bit: fc.nat(7),
      cut: fc.nat(3),
      how: fc.constantFrom('flip', 'cut', 'more'),
    });
    fc.assert(
      fc.property(events, changes, behinds, (event, { at, bit, cut, how }, behind) => {
        const value = Buffer.from(encodeEvent(event));
        if (how === 'flip') value[at % value.length] = (value[at % value.length] ?? 0) ^ (1 << bit);
        const changed =
          how === 'cut' ? value.subarray(0, -1 - cut) : how === 'more' ? Buffer.concat([value, behind]) : value;
        const more = bit % 2 === 0 ? [] : ['x', Buffer.from(behind).toString('latin1')];
        const record = binaryRecord(changed, 5, more);
        const refused = refusal(() => eventOf(record));
        if (refused === undefined) expect(encodeEvent(eventOf(record))).toEqual(new Uint8Array(changed));
        const assembler = new RecordAssembler(5);
        let read: EventBatch | undefined;
        if (refusal(() => (read = assembler.add(record))) !== undefined) {
          expect(refused).toBe('refused');
          return;
        }
        const whole = read ?? assembler.add(binaryRecord(encodeEvent(seal), 6));
        expect(whole && refusal(() => foldBatch(whole, new NoopHandler()))).toBe(refused);
      }),
      runs(2_000),
    );
  });

  it.each<[string, Partial<OutRecord>]>([
    ['no position', { own: [] }],
    ['a position that is no number', { own: ['ce_id', '5x'] }],
    ['an empty position', { own: ['ce_id', ''] }],
    ['a negative position', { own: ['ce_id', '-5'] }],
    ['a position that cannot be counted', { own: ['ce_id', '9007199254740992'] }],
    ['a position of too many digits', { own: ['ce_id', '00000000000000005'] }],
    ['another position than the next', { own: ['ce_id', '6'] }],
    ['another case in its position’s name', { own: ['CE_ID', '5'] }],
    ['a value that is no JSON', { value: 'hello' }],
    ['a value that is JSON, but no event', { value: '{"type":"Hello","version":1}' }],
    ['no value', { value: null }],
    ['bytes, and a form that says JSON', { value: encodeEvent(reduced(1, 1)) }],
  ])('A record is refused that has %s', (_what, change) => {
    const fixed = headerBlock({ 'content-type': 'application/json' });
    const value = JSON.stringify(reduced(1, 1) satisfies Event);
    const right: OutRecord = { key: 'intention-1', value, fixed, own: ['ce_id', '5'] };
    expect(refusal(() => new RecordAssembler(5).add(recordOf(right)))).toBeUndefined();
    expect(refusal(() => new RecordAssembler(5).add(recordOf({ ...right, ...change })))).toBe('refused');
  });
});
