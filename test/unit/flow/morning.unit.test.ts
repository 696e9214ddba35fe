/** The example `examples/morning`: that all of the format occurs in it, and that it would not hold if it said anything else. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withdrawReasonNames } from '../../../src/domain/terms.js';
import { expectations } from '../../../src/flow/checks/findings.js';
import { type Form, forms, type Keyword } from '../../../src/flow/script/forms.js';
import { parseFlowLine } from '../../../src/flow/script/grammar.js';
import { played } from './playing.js';

const text = readFileSync(path.join(import.meta.dirname, '../../../examples/morning/morning.flow'), 'utf8');
const lines = text.split('\n');
const all: readonly (readonly [string, Form])[] = Object.entries(forms);

function linesOf(keyword: string): string[] {
  return lines.filter((line) => line.split(' ')[0] === keyword);
}

/** Words that a form is written with, besides its keyword: options, and choices like `B|S`. */
function wordsOf(keyword: string, { syntax, is }: Form): string[] {
  const words = syntax.slice(keyword.length).match(/\b(?:[a-z]+|B|S)\b/g) ?? [];
  return is === 'command' ? words : [];
}

function isExpectation(line: string): boolean {
  const keyword = line.split(' ')[0] ?? '';
  return keyword === 'uncross' || (Object.hasOwn(forms, keyword) && forms[keyword as Keyword].is === 'expectation');
}

/** The line with another value in a field, or undefined where there is none that would mean something else. */
function altered(line: string, field: number): string | undefined {
  const fields = line.split(' ');
  const value = fields[field];
  if (value === undefined || !isExpectation(line)) return undefined;
  const ofEmptySide = fields[0] === 'top' && field % 2 === 1 && fields[field + 1] === '0';
  if (ofEmptySide || (fields[0] === 'book' && /^[ba]$/.test(value))) return undefined;
  return fields.with(field, another(fields[0] ?? '', field, value)).join(' ');
}

function another(keyword: string, field: number, value: string): string {
  if (keyword === 'rejected') return value === 'NOT_YOURS' ? 'SELF_TRADE' : 'NOT_YOURS';
  if (keyword === 'withdrawn' && field === 2) return withdrawReasonNames.find((name) => name !== value) ?? '';
  return /^\d+$/.test(value) ? String(Number(value) + 1) : `${value}-or-not`;
}

describe('the example of a morning', () => {
  it('All that the example of a morning expects holds, and every kind of expectation but that of records occurs', async () => {
    const { report } = await played(text);
    expect(report.mismatches).toEqual([]);
    const { execution, ...kinds } = report.tally.kinds;
    expect(execution).toEqual({ held: 0, failed: 0 });
    expect(Object.keys(kinds)).toEqual(Object.keys(expectations).filter((kind) => kind !== 'execution'));
    for (const [kind, { held }] of Object.entries(kinds)) expect(held, kind).toBeGreaterThan(0);
    expect(report.instruments).toEqual(['FERRY', 'FERRY-BONDS']);
  });

  it('The example of a morning makes the same log each time', async () => {
    const [once, again] = [await played(text), await played(text)];
    expect(again).toEqual(once);
  });

  it.each(all)('The example of a morning has lines with `%s`, and each word that these may have', (keyword, form) => {
    const found = linesOf(keyword);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map((line) => parseFlowLine(line, { file: 'morning.flow', line: 1 }).kind)).toContain(keyword);
    const missing = wordsOf(keyword, form).filter((word) => !found.some((line) => line.split(' ').includes(word)));
    expect(missing).toEqual([]);
  });

  it('The example of a morning has refusals with and without a reason, and every rule for prices and self-trades', () => {
    expect(linesOf('rejected')).toContain('rejected');
    const instruments = linesOf('instrument').join(' ');
    const rules = ['standing', 'seller', 'midpoint', 'allow', 'refuseArriving', 'withdrawStanding'];
    expect(rules.filter((rule) => !instruments.includes(` ${rule}`))).toEqual([]);
    const ends = linesOf('withdrawn').map((line) => line.split(' ')[2]);
    // Only a fault parks, and a flow has no switches, limits or connections.
    const elsewhere = ['parked', 'switchLapsed', 'halted', 'disconnected'];
    expect(withdrawReasonNames.filter((reason) => !ends.includes(reason))).toEqual(elsewhere);
  });

  it('No line of the example of a morning can expect something else and still hold', async () => {
    const widest = Math.max(...lines.filter(isExpectation).map((line) => line.split(' ').length));
    let tried = 0;
    // What is expected has no influence on what happens: all lines can be wrong at once.
    for (let field = 1; field < widest; field += 1) {
      const wrong = lines.map((line) => altered(line, field));
      const { report } = await played(wrong.map((line, index) => line ?? lines[index]).join('\n'), {
        mismatchLimit: Number.POSITIVE_INFINITY,
      });
      const failed = new Set(report.mismatches.map(({ line }) => line));
      const missed = wrong.flatMap((line, index) => (line === undefined || failed.has(index + 1) ? [] : [line]));
      expect(missed).toEqual([]);
      tried += wrong.filter((line) => line !== undefined).length;
    }
    expect(tried).toBeGreaterThan(300);
  });
});
