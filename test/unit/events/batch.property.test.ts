import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DamagedEventError } from '../../../src/events/bytes.js';
import { encodeEvent, type Event } from '../../../src/events/event.js';
import { type EventBatch, eventsOfBatch, foldBatch } from '../../../src/events/fold.js';
import { NoopHandler } from '../../../src/events/handlers.generated.js';
import { runs } from '../../support/property/runs.js';
import { events, methodOf, Recording, recordOf } from '../../support/reference/arbitrary-events.js';

const FIRST = 40;

function batchOf(some: readonly Event[], count = some.length): EventBatch {
  return { firstPosition: FIRST, count, bytes: Uint8Array.from(Buffer.concat(some.map(encodeEvent))) };
}

/** The events that a fold receives, and where each stood. */
class Told extends NoopHandler {
  readonly recording = new Recording();
}

/** The events as a fold hears of them; or where the damage is said to be. */
function folded(batch: EventBatch, from = 0): unknown {
  const told = new Told();
  const fold = new Proxy(told, {
    get: (target, name) =>
      name === 'position' ? target.position : (Reflect.get(target.recording.handler, name) as unknown),
  });
  return outcome(() => {
    const count = foldBatch(batch, fold, from);
    expect(count).toBe(told.recording.told.length);
    return told.recording.told;
  });
}

function decoded(batch: EventBatch, from = 0): unknown {
  return outcome(() =>
    [...eventsOfBatch(batch)]
      .filter(({ position }) => position >= from)
      .map(({ event }) => ({ method: methodOf(event.type), record: recordOf(event) })),
  );
}

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DamagedEventError)) throw error;
    return { damage: error.message };
  }
}

const batches = fc.array(events, { minLength: 1, maxLength: 8 });

describe('a batch', () => {
  it('A batch is read from any position on as it was written', () => {
    fc.assert(
      fc.property(batches, fc.nat(9), (some, skip) => {
        const expected = some.slice(skip).map((event) => ({ method: methodOf(event.type), record: recordOf(event) }));
        expect(folded(batchOf(some), FIRST + skip)).toEqual(expected);
        expect(decoded(batchOf(some), FIRST + skip)).toEqual(expected);
      }),
      runs(300),
    );
  });

  it('A batch that holds more or fewer events than it counts is damage, and says at which position', () => {
    fc.assert(
      fc.property(batches, fc.integer({ min: 1, max: 0xffff_ffff }), (some, count) => {
        fc.pre(count !== some.length);
        const place = Math.min(FIRST + some.length, FIRST + count - (count < some.length ? 1 : 0));
        const damage = `position ${place}, in the batch that begins at ${FIRST}: `;
        // A fold has received the last event before it can be known that another follows.
        const told = `position ${Math.min(FIRST + some.length, FIRST + count)}, in the batch that begins at ${FIRST}: `;
        expect(decoded(batchOf(some, count))).toEqual({ damage: expect.stringContaining(damage) });
        expect(folded(batchOf(some, count))).toEqual({ damage: expect.stringContaining(told) });
      }),
      runs(300),
    );
  });

  it('A batch with any byte changed is damage or other events, the same to every reader, and never fewer', () => {
    fc.assert(
      fc.property(batches, fc.nat(), fc.integer({ min: 1, max: 255 }), (some, at, mask) => {
        const batch = batchOf(some);
        const bytes = Uint8Array.from(batch.bytes);
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ mask;
        const [one, other] = [folded({ ...batch, bytes }), decoded({ ...batch, bytes })];
        if (Array.isArray(one)) expect(one).toHaveLength(some.length);
        expect(Array.isArray(one)).toBe(Array.isArray(other));
        if (Array.isArray(one)) expect(other).toEqual(one);
      }),
      runs(1_000),
    );
  });
});
