import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingKinds } from '../../../projections/audit/findings.js';
import { type Invariant, invariants, rigs } from '../../../projections/invariants.js';
import { codesOf } from '../../documents/pages/invariants.js';

const root = path.join(import.meta.dirname, '../../..');

/** What is written down of the program, as text: code, documents, and what others read. */
const written = ['src', 'projections', 'infra', 'test', 'docs', 'README.md', 'CHANGELOG.md'];
/** What checks invariants by name: none of it may do so without standing in the table. */
const checking = /^(projections|test\/(model-check|simulation|crash|cluster-crash|support\/reference))\/.*\.ts$/;
/** They name invariants, and check none. */
const naming = ['projections/invariants.ts', 'projections/audit/findings.ts'];

const numbers: readonly string[] = Object.keys(invariants);
const table = Object.entries<Invariant>(invariants);
const named = new Map(table.map(([number, { checkers }]) => [number, new Set(Object.values(checkers).flat())]));

function filesUnder(name: string): string[] {
  if (name.endsWith('.md')) return [name];
  const files = readdirSync(path.join(root, name), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.(ts|mjs|md|ya?ml)$/.test(file)).map((file) => `${name}/${file}`);
}

const texts = new Map(written.flatMap(filesUnder).map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));

/** `I3`, or the code of a finding that begins so. */
function mentionsIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w$])I\d+(?:_[A-Z_]+)?(?!\w)/g)].map(([mention]) => mention);
}

/** The invariants that a text names, by their numbers or by what their findings are called. */
function invariantsIn(text: string): string[] {
  const mentions = mentionsIn(text).map((mention) => mention.split('_')[0]);
  return numbers.filter(
    (number) => mentions.includes(number) || codesOf(number).some((code) => text.includes(`'${code}'`)),
  );
}

describe('the invariants', () => {
  it('The invariants are the only ones that code and documents name, by number or by the code of a finding', () => {
    const unknown = [...texts].flatMap(([file, text]) =>
      mentionsIn(text)
        .filter((mention) => !(mention.includes('_') ? mention in findingKinds : numbers.includes(mention)))
        .map((mention) => `${file}: ${mention}`),
    );
    expect(unknown).toEqual([]);
  });

  it('The invariants are named without a gap, and no two alike', () => {
    expect(numbers).toEqual(numbers.map((_, index) => `I${index + 1}`));
    for (const field of ['name', 'says'] as const) {
      expect(new Set(table.map(([, invariant]) => invariant[field])).size).toBe(numbers.length);
    }
  });

  it('The invariants have each finding whose code begins with their number, and the audit checks those that have findings', () => {
    for (const code of Object.keys(findingKinds).filter((one) => /^I\d/.test(one))) {
      expect(codesOf(code.split('_')[0] ?? ''), code).toContain(code);
    }
    const checkedByAudit = table.filter(([, { checkers }]) => checkers.audit !== undefined);
    expect(checkedByAudit.map(([number]) => number)).toEqual(numbers.filter((number) => codesOf(number).length > 0));
  });

  it('The invariants are checked by the modules that the table names, each of which is there and names what it checks', () => {
    const missing = [...named].flatMap(([number, modules]) =>
      [...modules]
        .filter((module) => !invariantsIn(texts.get(module) ?? '').includes(number))
        .map((module) => `${module} does not name ${number}`),
    );
    expect(missing).toEqual([]);
    for (const { module, runsAudit } of Object.values(rigs)) {
      expect(texts.get(module) ?? '', module).toMatch(runsAudit ? /audit/i : /./);
    }
  });

  it('The invariants are checked by no module that the table does not name', () => {
    const unnamed = [...texts]
      .filter(([file]) => checking.test(file) && !file.endsWith('.test.ts') && !naming.includes(file))
      .flatMap(([file, text]) =>
        invariantsIn(text)
          .filter((number) => named.get(number)?.has(file) !== true)
          .map((number) => `${file} names ${number}`),
      );
    expect(unnamed).toEqual([]);
  });
});
