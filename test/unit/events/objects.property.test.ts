import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventEncoder } from '../../../src/events/codec.generated.js';
import { appendJson } from '../../../src/events/append-json.js';
import {
  appendFromJson,
  encodeEvent,
  type Event,
  eventFromJson,
  InvalidEventError,
} from '../../../src/events/event.js';
import { putObject } from '../../../src/events/objects.generated.js';
import { runs } from '../../support/property/runs.js';
import { events, schemaFor } from '../../support/reference/arbitrary-events.js';

/** What does not belong into most fields, and into some does. */
const oddValues = fc.constantFrom<unknown>(
  ...[undefined, null, true, -1, -0, 1.5, 2 ** 53, '1', '', 'buy', 'x\ud800', 'AB'.repeat(32), 'ab'.repeat(32)],
  ...[[], {}, Number.NaN],
);

/** An event as an object, in which perhaps one field is odd, gone, or one too many. */
const objects = fc
  .record({ event: events, pick: fc.nat(20), odd: oddValues, change: fc.constantFrom('none', 'set', 'drop', 'add') })
  .map(({ event, pick, odd, change }) => {
    const fields = Object.entries(event);
    const [name] = fields[pick % fields.length] as [string, unknown]; // within the list
    if (change === 'none') return { ...event };
    if (change === 'add') return { ...event, [`${name}2`]: odd };
    return change === 'set' ? { ...event, [name]: odd } : Object.fromEntries(fields.filter(([key]) => key !== name));
  });

function checked(value: unknown): Event | undefined {
  try {
    return eventFromJson(value);
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    return undefined;
  }
}

const written = (encoder: EventEncoder): Uint8Array => encoder.bytes.slice(0, encoder.at);

describe('an event as an object', () => {
  it('An object is appended at once just where the catalogue takes it in its current version, with the same bytes', () => {
    fc.assert(
      fc.property(objects, (object) => {
        const event = checked(object);
        const isCurrent = event !== undefined && schemaFor(event).upcast === undefined;
        const encoder = new EventEncoder(0);
        expect(putObject(encoder, object)).toBe(isCurrent);
        expect(encoder.count).toBe(isCurrent ? 1 : 0);
        expect(written(encoder)).toEqual(isCurrent ? encodeEvent(event) : new Uint8Array());
      }),
      runs(2_000),
    );
  });

  it('An object of any version is appended or refused as the catalogue has it, and what is refused leaves nothing', () => {
    fc.assert(
      fc.property(fc.oneof(objects, oddValues), (object) => {
        const event = checked(object);
        for (const append of [appendJson, appendFromJson]) {
          const encoder = new EventEncoder(0);
          if (event === undefined) expect(() => append(encoder, object)).toThrow(InvalidEventError);
          else expect(append(encoder, object)).toBe(event.type);
          expect(written(encoder)).toEqual(event === undefined ? new Uint8Array() : encodeEvent(event));
        }
      }),
      runs(2_000),
    );
  });
});
