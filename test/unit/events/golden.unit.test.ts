import { ByteCursor } from '../../../src/events/bytes.js';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../src/events/catalogue.js';
import { decodeEvent, encodeEvent, eventFromJson, type RecordedEvent, streamOf } from '../../../src/events/event.js';
import { HEADROOM_BYTES } from '../../../src/log/port.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { expectAuditFinds, expectLedgerBalances } from '../../support/reference/checks.js';
import { currentChoices, type GoldenLog, goldenLogs, outcomeOf } from '../../golden/golden-log.js';

/** What to do about it, said by every test that a changed catalogue makes fail. */
const ADVICE = `
What has been written once must stay readable permanently, so an entry of src/events/catalogue.ts that a golden log holds is never changed,
reordered or removed. Undo that, and then, to change an event:
  1. add an entry beside it with a new code and the next version;
  2. give the old entry \`upcast\`: the values of the fields that it lacks;
  3. npm run codegen;
  4. npx tsx test/golden/golden-log.ts, which records a new golden log beside the others. The old ones stay as they are.
A name is added to the end of a list of choices, never before others, and none is taken out.
`;

/** Does the work, and says with whatever it throws what is to be done about it. */
async function advised(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (cause instanceof Error) cause.message = `${cause.message}\n${ADVICE}`;
    throw cause;
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The golden log as a log: a batch ends with each BatchSealed. */
async function asLog({ bytes, events }: GoldenLog): Promise<MemoryLog> {
  const log = new MemoryLog();
  const writer = await log.open();
  const cursor = new ByteCursor(bytes);
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
  it('A golden log is read as what it was written for', () =>
    advised(() => {
      const cursor = new ByteCursor(golden.bytes);
      const events: RecordedEvent[] = [];
      while (cursor.at < cursor.end) {
        const event = decodeEvent(cursor);
        events.push({ position: events.length, stream: streamOf(event, 0), event });
      }
      expect(events).toEqual(golden.events);
    }));

  it('A golden log is written from its JSON byte for byte: an event whose bytes change needs a new code and version', () =>
    advised(() => {
      let at = 0;
      for (const { position, event } of golden.events) {
        const bytes = encodeEvent(eventFromJson(event));
        const stored = golden.bytes.subarray(at, at + bytes.length);
        expect({ position, bytes: hex(bytes) }).toEqual({ position, bytes: hex(stored) });
        at += bytes.length;
      }
      expect(at).toBe(golden.bytes.length);
    }));

  it('A golden log is replayed to what it came to then', () =>
    advised(async () => {
      expect(await outcomeOf(await asLog(golden))).toEqual(golden.outcome);
    }));

  it('A golden log finds each choice under the number that it was given then: names are added to a list, never moved', () =>
    advised(() => {
      const current = currentChoices();
      for (const [field, names] of Object.entries(golden.choices)) {
        expect({ field, names: current[field]?.slice(0, names.length) }).toEqual({ field, names });
      }
    }));

  it('A golden log stands up to the audit, digests included', () =>
    advised(async () => {
      const log = await asLog(golden);
      await expectAuditFinds(log, ['LOSS_ACCEPTED']);
      await expectLedgerBalances(log);
    }));
});

describe('the golden logs', () => {
  it('The golden logs hold every event and version of the catalogue (npx tsx test/golden/golden-log.ts)', () => {
    const held = new Set(
      goldenLogs().flatMap(({ events }) => events.map(({ event }) => `${event.type}@${event.version}`)),
    );
    const missing = catalogue.map(({ type, version }) => `${type}@${version}`).filter((name) => !held.has(name));
    expect(missing).toEqual([]);
  });
});
