import fc from 'fast-check';
import kafkajsBatches from 'kafkajs/src/protocol/recordBatch/v0/index.js';
import decodeBatch from 'kafkajs/src/protocol/recordBatch/v0/decoder.js';
import encodeRecord from 'kafkajs/src/protocol/recordBatch/record/v0/index.js';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import { describe, expect, it } from 'vitest';
import { type InBatch, readBatches } from '../../../../../infra/kafka/protocol/record-batch.js';
import {
  headerBlock,
  type OutRecord,
  RecordBatchWriter,
} from '../../../../../infra/kafka/protocol/record-batch-writer.js';
import { runs } from '../../../../support/property/runs.js';

/** A record in plain values. A key is never null here: what we write always has one. */
interface Plain {
  readonly key: string;
  readonly value: string | Buffer | null;
  readonly fixed: Readonly<Record<string, string>>;
  readonly own: Readonly<Record<string, string>>;
}

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const large = fc.integer({ min: 60, max: 20_000 }).map((length) => 'x'.repeat(length));
const headers = (first: string): fc.Arbitrary<Record<string, string>> =>
  fc
    .array(text, { maxLength: 3 })
    .map((values) => Object.fromEntries(values.map((value, at) => [`${first}${at}`, value])));
const plain: fc.Arbitrary<Plain> = fc.record({
  key: text,
  value: fc.oneof(text, bytes, large, fc.constant(null)),
  fixed: headers('fixed-ü'),
  own: headers('own-'),
});
const plains = fc.array(plain, { minLength: 1, maxLength: 100 });
const identity = fc.option(
  fc.record({
    producerId: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String),
    producerEpoch: fc.integer({ min: 0, max: 32_767 }),
    sequence: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  }),
  { nil: undefined },
);
const NOW_MS = 1_764_000_000_000;

function outOf({ key, value, fixed, own }: Plain): OutRecord {
  return { key, value, fixed: headerBlock(fixed), own: Object.entries(own).flat() };
}

function write(records: readonly Plain[], whose?: Parameters<RecordBatchWriter['finish']>[1]): Buffer {
  const writer = new RecordBatchWriter(64);
  for (const record of records) writer.add(outOf(record));
  return Buffer.from(writer.finish(NOW_MS, whose));
}

function contentOf({ value }: Plain): Buffer {
  return value === null ? Buffer.alloc(0) : Buffer.from(value);
}

function mustHold(batch: InBatch | undefined, records: readonly Plain[]): void {
  const read = [...(batch?.records() ?? [])];
  expect(read.map(({ key }) => key)).toEqual(records.map(({ key }) => key));
  read.forEach((record, at) => {
    const { fixed, own } = records[at] ?? {};
    const all = { ...fixed, ...own };
    expect(record.value.equals(contentOf(records[at] as Plain))).toBe(true); // there are as many, by the keys
    expect(record.offset).toBe((batch?.baseOffset ?? 0) + at);
    expect(record.headers()).toEqual(Object.entries(all).flat());
    for (const [name, value] of Object.entries(own ?? {})) expect(record.header(name)).toBe(value);
    expect(record.header('missing')).toBeUndefined();
  });
}

describe('record batches', () => {
  it('Record batches are read as they were written, one after the other, and a part of one at the end is left out', () => {
    fc.assert(
      fc.property(fc.array(plains, { minLength: 1, maxLength: 3 }), fc.nat(), (batches, cut) => {
        const written = batches.map((records) => write(records));
        const last = written.at(-1) ?? Buffer.alloc(0);
        const whole = Buffer.concat([...written, last.subarray(0, cut % last.length)]);
        const read = [...readBatches(whole)];
        expect(read).toHaveLength(batches.length);
        read.forEach((batch, at) => mustHold(batch, batches[at] ?? []));
      }),
      runs(60),
    );
  });

  it('Record batches are read by kafkajs as they were written here', async () => {
    await fc.assert(
      fc.asyncProperty(plains, identity, async (records, whose) => {
        const decoded = await decodeBatch(new Decoder(write(records, whose)));
        expect(decoded).toMatchObject({
          producerId: whose?.producerId ?? '-1',
          producerEpoch: whose?.producerEpoch ?? -1,
          firstSequence: whose?.sequence ?? -1,
          inTransaction: whose !== undefined,
          lastOffsetDelta: records.length - 1,
          firstTimestamp: String(NOW_MS),
        });
        expect(decoded.records.map(({ key }) => key?.toString())).toEqual(records.map(({ key }) => key));
        decoded.records.forEach(({ value, headers: given }, at) => {
          const record = records[at] as Plain; // there are as many, by the keys
          expect(value === null).toBe(record.value === null);
          expect((value ?? Buffer.alloc(0)).equals(contentOf(record))).toBe(true);
          const texts = Object.entries(given).map(([name, bytesOf]) => [name, bytesOf.toString()]);
          expect(Object.fromEntries(texts)).toEqual({ ...record.fixed, ...record.own });
        });
      }),
      runs(60),
    );
  });

  it('Record batches are read here as kafkajs writes them, whenever its records were made', async () => {
    await fc.assert(
      fc.asyncProperty(
        plains,
        fc.boolean(),
        fc.nat(2 ** 40),
        fc.nat(2 ** 45),
        async (records, transactional, firstOffset, laterMs) => {
          const { buffer } = await kafkajsBatches.RecordBatch({
            ...{ firstOffset, firstTimestamp: NOW_MS, maxTimestamp: NOW_MS + laterMs, transactional, producerId: 7 },
            lastOffsetDelta: records.length - 1,
            records: records.map((record, offsetDelta) =>
              encodeRecord({
                ...{ offsetDelta, timestampDelta: offsetDelta === 0 ? 0 : laterMs, key: Buffer.from(record.key) },
                value: record.value === null ? null : contentOf(record),
                headers: { ...record.fixed, ...record.own },
              }),
            ),
          });
          const [batch] = readBatches(buffer);
          expect(batch).toMatchObject({
            ...{ baseOffset: firstOffset, nextOffset: firstOffset + records.length, count: records.length },
            ...{ isTransactional: transactional, isControl: false, producerId: 7n },
          });
          mustHold(batch, records);
        },
      ),
      runs(60),
    );
  });

  it('Record batches are refused when any bit that their checksum covers is another', () => {
    const batch = write([{ key: 'k', value: 'value', fixed: { a: 'b' }, own: {} }]);
    const CHECKED_FROM = 17; // the checksum itself, and all that it covers
    for (let bit = 8 * CHECKED_FROM; bit < 8 * batch.length; bit++) {
      const flipped = Buffer.from(batch);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => [...readBatches(flipped)], `bit ${bit}`).toThrow(/wrong checksum/);
    }
  });

  it('Record batches are refused when they are of another format, compressed, or shorter than they can be', async () => {
    const batch = write([{ key: 'k', value: 'value', fixed: {}, own: {} }]);
    const older = Buffer.from(batch);
    older[16] = 1;
    expect(() => [...readBatches(older)]).toThrow(/another format/);
    const short = Buffer.from(batch);
    short.writeInt32BE(10, 8);
    expect(() => [...readBatches(short)]).toThrow(RangeError);
    const records = [
      encodeRecord({ offsetDelta: 0, timestampDelta: 0, key: null, value: Buffer.from('x'), headers: {} }),
    ];
    const GZIP = 1;
    const { buffer } = await kafkajsBatches.RecordBatch({ records, compression: GZIP });
    const [compressed] = readBatches(buffer);
    expect(() => compressed?.records()).toThrow(/a compressed record batch/);
  });
});
