import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../src/events/catalogue.js';
import { generated } from '../../../src/events/codegen/main.js';

const source = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('the generated files', () => {
  it.each(Object.entries(generated))(
    'The generated files say what the catalogue says: %s (npm run codegen)',
    (path, generate) => {
      expect(source(path) === generate(catalogue)).toBe(true);
    },
  );
});

describe('the catalogue', () => {
  it('The catalogue gives each event and version a code of its own that fits in a byte', () => {
    const codes = catalogue.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code > 0 && code < 256).toBe(true);
  });

  it('The catalogue has one current version of each event, the highest, and names each version once', () => {
    const names = catalogue.map(({ type, version }) => `${type}@${version}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { type, version, upcast } of catalogue) {
      const versions = catalogue.filter((other) => other.type === type).map((other) => other.version);
      expect(upcast === undefined).toBe(version === Math.max(...versions));
      expect([...versions].sort()).toEqual(versions.map((_, index) => index + 1));
    }
  });

  it('The catalogue lets each event tell its stream by its first fields', () => {
    const keys = { intention: ['intentionId', 'revision'], deal: ['initiatorId', 'dealNumber'], shard: ['revision'] };
    for (const { stream, fields } of catalogue) {
      const expected = keys[stream];
      expect(Object.keys(fields).slice(0, expected.length)).toEqual(expected);
    }
  });
});
