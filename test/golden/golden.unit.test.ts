import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/events/catalogue.js';
import { decodeEvent, encodeEvent, eventFromJson, type RecordedEvent, streamOf } from '../../src/events/event.js';
import { HEADROOM_BYTES } from '../../src/log/port.js';
import { MemoryLog } from '../support/log/memory-log.js';
import { expectAuditFinds, expectLedgerBalances } from '../support/reference/checks.js';
import { currentChoices, type GoldenLog, goldenLogs, outcomeOf } from './golden-log.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The golden log as a log: a batch ends with each BatchSealed. */
async function asLog({ bytes, events }: GoldenLog): Promise<MemoryLog> {
  const log = new MemoryLog();
  const writer = await log.open();
  const cursor = { bytes, at: 0, end: bytes.length };
  let [firstPosition, start] = [0, 0];
  for (const [index, { event }] of events.entries()) {
    decodeEvent(cursor);
    if (event.type !== 'BatchSealed') continue;
    const buffer = Buffer.concat([Buffer.alloc(HEADROOM_BYTES), bytes.subarray(start, cursor.at)]);
    const count = index + 1 - firstPosition;
    await writer.append({ firstPosition, count, buffer, start: HEADROOM_BYTES, end: buffer.length });
    [firstPosition, start] = [index + 1, cursor.at];
  }
  return log;
}

describe.each(goldenLogs())('the golden log $name', (golden) => {
  it('is read as what it was written for', () => {
    const cursor = { bytes: golden.bytes, at: 0, end: golden.bytes.length };
    const events: RecordedEvent[] = [];
    while (cursor.at < cursor.end) {
      const event = decodeEvent(cursor);
      events.push({ position: events.length, stream: streamOf(event, 0), event });
    }
    expect(events).toEqual(golden.events);
  });

  it('is written from its JSON byte for byte: an event whose bytes change needs a new code and version', () => {
    let at = 0;
    for (const { position, event } of golden.events) {
      const bytes = encodeEvent(eventFromJson(event));
      const stored = golden.bytes.subarray(at, at + bytes.length);
      expect({ position, bytes: hex(bytes) }).toEqual({ position, bytes: hex(stored) });
      at += bytes.length;
    }
    expect(at).toBe(golden.bytes.length);
  });

  it('is replayed to what it came to then', async () => {
    expect(await outcomeOf(await asLog(golden))).toEqual(golden.outcome);
  });

  it('finds each choice under the number that it was given then: names are added to a list, never moved', () => {
    const current = currentChoices();
    for (const [field, names] of Object.entries(golden.choices)) {
      expect({ field, names: current[field]?.slice(0, names.length) }).toEqual({ field, names });
    }
  });

  it('stands up to the audit, digests included', async () => {
    const log = await asLog(golden);
    await expectAuditFinds(log);
    await expectLedgerBalances(log);
  });
});

describe('the golden logs', () => {
  it('hold every event and version of the catalogue (npx tsx test/golden/golden-log.ts)', () => {
    const held = new Set(
      goldenLogs().flatMap(({ events }) => events.map(({ event }) => `${event.type}@${event.version}`)),
    );
    const missing = catalogue.map(({ type, version }) => `${type}@${version}`).filter((name) => !held.has(name));
    expect(missing).toEqual([]);
  });
});
