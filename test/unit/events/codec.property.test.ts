import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCursor, DamagedEventError } from '../../../src/events/bytes.js';
import { EventEncoder, type EventKey, readEvent, skipEvent } from '../../../src/events/codec.generated.js';
import {
  appendEvent,
  decodeEvent,
  encodeEvent,
  type Event,
  eventFromJson,
  streamOf,
} from '../../../src/events/event.js';
import { currentEvents, events, methodOf, recordOf, Recording } from '../../support/reference/arbitrary-events.js';
import { runs } from '../../support/property/runs.js';

interface Read<Value> {
  readonly value: Value;
  readonly at: number;
}

/** What a reader makes of bytes: a value and how far it came, or damage. Anything else that it throws is a bug. */
function read<Value>(bytes: Uint8Array, reader: (cursor: ByteCursor) => Value): Read<Value> | 'damaged' {
  const cursor = new ByteCursor(bytes);
  try {
    const value = reader(cursor);
    expect(cursor.at).toBeLessThanOrEqual(bytes.length);
    return { value, at: cursor.at };
  } catch (error) {
    if (!(error instanceof DamagedEventError)) throw error;
    expect(error.offset).toBeGreaterThanOrEqual(0);
    expect(error.offset).toBeLessThanOrEqual(bytes.length);
    return 'damaged';
  }
}

function readAsTold(bytes: Uint8Array): Read<unknown> | 'damaged' {
  const recording = new Recording();
  const result = read(bytes, (cursor) => readEvent(cursor, recording.handler));
  return result === 'damaged' ? result : { value: recording.told, at: result.at };
}

function keyOf(bytes: Uint8Array): Read<string> | 'damaged' {
  const key: EventKey = { stream: 'shard', first: 0, second: 0 };
  return read(bytes, (cursor) => {
    skipEvent(cursor, key);
    if (key.stream === 'shard') return 'shard-0';
    return key.stream === 'intention' ? `intention-${key.first}` : `deal-${key.first}-${key.second}`;
  });
}

const MORE = new Uint8Array(8).fill(0xff);

/** All readers make the same of these bytes: damage, or one event that is valid by the catalogue. */
function expectReadersAgree(bytes: Uint8Array): void {
  const decoded = read(bytes, decodeEvent);
  const told = readAsTold(bytes);
  // Integers near the end are read byte by byte, others at once.
  const followed = read(Uint8Array.from([...bytes, ...MORE]), decodeEvent);
  if (followed !== 'damaged' && followed.at <= bytes.length) expect(decoded).toEqual(followed);
  if (decoded === 'damaged') {
    expect(told).toBe('damaged');
    return;
  }
  expect(followed).toEqual(decoded);
  const event = decoded.value;
  expect(eventFromJson(event)).toEqual(event);
  expect(told).toEqual({ value: [{ method: methodOf(event.type), record: recordOf(event) }], at: decoded.at });
  expect(keyOf(bytes)).toEqual({ value: streamOf(event, 0), at: decoded.at });
  // One event, one encoding: what was read is what would be written.
  expect(encodeEvent(event)).toEqual(bytes.slice(0, decoded.at));
}

describe('an event', () => {
  it('An event is the same after it was written as bytes and read again', () => {
    fc.assert(
      fc.property(events, (event) => {
        const bytes = encodeEvent(event);
        expect(read(bytes, decodeEvent)).toEqual({ value: event, at: bytes.length });
      }),
      runs(1_000),
    );
  });

  it('An event is the same after it was written as JSON and read again', () => {
    fc.assert(
      fc.property(events, (event) => {
        const again = eventFromJson(JSON.parse(JSON.stringify(event)));
        expect(again).toEqual(event);
        expect(encodeEvent(again)).toEqual(encodeEvent(event));
      }),
      runs(500),
    );
  });

  it('An event has the same bytes from the generated encoder as from the catalogue', () => {
    fc.assert(
      fc.property(
        fc.array(currentEvents, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 200 }),
        (some, room) => {
          const generated = new EventEncoder(room);
          const interpreted = new EventEncoder(8, 3);
          for (const event of some) {
            tell(generated, event);
            appendEvent(interpreted, event);
          }
          expect(generated.count).toBe(some.length);
          expect(interpreted.count).toBe(some.length);
          expect(hex(generated.bytes.subarray(0, generated.at))).toBe(
            hex(interpreted.bytes.subarray(3, interpreted.at)),
          );
        },
      ),
      runs(500),
    );
  });

  it('An event is handed over by the generated reader as the catalogue reads it, one after the other', () => {
    fc.assert(
      fc.property(fc.array(events, { minLength: 1, maxLength: 12 }), (some) => {
        const encoder = new EventEncoder(16);
        for (const event of some) appendEvent(encoder, event);
        const recording = new Recording();
        const cursor = new ByteCursor(encoder.bytes, 0, encoder.at);
        for (let left = some.length; left > 0; left--) readEvent(cursor, recording.handler);
        expect(cursor.at).toBe(encoder.at);
        expect(recording.told).toEqual(
          some.map((event) => ({ method: methodOf(event.type), record: recordOf(event) })),
        );
      }),
      runs(300),
    );
  });

  it('An event is skipped as far as it is read, and its stream is known without reading it', () => {
    fc.assert(
      fc.property(events, (event) => {
        const bytes = encodeEvent(event);
        expect(keyOf(bytes)).toEqual({ value: streamOf(event, 0), at: bytes.length });
      }),
      runs(300),
    );
  });
});

