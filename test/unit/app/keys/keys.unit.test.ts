import {
  appendFileSync,
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createPrivateKey, sign, verify } from 'node:crypto';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { editKeyFile } from '../../../../src/app/keys/edited-key-file.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { runInProcess } from '../../../support/cli/in-process.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';

let folder: string;
let file: string;
beforeEach(() => {
  const made = temporaryFolder();
  onTestFinished(() => {
    removeFolder(made);
  });
  folder = made;
  file = path.join(folder, 'keys.json');
});

const keys = (verb: string, ...args: readonly string[]) => runInProcess(['keys', verb, '--file', file, ...args]);

/** Makes a key, and gives it. */
async function added(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await keys('add', ...args);
  expect(code, stderr).toBe(0);
  return stdout.trimEnd();
}

interface Listed {
  readonly id: string;
  readonly role: string;
  readonly name?: string;
}

async function listed(): Promise<readonly Listed[]> {
  const { stdout } = await keys('list', '--json');
  const lines = stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Listed); // as `list` prints them
}

const mode = (of = file): number => statSync(of).mode & 0o777;
const content = (): string => readFileSync(file, 'utf8');

describe('parley keys add', () => {
  it('`parley keys add` makes the file for its user alone, and a key that lets in', async () => {
    const key = await added('--role', 'participant', '--participant', 'alice', '--name', 'desk 1', '--weight', '7');
    expect(key).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect([mode(), readdirSync(folder)]).toEqual([0o600, ['keys.json']]);
    const caller = (await FileKeyring.load(file)).identify(`Bearer ${key}`);
    expect(caller).toMatchObject({ role: 'participant', participant: 'alice', key: { weight: 7 } });
  });

  it('`parley keys add` shows the key once: neither the file nor a list of it holds any', async () => {
    const key = await added('--role', 'auditor');
    const { stderr, stdout } = await keys('list');
    expect(content() + stderr + stdout).not.toContain(key);
    const [entry] = await listed();
    expect(entry).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{12}$/),
      role: 'auditor',
      since: expect.any(String),
    });
    expect(stdout).toContain(entry?.id);
  });

  it('`parley keys add` makes another key each time, and leaves those that there are as they were written', async () => {
    const written = { key: 'written-by-hand', operator: true };
    writeFileSync(file, JSON.stringify({ keys: [written] }), { mode: 0o600 });
    chmodSync(file, 0o640);
    const made = [await added('--role', 'operator'), await added('--role', 'market-data')];
    expect(new Set(made).size).toBe(2);
    expect(JSON.parse(content()).keys[0]).toEqual(written);
    expect([mode(), (await FileKeyring.load(file)).size]).toEqual([0o640, 3]);
  });

  it('`parley keys add` leaves a link one, and changes what it leads to', async () => {
    const target = path.join(folder, 'real.json');
    writeFileSync(target, '{"keys":[]}', { mode: 0o600 });
    symlinkSync('real.json', file);
    await added('--role', 'operator');
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(target, 'utf8')).keys).toHaveLength(1);
  });

  it.each([
    ['a participant without a name', ['--role', 'participant']],
    ['a name for another role', ['--role', 'operator', '--participant', 'alice']],
    ['a role that there is not', ['--role', 'admin']],
    ['no role', []],
    ['a participant that is none', ['--role', 'participant', '--participant', 'a/b']],
    ['no weight', ['--role', 'operator', '--weight', '0']],
    ['too much weight', ['--role', 'operator', '--weight', '101']],
    ['a burst without a rate', ['--role', 'operator', '--burst', '5']],
    ['no rate', ['--role', 'operator', '--rate', '0']],
    ['a label that would need quotes', ['--role', 'operator', '--name', 'a\nb']],
  ])('`parley keys add` refuses %s as a usage error, and makes nothing', async (_what, args) => {
    expect(await keys('add', ...args)).toMatchObject({ code: 2, stdout: '' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('`parley keys add` refuses a second key of the same name', async () => {
    await added('--role', 'operator', '--name', 'night');
    expect(await keys('add', '--role', 'auditor', '--name', 'night')).toMatchObject({ code: 1, stdout: '' });
    expect(await listed()).toHaveLength(1);
  });

  it('`parley keys add` leaves a file that cannot be used as it is, and says where it cannot', async () => {
    writeFileSync(file, '{"keys":[{"key":"Zq7Xv9Kw3Jy5"', { mode: 0o600 });
    const { code, stderr, stdout } = await keys('add', '--role', 'operator');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/line 1, column \d+/);
    expect(stderr).not.toMatch(/Zq7X|v9Kw/);
    expect([content(), readdirSync(folder)]).toEqual(['{"keys":[{"key":"Zq7Xv9Kw3Jy5"', ['keys.json']]);
  });
});

describe('parley keys pair', () => {
  it('`parley keys pair` makes a private key for its user alone, whose public half lets in who signs', async () => {
    const made = path.join(folder, 'alice.pem');
    const { code, stdout } = await runInProcess(['keys', 'pair', made]);
    expect([code, mode(made)]).toEqual([0, 0o600]);
    const handed = path.join(folder, 'alice.pub');
    writeFileSync(handed, stdout);
    const id = await added('--role', 'participant', '--participant', 'alice', '--public-key', handed, '--rate', '50');
    const signer = (await FileKeyring.load(file)).signer(id);
    expect(signer?.caller).toMatchObject({ role: 'participant', participant: 'alice', key: { id } });
    const signature = sign(null, Buffer.from('a message'), createPrivateKey(readFileSync(made)));
    expect(verify(null, Buffer.from('a message'), signer?.publicKey ?? '', signature)).toBe(true);
    expect(await listed()).toMatchObject([{ id, proof: 'signature', rate: 50 }]);
    expect(content()).not.toContain('PRIVATE');
  });

  it('`parley keys pair` leaves a file that is there as it is', async () => {
    const made = path.join(folder, 'alice.pem');
    writeFileSync(made, 'precious');
    expect(await runInProcess(['keys', 'pair', made])).toMatchObject({ code: 1, stdout: '' });
    expect(readFileSync(made, 'utf8')).toBe('precious');
  });

  it('`parley keys add --public-key` refuses what holds no public key, and a private one, and adds nothing', async () => {
    const made = path.join(folder, 'alice.pem');
    await runInProcess(['keys', 'pair', made]);
    const wrong = path.join(folder, 'wrong.pub');
    writeFileSync(wrong, 'no key');
    for (const given of [made, wrong]) {
      const { code, stderr } = await keys('add', '--role', 'operator', '--public-key', given);
      expect(code).toBe(1);
      expect(stderr).toContain('does not hold an Ed25519 public key');
    }
    expect(readdirSync(folder).sort()).toEqual(['alice.pem', 'wrong.pub']);
  });

  it('`parley keys revoke` takes out a public key by its id', async () => {
    const handed = path.join(folder, 'pub');
    const { stdout } = await runInProcess(['keys', 'pair', path.join(folder, 'private.pem')]);
    writeFileSync(handed, stdout);
    const id = await added('--role', 'operator', '--public-key', handed);
    const ring = await FileKeyring.load(file);
    const revoked = ring.signer(id)?.caller.key.revoked;
    expect(await keys('revoke', id)).toMatchObject({ code: 0 });
    await ring.reload();
    expect([revoked?.aborted, ring.signer(id)]).toEqual([true, undefined]);
  });
});

describe('parley keys revoke', () => {
  it('`parley keys revoke` takes out the key that is meant, by its name or its id, and no other', async () => {
    await added('--role', 'operator', '--name', 'first');
    await added('--role', 'auditor');
    await added('--role', 'market-data', '--name', 'third');
    expect(await keys('revoke', 'first')).toMatchObject({ code: 0, stdout: '' });
    const [auditors] = await listed();
    expect(await keys('revoke', auditors?.id ?? '')).toMatchObject({ code: 0 });
    expect((await listed()).map(({ role }) => role)).toEqual(['market-data']);
  });

  it('`parley keys revoke` ends what the key has open once the server reads the file', async () => {
    const key = await added('--role', 'operator', '--name', 'first');
    const ring = await FileKeyring.load(file);
    const { revoked } = ring.identify(`Bearer ${key}`).key;
    await keys('revoke', 'first');
    await ring.reload();
    expect(revoked.aborted).toBe(true);
  });

  it('`parley keys revoke` changes nothing where no key is meant, or several are', async () => {
    const twice = ['a', 'b'].map((each) => ({ key: `key-number-${each}`, role: 'operator', name: 'twin' }));
    writeFileSync(file, JSON.stringify({ keys: twice }), { mode: 0o600 });
    const before = content();
    const none = await keys('revoke', 'nobody');
    const several = await keys('revoke', 'twin');
    expect([none.code, several.code, content()]).toEqual([1, 1, before]);
    expect(none.stderr).toContain('no key of that id or name');
    expect(several.stderr).toContain('2 keys of that id or name');
  });

  it('`parley keys revoke` with the name of a participant names the ids of its keys', async () => {
    await keys('add', '--role', 'participant', '--participant', 'alice');
    const [key] = await listed();
    const refused = await keys('revoke', 'alice');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`the participant alice has ${String(key?.id)}: give the id`);
  });

  it('`parley keys revoke` does not make a file', async () => {
    expect(await keys('revoke', 'nobody')).toMatchObject({ code: 1 });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a key file that two edit at once', () => {
  const add = (key: string) =>
    editKeyFile(file, { mayMake: true }, (written) => [...written, { key, role: 'operator' }]);

  it('A key file that two edit at once loses nothing: who cannot add says so', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `key-number-${index}`);
    const outcomes = await Promise.allSettled(names.map(add));
    const done = names.filter((_name, index) => outcomes[index]?.status === 'fulfilled');
    const ring = await FileKeyring.load(file);
    expect(done.length).toBeGreaterThan(0);
    expect(ring.size).toBe(done.length);
    for (const name of done) expect(ring.identify(`Bearer ${name}`).role).toBe('operator');
  });

  it('A key file that two edit at once is left as somebody else has written it meanwhile', async () => {
    await add('the-first-key');
    const edit = editKeyFile(file, { mayMake: true }, (written) => {
      appendFileSync(file, '\n\n');
      return [...written, { key: 'the-second-key', role: 'operator' }];
    });
    await expect(edit).rejects.toThrow('was changed meanwhile');
    expect((await FileKeyring.load(file)).size).toBe(1);
    expect(readdirSync(folder)).toEqual(['keys.json']);
  });

  it('A key file that two edit at once tells what is left of an edit that was cut short', async () => {
    writeFileSync(`${file}.lock`, '');
    const { code, stderr } = await keys('add', '--role', 'operator');
    expect(code).toBe(1);
    expect(stderr).toContain(`remove ${file}.lock`);
    expect(readdirSync(folder)).toEqual(['keys.json.lock']);
  });
});

describe('a key file that others can read', () => {
  it('A key file that others can read is warned about by every verb, with what mends it', async () => {
    await added('--role', 'operator', '--name', 'first');
    expect((await keys('list')).stderr).toBe('');
    chmodSync(file, 0o644);
    for (const [verb, ...args] of [['list'], ['add', '--role', 'auditor'], ['revoke', 'first']]) {
      expect((await keys(verb ?? '', ...args)).stderr).toContain(`chmod 600 ${file}`);
    }
  });
});
