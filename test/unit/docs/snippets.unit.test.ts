import { describe, expect, it } from 'vitest';
import { fencesIn, pages } from '../../doc-blocks/page.js';
import { CHECKS, typeFaults, UNCHECKED } from '../../doc-blocks/snippets.js';
import { skipWithout } from '../../support/needs/suite.js';

const blocks = pages().flatMap((page) => fencesIn(page).map((fence) => ({ ...fence, name: `${page}:${fence.line}` })));

describe('the blocks of the documents', () => {
  it.for(Object.entries(CHECKS))(
    'A block of a document is what it says it is: %s',
    async ([language, { need, faults }], context) => {
      if (need !== undefined) await skipWithout(context, need);
      const found = blocks.filter((block) => block.language === language);
      const wrong = found.map(({ name, text }) => ({ name, says: faults(text) })).filter(({ says }) => says !== '');
      expect(wrong).toEqual([]);
    },
  );

  it('A block of TypeScript is right by the types of the sources', () => {
    expect(typeFaults(blocks.filter(({ language }) => language === 'ts'))).toEqual([]);
  });

  it('No block of a document is in a language that nobody checks', () => {
    const known = [...Object.keys(CHECKS), ...UNCHECKED];
    const strange = blocks.filter(({ language }) => !known.includes(language));
    expect(strange.map(({ name, language }) => `${name}: ${language}`)).toEqual([]);
  });

  it('A program in a document is saved to be run, or says why it is not', () => {
    const programs = blocks.filter(({ language }) => ['ts', 'js', 'python'].includes(language));
    const idle = programs.filter(({ mark }) => mark.file === undefined && mark.notRun === undefined);
    expect(idle.map(({ name }) => name)).toEqual([]);
  });

  it('A block that is not run says why', () => {
    const idle = blocks.filter(({ mark }) => mark.notRun !== undefined);
    const lines = idle.map(({ name, mark }) => `${name} is not run: ${mark.notRun ?? ''}`);
    process.stdout.write([...lines, `${idle.length} of ${blocks.length} blocks are not run\n`].join('\n'));
    expect(lines.filter((line) => !/: [a-z`].{10,}[^.]$/.test(line))).toEqual([]);
  });
});
