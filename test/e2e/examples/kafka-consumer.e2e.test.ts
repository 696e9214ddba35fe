import { spawnSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteCursor, DamagedEventError } from '../../../src/events/bytes.js';
import { decodeEvent, encodeEvent } from '../../../src/events/event.js';
import { describeWith } from '../../support/needs/suite.js';
import { events } from '../../support/reference/arbitrary-events.js';

const examples = path.join(import.meta.dirname, '../../../examples');
const COUNT = 3_000;

/** What the Python program makes of these events, each an object; `damaged` where it takes one for none. */
function decodedByPython(values: readonly Uint8Array[]): unknown[] {
  const input = values.map((value) => `${Buffer.from(value).toString('hex')}\n`).join('');
  const program = path.join(examples, 'kafka-consumer/parley_events.py');
  const { status, stdout, stderr } = spawnSync('python3', [program], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  return lines.map((line) => {
    const value = JSON.parse(line) as { readonly damaged?: string };
    return value.damaged === undefined ? value : 'damaged';
  });
}

function decodedHere(value: Uint8Array): unknown {
  const cursor = new ByteCursor(value);
  try {
    const event = decodeEvent(cursor);
    return cursor.at === cursor.end ? event : 'damaged';
  } catch (error) {
    if (error instanceof DamagedEventError) return 'damaged';
    throw error;
  }
}

await describeWith('python', 'the consumer of the examples', () => {
  it('The Python program decodes every event of the catalogue, whole or damaged, as the exchange does', () => {
    const changes = fc.record({ at: fc.nat(400), bit: fc.nat(7), how: fc.constantFrom('whole', 'flip', 'cut') });
    const values = fc.sample(fc.tuple(events, changes), COUNT).map(([event, { at, bit, how }]) => {
      const value = Buffer.from(encodeEvent(event));
      if (how === 'flip') value[at % value.length] = (value[at % value.length] ?? 0) ^ (1 << bit);
      return how === 'cut' ? value.subarray(0, -1) : value;
    });
    const expected = values.map(decodedHere);
    expect(expected.filter((each) => each === 'damaged').length).toBeGreaterThan(COUNT / 10);
    expect(decodedByPython(values)).toEqual(expected);
  });
});
