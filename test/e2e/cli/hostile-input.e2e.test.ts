import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parley } from '../../support/cli/parley.js';
import { commandLineFolder } from '../../support/cli/suite.js';

const folder = commandLineFolder();

const flow = 'post s1 S 101 300\n'.repeat(2_000);
const whole = gzipSync(flow);

describe('standard input that is', () => {
  it.each([
    ['empty', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(5_000)],
    ['all ones', Buffer.alloc(5_000, 0xff)],
    ['not UTF-8', Buffer.from('post s1 S 101 3\xff\n', 'latin1')],
    ['full of control characters', Buffer.from('\u001b[2J\u0007post\n')],
    ['one line without an end', Buffer.alloc(3_000_000, 'x')],
    ['gzip that is cut short', whole.subarray(0, whole.length - 20)],
    ['gzip with something behind it', Buffer.concat([whole, Buffer.alloc(10)])],
    ['JSON that goes ever deeper', Buffer.alloc(200_000, '[')],
  ])(
    'Standard input that is %s ends `run` and `log import` with 2, one line on stderr, and nothing on stdout',
    async (what, stdin) => {
      const data = path.join(folder, what.replaceAll(' ', '-'));
      const [run, imported] = await Promise.all([
        parley(['run', '-'], { stdin }),
        parley(['log', 'import', '-', '--data', data], { stdin }),
      ]);
      for (const { code, stdout, stderr } of [run, imported]) {
        expect([code, stdout, stderr]).toEqual([
          2,
          '',
          expect.stringMatching(/^(the log is .*\n)?error: [\x20-\x7e…]+\n$/),
        ]);
      }
    },
  );
});
