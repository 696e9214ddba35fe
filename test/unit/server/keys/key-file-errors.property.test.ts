import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { KeyFileError } from '../../../../src/server/keys/key-file.js';
import { entriesIn } from '../../../../src/server/keys/key-reading.js';
import { faultIn, lineAndColumn } from '../../../../src/api/json-places.js';

/** Found nowhere else in a message, in any part of four letters. */
const SECRET = 'Zq7Xv9Kw3Jy5Qz8Vx2Wk6';
const LEAST_TOLD = 4;

const file = JSON.stringify(
  {
    keys: [
      { key: SECRET, participant: 'alice', weight: 3 },
      { sha256: '0'.repeat(64), role: 'auditor', name: 'night audit' },
      { key: SECRET.toLowerCase(), operator: true },
    ],
  },
  undefined,
  2,
);

/** A change that a hand, an editor or a broken disk makes. */
const corruption = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(file.length), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant('put' as const),
    at: fc.nat(file.length),
    text: fc.oneof(
      fc.constantFrom('"', '{', '}', '[', ']', ',', ':', '\\', '\n', '\t', '\0', '\ufeff', '//', 'x'),
      fc.string(),
    ),
  }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat(file.length) }),
);

function corrupted(
  text: string,
  change: typeof corruption extends fc.Arbitrary<infer Change> ? Change : never,
): string {
  switch (change.kind) {
    case 'cut':
      return text.slice(0, change.at) + text.slice(change.at + change.length);
    case 'put':
      return text.slice(0, change.at) + change.text + text.slice(change.at);
    case 'end':
      return text.slice(0, change.at);
  }
}

/** All that may reach a log or a terminal of an error. */
function toldBy(error: unknown): string {
  const lines: string[] = [];
  pino({}, { write: (line: string) => void lines.push(line) }).error({ err: error }, 'the keys stay as they were');
  const told = [...lines];
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    told.push(each.message, String(each.stack), JSON.stringify(each), JSON.stringify(Object.entries(each)));
  }
  return told.join('\n').toLowerCase();
}

const fragments = Array.from({ length: SECRET.length - LEAST_TOLD + 1 }, (_, at) =>
  SECRET.slice(at, at + LEAST_TOLD).toLowerCase(),
);

function failureOf(text: string): unknown {
  try {
    entriesIn('keys.json', text);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('what is said of a key file that cannot be used', () => {
  it('What is said of a key file that cannot be used shows no four letters of a key, whatever has happened to the file', () => {
    fc.assert(
      fc.property(fc.array(corruption, { minLength: 1, maxLength: 3 }), (changes) => {
        const error = failureOf(changes.reduce(corrupted, file));
        if (error === undefined) return;
        expect(error).toBeInstanceOf(KeyFileError);
        const told = toldBy(error);
        for (const fragment of fragments) expect(told).not.toContain(fragment);
      }),
      { numRuns: 2_000 },
    );
  });

  it('What is said of a key file that cannot be used names line and column of what is no JSON', () => {
    const text = file.replace('"participant"', 'participant');
    expect(failureOf(text)).toMatchObject({
      message: 'cannot read the key file keys.json: it is not JSON: line 5, column 7',
    });
  });

  it('What is said of a key file that cannot be used names line and column of an entry that cannot be used', () => {
    const text = file.replace('"auditor"', '"author"');
    expect(failureOf(text)).toMatchObject({
      message: expect.stringMatching(/^key file keys\.json: line 8, column 5: entry 1: role is one of /),
    });
  });
});

describe('the place of a fault', () => {
  it('The place of a fault is there just where the parser finds one', () => {
    fc.assert(
      fc.property(fc.array(corruption, { maxLength: 3 }), (changes) => {
        const text = changes.reduce(corrupted, file);
        expect(faultIn(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it('The place of a fault is never behind the point from which on nothing could mend the text', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, seed) => {
        const at = seed % (json.length + 1);
        // No JSON has this letter outside a string.
        const text = `${json.slice(0, at)}\u0001${json.slice(at)}`;
        expect(faultIn(text)).toBeLessThanOrEqual(at);
      }),
    );
  });

  it.each([
    ['', 'line 1, column 1'],
    ['{"a":1,}', 'line 1, column 8'],
    ['{\n  "a": tru\n}', 'line 2, column 8'],
    ['{"a":"b\n"}', 'line 1, column 8'],
    ['{"a":1} x', 'line 1, column 9'],
    ['[01]', 'line 1, column 3'],
  ])('The place of a fault in %j is %s', (text, place) => {
    expect(lineAndColumn(text, faultIn(text) ?? -1)).toBe(place);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
