import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeEvent } from '../../../src/events/event.js';
import { possibleSeals } from '../../../src/events/seal.js';
import { runs } from '../../support/property/runs.js';

const digest = 'ab'.repeat(32);
/** Integers of every length that there is. */
const revisions = fc.integer({ min: 0, max: 53 }).chain((bits) => fc.maxSafeNat().map((value) => value % 2 ** bits));

it('The seal of a batch is found from behind, whatever stands before it', () => {
  const before = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.array(fc.constantFrom(0, 1, 2, 3), { maxLength: 60 }));
  fc.assert(
    fc.property(before, revisions, (head, revision) => {
      const seal = encodeEvent({ type: 'BatchSealed', version: 1, revision, digest });
      const found = possibleSeals(Uint8Array.from([...head, ...seal]));
      expect(found.map(({ start }) => start)).toContain(head.length);
      for (const each of found) expect(Buffer.from(each.digest).toString('hex')).toBe(digest);
    }),
    runs(500),
  );
});

it('No seal of a batch is found where the last event is another, or is cut short', () => {
  const seal = encodeEvent({ type: 'BatchSealed', version: 1, revision: 300, digest });
  const started = encodeEvent({ type: 'ShardStarted', version: 1, revision: 1, shard: 0, epoch: 1, atMs: 1 });
  expect(possibleSeals(Uint8Array.from([...seal, ...started]))).toEqual([]);
  for (let length = 0; length < seal.length; length++) expect(possibleSeals(seal.subarray(0, length))).toEqual([]);
});
