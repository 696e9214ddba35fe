/** What the command line loads and looks at before it does anything: counted, for time says more about the machine. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parley } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';
import { PROGRAM_PATIENCE_MS } from '../../support/patience.js';

const folder = commandLineFolder();
const root = path.join(import.meta.dirname, '../../..');
const counting = pathToFileURL(path.join(root, 'test/support/cli/count-start.mjs')).href;

interface Cost {
  /** Modules of files, by their paths in the checkout. */
  readonly modules: readonly string[];
  /** What was asked of the file system beside them, by the path in the checkout. */
  readonly calls: readonly string[];
}

async function costOf(...args: readonly string[]): Promise<Cost> {
  const file = path.join(folder, `${args.join('-')}.txt`);
  fs.rmSync(file, { force: true });
  const env = { NODE_OPTIONS: `--import=${counting}`, PARLEY_TEST_START_COST: file };
  await parley(args, { env, cwd: folder });
  const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
  const isModule = (line: string): boolean => line.startsWith('module ');
  const urls = lines.filter(isModule).map((line) => line.slice('module '.length));
  return {
    modules: urls.filter((url) => url.startsWith('file:')).map((url) => path.relative(root, fileURLToPath(url))),
    calls: lines
      .filter((line) => !isModule(line))
      .map((line) => path.relative(root, line.slice(line.indexOf(' ') + 1))),
  };
}

const verbsIn = ({ modules }: Cost): string[] =>
  modules
    .filter((file) => file.includes('/cli/verbs/'))
    .map((file) => path.basename(file, '.js'))
    .filter((name) => name !== 'help'); // it is about the list itself

/** What the page alone is made of. */
const isOfPage = (file: string): boolean => file.startsWith('src/web/');

const sources = ['src', 'projections', 'infra'].flatMap((top) =>
  fs
    .readdirSync(path.join(root, top), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(top, file))
    .filter((file) => !isOfPage(file)),
);

describe('a start of the command line', { timeout: PROGRAM_PATIENCE_MS }, () => {
  it.each(['--version', '-V'])(
    'A start tells the version (%s) without anything that was built or installed',
    async (option) => {
      const { modules, calls } = await costOf(option);
      expect(modules.filter((file) => !file.startsWith('test/'))).toEqual(['src/cli/parley.mjs', 'src/cli/stamp.mjs']);
      expect(calls).toEqual(['package.json']);
    },
  );

  it.each([['--help'], ['help'], ['log', '--help'], ['keys'], ['no-such-verb']])(
    'A start lists verbs (%s) without loading any of those in the list',
    async (...args) => {
      const cost = await costOf(...args);
      expect(verbsIn(cost).filter((name) => name !== args[0])).toEqual([]);
      expect(cost.modules.length).toBeLessThan(50);
    },
  );

  it.each([
    [
      ['log', 'stat'],
      ['log', 'log-stat'],
    ],
    [['help', 'book'], ['book']],
    [
      ['keys', 'help', 'add'],
      ['keys', 'keys-add', 'key-options'],
    ],
    [['replay'], ['replay', 'positions']],
  ])('A start loads of all verbs only the one that it is given: %s', async (args, verbs) => {
    expect(verbsIn(await costOf(...args)).sort()).toEqual(verbs.sort());
  });

  it('A start looks once at each source and in no folder, to know that the build is of these', async () => {
    const { calls } = await costOf('--help');
    // Packages that are no ES modules read their files by the same functions.
    const looked = calls.filter((file) => !file.startsWith('..') && !/^node_modules\/\w+\//.test(file));
    expect(looked.length).toBe(new Set(looked).size);
    expect(looked.filter((file) => file.endsWith('.ts')).sort()).toEqual(sources.sort());
    expect(looked.filter((file) => !file.endsWith('.ts')).sort()).toEqual(
      [
        'dist/.built-app',
        'node_modules/.package-lock.json',
        'node_modules/typescript',
        'package-lock.json',
        'package.json',
        'tsconfig.json',
      ].sort(),
    );
  });

  it('A start of the server, and no other, looks at what the page is made of too', async () => {
    const { calls } = await costOf('serve', '--help');
    const ofPage = fs.readdirSync(path.join(root, 'src/web'), { recursive: true, encoding: 'utf8' });
    const files = ofPage.filter((file) => /\.(tsx?|css|html|mjs)$/.test(file)).map((file) => `src/web/${file}`);
    expect(calls.filter(isOfPage).sort()).toEqual(files.sort());
    expect((await costOf('book', '--help')).calls.filter(isOfPage)).toEqual([]);
  });

  it('A start loads nothing for a terminal’s progress bars before there is one to draw', async () => {
    const { modules } = await costOf('replay');
    expect(modules.filter((file) => file.includes('cli-progress'))).toEqual([]);
  });
});
