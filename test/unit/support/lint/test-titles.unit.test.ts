/** What test/README.md asks of the tests, as far as a program can tell: where they lie, and how they are called. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, testFiles, titlesIn } from '../../../support/lint/test-titles.js';

/** The folders whose content a folder of unit tests may be about. */
const SUBJECTS = ['', 'src', 'test'];

describe('the files of tests', () => {
  it('Every folder of unit tests lies where the folder of what it tests lies', () => {
    const folders = new Set(testFiles('.test.ts').map((file) => path.posix.dirname(file)));
    const units = [...folders].filter((folder) => folder.startsWith('test/unit'));
    expect(units.length).toBeGreaterThan(50);
    const astray = units.filter((folder) => {
      const subject = path.posix.relative('test/unit', folder);
      return subject === '' || !SUBJECTS.some((above) => existsSync(path.join(root, above, subject)));
    });
    expect(astray).toEqual([]);
  });

  it('Every file of tests says of which kind it is, and unit tests lie among unit tests alone', () => {
    const files = testFiles('.test.ts');
    const kinds = /\.(unit|property|contract|integration|e2e|system)\.test\.ts$/;
    expect(files.filter((file) => !kinds.test(file))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.unit.test.ts') && !file.startsWith('test/unit/'))).toEqual([]);
    const units = files.filter((file) => file.startsWith('test/unit/'));
    expect(units.filter((file) => !/\.(unit|property)\.test\.ts$/.test(file))).toEqual([]);
  });

  it('No folder under test holds more than fifteen files, unless it has rooms', () => {
    const folders = testFiles('')
      .filter((file) => /\.\w+$/.test(file))
      .map((file) => path.posix.dirname(file));
    const hasRooms = (folder: string): boolean => folders.some((other) => other.startsWith(`${folder}/`));
    const count = (folder: string): number => folders.filter((other) => other === folder).length;
    const full = [...new Set(folders)].filter((folder) => count(folder) > 15 && !hasRooms(folder));
    expect(full).toEqual([]);
  });
});

describe('the titles of tests', () => {
  const titles = testFiles().flatMap(titlesIn);

  it('Every title of a test is a sentence that begins with its subject, in a capital letter or as code', () => {
    expect(titles.length).toBeGreaterThan(1_000);
    const isSentence = (title: string): boolean => /^([A-Z]|`[a-z]|PARLEY_)/.test(title) && !title.endsWith('.');
    const hasWords = (title: string): boolean => title.split(' ').length >= 4;
    const fragments = titles.filter(({ title }) => !isSentence(title) || !hasWords(title));
    expect(fragments.map(({ where, title }) => `${where}: ${title}`)).toEqual([]);
  });

  it('No two tests have the same title', () => {
    const seen = new Map<string, string>();
    const doubled = titles.filter(({ title, where }) => {
      const isThere = seen.has(title);
      seen.set(title, where);
      return isThere;
    });
    expect(doubled.map(({ where, title }) => `${where}: ${title}`)).toEqual([]);
  });
});
