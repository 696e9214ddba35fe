import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../../src/api/read-json.js';
import { runs } from '../../support/property/runs.js';

const blank = fc.constantFrom('', ' ', '\t', '\n  ', '\r\n');
const names = fc.oneof(
  fc.constantFrom('side', 'price', 'a', '', '__proto__', 'toString', 'é', '"', '\\', 'a":"b', '\u2028', '😀'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const values = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  names,
);

/** As JSON.stringify has it, or each character by its number. */
const written = (text: string): fc.Arbitrary<string> =>
  fc.boolean().map((isEscaped) => {
    if (!isEscaped) return JSON.stringify(text);
    const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0'));
    return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
  });

interface Field {
  readonly name: string;
  readonly text: string;
}
const fieldOf = (name: string): fc.Arbitrary<Field> =>
  fc.tuple(written(name), values, blank, blank, blank).chain(([key, value, ...blanks]) => {
    const shown = typeof value === 'string' ? written(value) : fc.constant(JSON.stringify(value));
    return shown.map((each) => ({ name, text: `${blanks[0]}${key}${blanks[1]}:${blanks[2]}${each}` }));
  });
const fields = fc
  .uniqueArray(names, { maxLength: 6 })
  .chain((some) => fc.tuple(...some.map(fieldOf)))
  .map((some): readonly Field[] => some);

const textOf = (some: readonly Field[], end: string): string => `{${some.map(({ text }) => text).join(',')}${end}}`;

describe('JSON that somebody sent', () => {
  it('JSON that somebody sent means what JSON.parse says, however it is written, where no name stands twice', () => {
    fc.assert(
      fc.property(fields, blank, (some, end) => {
        const text = textOf(some, end);
        expect(readJson(text, 'it')).toEqual({ value: JSON.parse(text) });
      }),
      runs(2_000),
    );
  });

  it('JSON that somebody sent is refused where a name stands twice, however each is written, whatever else there is, and the name is given', () => {
    const twice = fields
      .filter((some) => some.length > 0)
      .chain((some) => fc.tuple(fc.constant(some), fc.nat(some.length - 1), fc.nat(some.length)))
      .chain(([some, which, at]) => {
        const name = some[which]?.name ?? '';
        return fieldOf(name).map((again) => ({ name, all: [...some.slice(0, at), again, ...some.slice(at)] }));
      });
    fc.assert(
      fc.property(twice, blank, ({ name, all }, end) => {
        const detail = `it names ${JSON.stringify(name)} twice`;
        expect(readJson(textOf(all, end), 'it')).toMatchObject({ code: 'MALFORMED_JSON', detail });
      }),
      runs(2_000),
    );
  });

  it('JSON that somebody sent is refused where a name stands twice in an object within it, and taken where objects share names', () => {
    fc.assert(
      fc.property(fields, fields, blank, (outer, inner, end) => {
        const text = `{"in":${textOf(inner, end)},"other":${textOf(outer, end)}}`;
        expect(readJson(text, 'it')).toEqual({ value: JSON.parse(text) });
        const [first] = inner;
        if (first === undefined) return;
        const detail = `it names ${JSON.stringify(first.name)} twice`;
        const twice = `{"in":${textOf([...inner, first], end)},"other":${textOf(outer, end)}}`;
        expect(readJson(twice, 'it')).toMatchObject({ code: 'MALFORMED_JSON', detail });
      }),
      runs(2_000),
    );
  });

  it('JSON that somebody sent is read however deeply it is nested', () => {
    const text = `${'{"a":'.repeat(13_000)}1${'}'.repeat(13_000)}`;
    expect(readJson(text, 'it')).toHaveProperty('value');
  });

  it('JSON that somebody sent is refused, too, where what is named twice was no plain value the first time', () => {
    for (const text of ['{"a":{"b":1},"a":"x"}', '{"a":[],"a":1}', '{"a":{"a":1},"c":2,"a":3}']) {
      expect(readJson(text, 'it')).toMatchObject({ code: 'MALFORMED_JSON', detail: 'it names "a" twice' });
    }
  });
});
