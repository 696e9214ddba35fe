import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../../../../src/server/doors/access.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { keyFile } from '../../../support/http/key-file.js';

const ALICE = { key: 'alices-key', participant: 'alice' };
const BOB = { key: 'bobs-own-key', participant: 'bob' };

async function ring(...entries: object[]) {
  const file = await keyFile({ keys: entries });
  const keys = await FileKeyring.load(file);
  return {
    keys,
    caller: (key: string): Caller => keys.identify(`Bearer ${key}`),
    become: async (...later: object[]) => {
      await writeFile(file, JSON.stringify({ keys: later }));
      return keys.reload();
    },
    spoil: (text: string) => writeFile(file, text),
  };
}

describe('a key that is taken back', () => {
  it('A key that is taken back says so to whatever was opened with it, and to nothing of other keys', async () => {
    const { caller, become } = await ring(ALICE, BOB);
    const [alice, bob] = [caller('alices-key').key, caller('bobs-own-key').key];
    const news = await become(BOB);
    expect([alice.revoked.aborted, bob.revoked.aborted]).toEqual([true, false]);
    expect(news).toEqual({ keys: 1, added: [], revoked: [alice.id] });
  });

  it.each([
    ['another participant', { key: 'alices-key', participant: 'carol' }],
    ['another role', { key: 'alices-key', role: 'auditor' }],
  ])('A key that is taken back is one that is now for %s, and lets in again', async (_what, entry) => {
    const { caller, become } = await ring(ALICE);
    const before = caller('alices-key');
    const { id } = before.key;
    expect(await become(entry)).toEqual({ keys: 1, added: [id], revoked: [id] });
    const after = caller('alices-key');
    expect([before.key.revoked.aborted, after.key.revoked.aborted]).toEqual([true, false]);
    expect(after.key).not.toBe(before.key);
  });

  it('A key that is taken back stays so when the same key comes back: that is a new key', async () => {
    const { caller, become } = await ring(ALICE, BOB);
    const before = caller('alices-key').key;
    await become(BOB);
    await become(ALICE, BOB);
    expect([before.revoked.aborted, caller('alices-key').key.revoked.aborted]).toEqual([true, false]);
  });
});

describe('a key that stays', () => {
  it('A key that stays is the very same to its holder, with the weight that the file gives it now', async () => {
    const { caller, become } = await ring(ALICE);
    const { key } = caller('alices-key');
    expect(key.weight).toBe(1);
    await become({ ...ALICE, weight: 7 }, BOB);
    expect(caller('alices-key').key).toBe(key);
    expect([key.weight, key.revoked.aborted]).toEqual([7, false]);
  });

  it('A key that stays stays when it is written by its digest instead, or gets a name', async () => {
    const { caller, become } = await ring(ALICE);
    const { key } = caller('alices-key');
    const sha256 = createHash('sha256').update('alices-key').digest('hex');
    await become({ sha256, role: 'participant', participant: 'alice', name: 'desk' });
    expect([caller('alices-key').key, key.revoked.aborted]).toEqual([key, false]);
  });

  it('A key that stays is none the worse for a file that cannot be used', async () => {
    const { keys, caller, spoil } = await ring(ALICE);
    const { key } = caller('alices-key');
    await spoil('{"keys":[');
    await expect(keys.reload()).rejects.toThrow('it is not JSON');
    expect([caller('alices-key').key, key.revoked.aborted]).toEqual([key, false]);
  });

  it('A key that stays may have any number of things open, without a warning from the runtime', async () => {
    const { caller } = await ring(ALICE);
    const { revoked } = caller('alices-key').key;
    const warnings: Error[] = [];
    const warned = (warning: Error): void => void warnings.push(warning);
    process.on('warning', warned);
    for (let open = 0; open < 100; open++) revoked.addEventListener('abort', () => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });
});

describe('reading the keys', () => {
  it('Reading the keys has what was asked for last as its outcome, however many ask at once', async () => {
    const { keys, caller, become } = await ring(ALICE);
    const readings = [keys.reload(), keys.reload(), become(BOB)];
    await Promise.all(readings);
    expect(caller('bobs-own-key').participant).toBe('bob');
    expect(() => caller('alices-key')).toThrow('this key is not known');
  });
});
