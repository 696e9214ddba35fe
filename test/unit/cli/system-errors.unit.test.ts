import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sentenceFor, type SystemError, withPlainReasons } from '../../../src/cli/system-errors.js';
import { endingOf } from '../../../src/cli/failures.js';
import { removeFolder, temporaryFolder } from '../../support/log/temporary-folder.js';
import { runs } from '../../support/property/runs.js';

/** What the system says for each code, as Node quotes it. */
const messages = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'not a directory',
  EISDIR: 'illegal operation on a directory',
  EEXIST: 'file already exists',
  ENOTEMPTY: 'directory not empty',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'file too large',
  EMFILE: 'too many open files',
  ENFILE: 'file table overflow',
  ENOMEM: 'not enough memory',
  EIO: 'i/o error',
  ELOOP: 'too many symbolic links encountered',
  ENAMETOOLONG: 'name too long',
  EBUSY: 'resource busy or locked',
  EXDEV: 'cross-device link not permitted',
} as const;
type Code = keyof typeof messages;
const codes = Object.keys(messages) as Code[]; // it has no other keys
const calls = ['open', 'read', 'write', 'scandir', 'stat', 'mkdir', 'rename', 'unlink', 'fsync', 'mkdtemp', 'futimes'];

function refused(code: Code, syscall: string, file?: string): SystemError {
  const where = file === undefined ? '' : ` '${file}'`;
  const error = new Error(`${code}: ${messages[code]}, ${syscall}${where}`);
  return Object.assign(error, { code, syscall, ...(file === undefined ? {} : { path: file }) });
}

/** Nothing of the system’s own words is left. */
function expectPlain(text: string): void {
  expect(text).not.toMatch(/\bE[A-Z]{3,}\b|syscall|errno/);
  for (const message of Object.values(messages)) expect(text).not.toContain(message);
}

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => {
  removeFolder(folder);
});

describe('an error of the system', () => {
  it('An error of the system is one sentence with what could not be done, with which file, and why, and nothing raw, whatever it is', () => {
    const errors = fc.record({
      code: fc.constantFrom(...codes),
      syscall: fc.constantFrom(...calls),
      file: fc.option(fc.constantFrom('/var/lib/parley/a.log', 'parley-data'), { nil: undefined }),
    });
    fc.assert(
      fc.property(errors, ({ code, syscall, file }) => {
        const { exitCode, says = '' } = endingOf(refused(code, syscall, file));
        expect(exitCode).toBe(1);
        expectPlain(says);
        expect(says).toMatch(/^(?:a file|\S+:) cannot be [a-z ]+: [^\n]+$/);
        expect(says).toContain(file ?? 'a file');
      }),
      runs(300),
    );
  });

  it('An error of the system is put in words too where others quote it, and their own words stay', () => {
    fc.assert(
      fc.property(fc.constantFrom(...codes), fc.constantFrom(...calls), fc.boolean(), (code, syscall, isNamed) => {
        const { message } = refused(code, syscall, isNamed ? '/a/b.json' : undefined);
        const said = withPlainReasons(`shard 2: cannot do that: ${message} (see below)`);
        expectPlain(said);
        expect(said).toMatch(/^shard 2: cannot do that: .+ \(see below\)$/);
        expect(said.includes('/a/b.json')).toBe(isNamed);
      }),
      runs(200),
    );
    const named = `/a/b.json: cannot be read: ${refused('EISDIR', 'read', '/a/b.json').message}`;
    expect(withPlainReasons(named)).toBe('/a/b.json: cannot be read: it is a folder, not a file');
  });

  it.each([
    'an intention: E1: x, y',
    'PRICE_OFF_TICK: off',
    'ESTRANGE: nobody knows, open',
    "it's EXPENSIVE: really, so",
  ])('A text that quotes no error of the system stays as it is: %s', (text) => {
    expect(withPlainReasons(text)).toBe(text);
  });

  it('An error of the system says which part of a path is a file, and which folder is missing', () => {
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, '');
    const below = path.join(file, 'a', 'b');
    expect(sentenceFor(refused('ENOTDIR', 'scandir', below))).toBe(
      `${below}: cannot be listed: ${file} is a file, not a folder; name a folder`,
    );
    expect(sentenceFor(refused('ENOENT', 'open', path.join(folder, 'no', 'a')))).toBe(
      `${path.join(folder, 'no', 'a')}: cannot be opened: there is no folder ${path.join(folder, 'no')}`,
    );
    expect(sentenceFor(refused('ENOENT', 'open', path.join(folder, 'a')))).toMatch(/there is no such file or folder$/);
  });

  it.each([
    [
      { code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 7070 },
      /^port 7070 of 127\.0\.0\.1 is in use: another process listens there; --port .* \(0: a free one\)$/,
    ],
    [
      { code: 'EACCES', syscall: 'listen', address: '0.0.0.0', port: 80 },
      /^port 80 of 0\.0\.0\.0 cannot be listened on: ports below 1024 are for privileged users; --port/,
    ],
    [
      { code: 'EADDRNOTAVAIL', syscall: 'listen', address: '203.0.113.7' },
      /^203\.0\.113\.7 cannot be listened on: this machine has no such address; --host/,
    ],
    [
      { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'nowhere.invalid' },
      /^nowhere\.invalid: no address is known for that name; /,
    ],
    [
      { code: 'ECONNREFUSED', syscall: 'connect', address: '127.0.0.1', port: 9 },
      /^127\.0\.0\.1:9 cannot be reached: nothing listens there; /,
    ],
  ])('An error of the system names the address and the option that chooses another: %o', (fields, says) => {
    expect(sentenceFor(Object.assign(new Error('raw'), fields))).toMatch(says);
  });

  it('An error of the system keeps its own words where its code is none of those', () => {
    const error = Object.assign(new Error('EWEIRD: so it is, open'), { code: 'EWEIRD', syscall: 'open', path: 'a' });
    expect(endingOf(error)).toEqual({ exitCode: 1, says: 'a: cannot be opened: EWEIRD: so it is, open' });
  });
});
