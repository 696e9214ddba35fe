import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anchorsOf, declarationsOf, documents, fileOf, linksIn, placeOf, textOf } from './documents.js';

const IDENTIFIER = /^[A-Za-z]\w*(\.[A-Za-z]\w*)?$/;

describe.each(documents())('the links of %s', (document) => {
  const links = linksIn(document);

  it('The links of a document lead to files of the repository, and to headings that they have', () => {
    const broken = links.filter(
      ({ file, anchor }) =>
        placeOf(file) === undefined ||
        !existsSync(file) ||
        (anchor !== '' && file.endsWith('.md') && !anchorsOf(file).includes(anchor)),
    );
    expect(broken).toEqual([]);
  });

  it('The links of a document that show a name as code lead to the source file that declares it', () => {
    const named = links.filter(({ text, isCode, file }) => isCode && file.endsWith('.ts') && IDENTIFIER.test(text));
    expect(named.filter(({ text, file }) => !declarationsOf(file).has(text))).toEqual([]);
  });
});

describe('the documents', () => {
  it('Every document under docs is reached by links from the README or CONTRIBUTING', () => {
    const reached = new Set(
      ['README.md', 'CONTRIBUTING.md', 'docs/README.md'].filter((file) => documents().includes(file)),
    );
    for (const document of reached) {
      for (const { file } of linksIn(document)) {
        const place = placeOf(file);
        if (place?.endsWith('.md') === true && existsSync(file)) reached.add(place);
      }
    }
    expect(documents('docs').filter((document) => !reached.has(document))).toEqual([]);
  });
});

describe('the recipes of CONTRIBUTING', () => {
  it('The recipes of CONTRIBUTING name files and folders that are there', () => {
    const paths = [
      ...textOf('CONTRIBUTING.md').matchAll(/(?<![\w./])(?:src|projections|infra|test|docs)\/[\w./-]+\w/g),
    ];
    const named = paths.map(([path]) => path).filter((path) => !path.includes('NAME'));
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((path) => !existsSync(fileOf(path)))).toEqual([]);
  });
});

describe('the glossary', () => {
  const document = 'docs/glossary.md';
  const lines = textOf(document).split('\n');
  const entries = lines.filter((line) => line.startsWith('- '));
  const explained = entries.flatMap((entry) => (/^- \*\*(.+?)\*\*/.exec(entry)?.[1] ?? '').split(', '));

  it('The glossary fits on a few pages, and explains no word twice', () => {
    expect(lines.length).toBeLessThanOrEqual(150);
    expect(explained.length).toBeGreaterThan(50);
    expect(new Set(explained).size).toBe(explained.length);
  });

  it('The glossary explains each word that it gives for one of the field', () => {
    const table = lines.filter((line) => line.startsWith('| ')).join('\n');
    const given = [...table.matchAll(/\*\*(.+?)\*\*/g)].map(([, word = '']) => word);
    expect(given.length).toBeGreaterThan(20);
    expect(given.filter((word) => !explained.includes(word))).toEqual([]);
  });

  it('The glossary says of each word in which file it lives', () => {
    expect(entries.filter((entry) => !linksIn(document, entry).some(({ isCode }) => isCode))).toEqual([]);
  });
});