describe('hostile bytes', () => {
  it('Hostile bytes that are cut off anywhere are damage to every reader', () => {
    fc.assert(
      fc.property(events, (event) => {
        const bytes = encodeEvent(event);
        for (let length = 0; length < bytes.length; length++) {
          const cut = bytes.subarray(0, length);
          expect(read(cut, decodeEvent)).toBe('damaged');
          expect(readAsTold(cut)).toBe('damaged');
          expect(keyOf(cut)).toBe('damaged');
        }
      }),
      runs(60),
    );
  });

  it('Hostile bytes with any one bit flipped are damage, or another valid event, the same to every reader', () => {
    fc.assert(
      fc.property(events, (event) => {
        const bytes = encodeEvent(event);
        for (let bit = 0; bit < Math.min(bytes.length, 48) * 8; bit++) {
          const flipped = bytes.slice();
          flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          expectReadersAgree(flipped);
        }
      }),
      runs(25),
    );
  });

  it('Hostile bytes of any kind are damage, or a valid event, the same to every reader', () => {
    const code = fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 16, 17, 18, 19, 20, 21, 22, 23, 24, 32, 33, 34, 255);
    const noise = fc.uint8Array({ maxLength: 120 });
    fc.assert(
      fc.property(code, noise, (first, rest) => {
        expectReadersAgree(Uint8Array.from([first, ...rest]));
      }),
      runs(3_000),
    );
  });

  it('Hostile bytes that promise a text longer than there is memory are damage, at once', () => {
    const admitted = encodeEvent({
      type: 'ParticipantAdmitted',
      version: 1,
      revision: 1,
      participantId: 1,
      name: 'abc',
      atMs: 1,
    });
    const at = admitted.indexOf(3, 4 + 3);
    for (const length of [
      [0xff, 0xff, 0xff, 0xff, 0x07],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ]) {
      const hostile = Uint8Array.from([...admitted.subarray(0, at), ...length, ...admitted.subarray(at + 1)]);
      expect(read(hostile, decodeEvent)).toBe('damaged');
      expect(readAsTold(hostile)).toBe('damaged');
      expect(keyOf(hostile)).toBe('damaged');
    }
  });

  it('Hostile bytes of a text that is not UTF-8 are damage', () => {
    const bytes = encodeEvent({
      type: 'ParticipantAdmitted',
      version: 1,
      revision: 1,
      participantId: 1,
      name: 'abc',
      atMs: 1,
    });
    bytes[bytes.indexOf(0x61)] = 0xff;
    expect(read(bytes, decodeEvent)).toBe('damaged');
    expect(readAsTold(bytes)).toBe('damaged');
  });

  it('Hostile bytes never make an event larger than they are', () => {
    const noise = fc.uint8Array({ minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(noise, (bytes) => {
        const decoded = read(bytes, decodeEvent);
        if (decoded !== 'damaged') expect(JSON.stringify(decoded.value).length).toBeLessThan(1_000 + 8 * bytes.length);
      }),
    );
  });
});

describe('an integer', () => {
  it.each([2 ** 53, 2 ** 60, Number.POSITIVE_INFINITY, Number.NaN])(
    'An integer that cannot be counted is never written: %d',
    (atMs) => {
      const encoder = new EventEncoder(64);
      expect(() => {
        encoder.shardStarted({ revision: 0, shard: 0, epoch: 0, atMs });
      }).toThrow(RangeError);
      expect(encoder).toMatchObject({ at: 0, count: 0 });
    },
  );
});

function tell(encoder: EventEncoder, event: Event): void {
  const method = encoder[methodOf(event.type)] as (record: unknown) => void; // the record has its event’s fields
  method.call(encoder, recordOf(event));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
