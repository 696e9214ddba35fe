import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf } from '../../support/cli/parley.js';
import { runInProcess } from '../../support/cli/in-process.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { runs } from '../../support/property/runs.js';

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';

let folder: string;
let data: string;
let text: string;
let unreadable: string;
beforeAll(async () => {
  folder = temporaryFolder();
  data = path.join(folder, 'data');
  text = path.join(folder, 'flow.txt');
  unreadable = path.join(folder, 'binary');
  fs.writeFileSync(text, '# a flow\npost s1 S 101 300\npost b1 B 101 100\ndeal b1 s1 101 100\n');
  fs.writeFileSync(unreadable, Buffer.from('1f8b0800ff00fe', 'hex'));
  fs.mkdirSync(path.join(folder, 'empty'));
  expect(await runInProcess(['run', text, '--data', data])).toMatchObject({ code: 0 });
});
afterAll(() => {
  removeFolder(folder);
});

/** What is wrong is said in a few lines for people, without a stack; nothing is printed as data, and nothing on the disk has changed. */
async function expectRefused(args: readonly string[], codes: readonly number[]): Promise<void> {
  const before = contentOf(folder);
  const { code, stdout, stderr } = await runInProcess(args);
  const shown = JSON.stringify({ args, stderr });
  expect(codes, shown).toContain(code);
  expect(stdout, shown).toBe('');
  expect(stderr, shown).toMatch(/^(error|warning): |\nerror: /);
  expect(stderr, shown).not.toMatch(/\n +at |node:internal|\.[jt]s:\d+/);
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(stderr, shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u009b]/);
  expect(contentOf(folder)).toEqual(before);
}

const oddTexts = [
  '',
  ' ',
  '-',
  '--',
  '-1',
  '1.5',
  '1e3',
  '0x1',
  '9'.repeat(17),
  '9'.repeat(300),
  'NaN',
  'null',
  '٣',
  '１',
];
const odder = [
  '\u001b[2J',
  '\u0007',
  'a\nb',
  '😀',
  '\u202etxt',
  '../../..',
  '%00',
  '__proto__',
  'constructor',
  '$(id)',
  "'",
];
const odd = fc.oneof(fc.constantFrom(...oddTexts, ...odder), fc.string({ unit: 'binary', maxLength: 20 }));
/** What commander must not take for an option, and no system for the end of a text. */
const word = odd.filter((value) => !value.startsWith('-') && !value.includes('\u0000'));

const verbs = [
  'run',
  'list',
  'instruments',
  'intentions',
  'phase',
  'uncross',
  'health',
  'post',
  'withdraw',
  'reduce',
  'replace',
  'book',
  'deals',
  'positions',
  'cluster',
  'intention',
  'replay',
  'audit',
  'chart',
  'why',
];
const logVerbs = ['cat', 'tail', 'export', 'import', 'stat', 'repair'];

describe('a command line with', () => {
  it('A command line with a verb, an option or a value that nobody knows is a usage error, in words', async () => {
    const unknownOption = fc.tuple(
      fc.constantFrom(...verbs),
      odd.map((name) => `--no-such-${name.replaceAll('\u0000', '')}`),
    );
    const unknownVerb = word
      .filter((name) => !verbs.includes(name) && !['log', 'keys', 'serve', 'help', 'completion'].includes(name))
      .map((name) => [name]);
    const unknownBelow = word
      .filter((name) => !logVerbs.includes(name) && name !== 'help')
      .map((name) => ['log', name]);
    const lines: fc.Arbitrary<readonly string[]> = fc.oneof(unknownOption, unknownVerb, unknownBelow);
    await fc.assert(
      fc.asyncProperty(lines, (args) => expectRefused(args, [2])),
      runs(60),
    );
  });

  it('A command line with a position, a count, an id or an address that is none is a usage error', async () => {
    const notWhole = odd.filter((value) => !/^[0-9]{1,16}$/.test(value) && !value.includes('\u0000'));
    const options = fc.oneof(
      fc.tuple(fc.constantFrom('replay', 'book', 'deals', 'positions'), fc.constant('--at')),
      fc.constantFrom(
        ['log', 'cat', '--from'],
        ['log', 'cat', '--until'],
        ['log', 'cat', '--limit'],
        ['run', text, '--mismatches'],
      ),
      fc.constantFrom(['deals', '--url'], ['book', 'ACME', '--url']),
    );
    const lines = fc
      .tuple(options, notWhole)
      .map(([before, value]) => [...before.slice(0, -1), `${before.at(-1) ?? ''}=${value}`]);
    await fc.assert(
      fc.asyncProperty(lines, (args) => expectRefused(args, [2])),
      runs(60),
    );
  });

  it.each([
    ['an empty name of a data folder', ['replay', '--data', ''], 2],
    ['an empty name of a data folder to import into', ['log', 'import', 'FLOW', '--data='], 2],
    ['a data folder that is a file', ['replay', '--data', 'FLOW'], 1],
    ['a data folder that is not there', ['audit', '--data', 'FOLDER/nowhere'], 1],
    ['a data folder that is empty', ['log', 'stat', '--data', 'FOLDER/empty'], 1],
    ['a position beyond the head', ['replay', '--data', 'DATA', '--at', '9007199254740991'], 1],
    ['a position that no number holds', ['replay', '--data', 'DATA', '--at', '9007199254740993'], 2],
    ['a negative position', ['replay', '--data', 'DATA', '--at', '-1'], 2],
    ['a flow that is a folder', ['run', 'FOLDER', '--data', 'FOLDER/new'], 2],
    ['a flow that is not there', ['run', 'FOLDER/nowhere', '--data', 'DATA'], 2],
    ['an import of a folder', ['log', 'import', 'FOLDER', '--data', 'FOLDER/other'], 2],
    ['an import of what is no text', ['log', 'import', 'BINARY', '--data', 'FOLDER/other'], 2],
    ['an import of what is no event', ['log', 'import', 'FLOW', '--data', 'FOLDER/other'], 2],
    ['an import into a log', ['log', 'import', 'FLOW', '--data', 'DATA'], 1],
    ['a type of event that there is not', ['log', 'cat', '--data', 'DATA', '--type', 'constructor'], 2],
    ['an intention that is none', ['why', '0', '--data', 'DATA'], 2],
    ['an intention that there is not', ['why', '999', '--data', 'DATA'], 1],
    ['a chart of nothing', ['chart', '999-1', '--data', 'DATA'], 1],
    ['an instrument that cannot be', ['book', '\u001b[31m', '--data', 'DATA'], 2],
    ['an instrument that is not listed', ['book', 'NONE', '--data', 'DATA'], 1],
    ['the log and the exchange at once', ['deals', '--data', 'DATA', '--url', NOWHERE], 2],
    ['no exchange at the other end', ['withdraw', '1', '--url', NOWHERE], 1],
    ['half a post', ['post', '--side', 'buy', '--url', NOWHERE], 2],
    ['a value that is left out', ['replay', '--data'], 2],
    ['nothing', [], 2],
  ] as const)('A command line with %s says so and changes nothing', async (_what, args, code) => {
    const names = { FLOW: text, BINARY: unreadable, DATA: data, FOLDER: folder } as const;
    const filled = args.map((each) =>
      Object.entries(names).reduce<string>((shown, [name, value]) => shown.replace(name, () => value), each),
    );
    if (args.length === 0) expect(await runInProcess([])).toMatchObject({ code, stdout: '' });
    else await expectRefused(filled, [code]);
  });
});
