import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { invariants } from '../../../projections/invariants.js';
import { root, titlesIn } from '../../support/lint/test-titles.js';
import { linksIn, textOf } from './documents.js';

const document = 'test/README.md';

/** What stands under each heading of the fourth level, by what stands before its colon. */
const sections = textOf(document)
  .split(/^#### /m)
  .slice(1)
  .map((section) => ({
    name: /^\w+( \d+)?/.exec(section)?.[0] ?? '',
    heading: section.split('\n', 1)[0] ?? '',
    items: [...section.matchAll(/^- .*$/gm)].map(([item]) => item),
  }));

describe('the index of tests', () => {
  it('The index of tests has each rule of the handshake and each invariant, in order', () => {
    const rules = textOf('src/domain/handshake/handshake.ts').matchAll(/^ \* (\d+)\. /gm);
    const names = [...[...rules].map(([, number]) => `Rule ${number}`), ...Object.keys(invariants)];
    expect(names.length).toBeGreaterThan(16);
    expect(sections.map(({ name }) => name)).toEqual(names);
    for (const [number, { name }] of Object.entries(invariants)) {
      expect(sections.map(({ heading }) => heading)).toContain(`${number}: ${name}`);
    }
  });

  it('The index of tests leads from each of them to tests that are there, by file and title', () => {
    const astray = sections.flatMap(({ name, items }) =>
      items.length === 0 ? [name] : items.filter((item) => !isThere(item)).map((item) => `${name} ${item}`),
    );
    expect(astray).toEqual([]);
  });

  it('The page on tests leads only to what is there', () => {
    const broken = linksIn(document).filter(({ file }) => !existsSync(file));
    expect(broken).toEqual([]);
  });
});

function isThere(item: string): boolean {
  const [link] = linksIn(document, item);
  const title = item.split('): ').slice(1).join('): ');
  if (!link?.file.endsWith(link.text)) return false;
  return titlesIn(path.relative(root, link.file)).some((test) => test.title === title);
}
