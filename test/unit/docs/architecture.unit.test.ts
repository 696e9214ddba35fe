import { describe, expect, it } from 'vitest';
import { declarationsOf, linksIn, textOf } from './documents.js';

const document = 'docs/internals/architecture.md';

/** What stands under a heading of the second level. */
function section(heading: string): string {
  const [, text = ''] = textOf(document).split(`\n## ${heading}\n`);
  return text.split('\n## ', 1)[0] ?? '';
}

describe('the walk of a posted intention', () => {
  const steps = section('The walk of a posted intention')
    .split(/^(?=\d+\. )/m)
    .slice(1); // before the first is the introduction

  it('The walk of a posted intention has at most twenty steps, numbered without a gap', () => {
    expect(steps.map((step) => Number.parseInt(step))).toEqual(steps.map((_, index) => index + 1));
    expect(steps.length).toBeGreaterThan(10);
    expect(steps.length).toBeLessThanOrEqual(20);
  });

  it('The walk of a posted intention names in each step a function or method that stands in the file that it links', () => {
    const astray = steps.filter((step) => {
      const [first] = linksIn(document, step);
      return first === undefined || !first.isCode || declarationsOf(first.file).get(first.text) !== true;
    });
    expect(astray).toEqual([]);
  });
});

describe('the reading order', () => {
  it('The reading order of the architecture is about ten files, each shown by its path', () => {
    const links = linksIn(document, section('Reading order'));
    expect(links.length).toBeGreaterThanOrEqual(8);
    expect(links.length).toBeLessThanOrEqual(12);
    expect(links.filter(({ text, file }) => !file.endsWith(`/${text}`))).toEqual([]);
  });
});

describe('the decisions', () => {
  it('The decisions of the architecture are about twenty, each with a name and a reason', () => {
    const decisions = section('Decisions')
      .split(/\n\n+/)
      .filter((paragraph) => paragraph.trim() !== '');
    expect(decisions.length).toBeGreaterThanOrEqual(15);
    expect(decisions.length).toBeLessThanOrEqual(25);
    expect(decisions.filter((decision) => !/^\n?\*\*.+?\.\*\* .{80}/s.test(decision))).toEqual([]);
  });
});
