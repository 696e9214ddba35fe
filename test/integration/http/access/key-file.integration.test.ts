import { createHash, generateKeyPairSync } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { KeyFileError, parseKeys } from '../../../../src/server/keys/key-file.js';
import { startServer } from '../../../../src/server/server.js';
import { keyFile } from '../../../support/http/key-file.js';
import { newPair } from '../../../support/http/signing.js';
import { listen, openMarket } from '../../../support/http/market.js';

describe('the key file', () => {
  const key = 'a-good-key';
  const pair = newPair();
  const rsa = String(
    generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey.export({ type: 'spki', format: 'pem' }),
  );
  const privatePem = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const sha256 = createHash('sha256').update(key).digest('hex');

  it('The key file may hold a key or its SHA-256, in either case of letters', () => {
    const [plain] = parseKeys({ keys: [{ key, participant: 'alice' }] });
    const [hashed] = parseKeys({ keys: [{ sha256: sha256.toUpperCase(), participant: 'alice' }] });
    expect(plain).toEqual(hashed);
  });

  it.each([
    [{ participant: 'alice' }, { role: 'participant', participant: 'alice' }],
    [
      { participant: 'alice', operator: false },
      { role: 'participant', participant: 'alice' },
    ],
    [
      { role: 'participant', participant: 'alice' },
      { role: 'participant', participant: 'alice' },
    ],
    [{ operator: true }, { role: 'operator', participant: undefined }],
    [{ role: 'operator' }, { role: 'operator', participant: undefined }],
    [
      { role: 'operator', operator: true },
      { role: 'operator', participant: undefined },
    ],
    [{ role: 'auditor' }, { role: 'auditor', participant: undefined }],
    [{ role: 'market-data' }, { role: 'market-data', participant: undefined }],
  ])('The key file takes an entry of %j', (holder, actor) => {
    const [entry] = parseKeys({ keys: [{ key, ...holder }] });
    expect(entry).toMatchObject({ sha256, actor, weight: 1 });
  });

  it('The key file may hold a public key instead, as PEM or as base64 of its 32 bytes', () => {
    const forms = [pair.pem, pair.publicKey, pair.publicKey.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')];
    const entries = forms.map((publicKey) => parseKeys({ keys: [{ publicKey, participant: 'alice' }] })[0]);
    expect(entries.map((entry) => entry?.sha256.slice(0, 12))).toEqual([pair.id, pair.id, pair.id]);
  });

  it('The key file may say how many requests a key may make', () => {
    const [plain, burst] = parseKeys({
      keys: [
        { key, role: 'operator', rate: 100 },
        { sha256: '0'.repeat(64), role: 'operator', rate: 100, burst: 500 },
      ],
    });
    expect([plain?.rate, burst?.rate]).toEqual([
      { perSecond: 100, burst: undefined },
      { perSecond: 100, burst: 500 },
    ]);
  });

  it('The key file may name a key, weigh it, and say since when there is one', () => {
    const [entry] = parseKeys({
      keys: [{ sha256, role: 'auditor', name: 'Night audit', weight: 100, since: '2030-01-31T12:00:00.000Z' }],
    });
    expect(entry).toMatchObject({ name: 'Night audit', weight: 100, since: '2030-01-31T12:00:00.000Z' });
  });

  it.each([
    ['not an object', []],
    ['no keys', {}],
    ['more than keys', { keys: [], more: 1 }],
    ['a public key of another kind', { keys: [{ publicKey: rsa, participant: 'alice' }] }],
    ['a private key', { keys: [{ publicKey: privatePem, participant: 'alice' }] }],
    ['a public key that is cut off', { keys: [{ publicKey: pair.publicKey.slice(2), participant: 'alice' }] }],
    ['a public key that is no text', { keys: [{ publicKey: 7, participant: 'alice' }] }],
    ['a public key beside a key', { keys: [{ publicKey: pair.publicKey, key, participant: 'alice' }] }],
    [
      'the same public key twice',
      {
        keys: [
          { publicKey: pair.publicKey, participant: 'alice' },
          { publicKey: pair.pem, participant: 'bob' },
        ],
      },
    ],
    ['a rate that is none', { keys: [{ key, role: 'operator', rate: 0 }] }],
    ['half a rate', { keys: [{ key, role: 'operator', rate: 1.5 }] }],
    ['a burst without a rate', { keys: [{ key, role: 'operator', burst: 5 }] }],
    ['neither key nor sha256', { keys: [{ participant: 'alice' }] }],
    ['both', { keys: [{ key, sha256, participant: 'alice' }] }],
    ['a short key', { keys: [{ key: 'short', participant: 'alice' }] }],
    ['a key with spaces', { keys: [{ key: 'a key with spaces', participant: 'alice' }] }],
    ['half a digest', { keys: [{ sha256: sha256.slice(32), participant: 'alice' }] }],
    ['nobody', { keys: [{ key }] }],
    ['two at once', { keys: [{ key, participant: 'alice', operator: true }] }],
    ['a bad name', { keys: [{ key, participant: 'a/b' }] }],
    ['an operator by one word and not by the other', { keys: [{ key, role: 'auditor', operator: true }] }],
    ['an auditor for somebody', { keys: [{ key, role: 'auditor', participant: 'alice' }] }],
    ['no role that there is', { keys: [{ key, role: 'admin' }] }],
    ['a participant that is nobody', { keys: [{ key, role: 'participant' }] }],
    ['an operator that is neither', { keys: [{ key, operator: 'yes' }] }],
    ['a name that would need quotes', { keys: [{ key, role: 'operator', name: 'a\nb' }] }],
    ['no weight', { keys: [{ key, role: 'operator', weight: 0 }] }],
    ['too much weight', { keys: [{ key, role: 'operator', weight: 101 }] }],
    ['half a weight', { keys: [{ key, role: 'operator', weight: 1.5 }] }],
    ['a time that is none', { keys: [{ key, role: 'operator', since: 'yesterday' }] }],
    ['an unknown field', { keys: [{ key, participant: 'alice', admin: true }] }],
    [
      'the same key twice',
      {
        keys: [
          { key, participant: 'alice' },
          { sha256, participant: 'bob' },
        ],
      },
    ],
    ['no entry', { keys: [null] }],
  ])('The key file is refused for %s, without a word of the key', (_what, content) => {
    expect(() => parseKeys(content)).toThrow(KeyFileError);
    expect(() => parseKeys(content)).not.toThrow(new RegExp(`${key}|${sha256}`));
  });

  it('The key file is refused when it is missing or no JSON, before anything listens', async () => {
    const options = { ...(await openMarket()), port: 0 };
    await expect(startServer({ ...options, keyFile: '/nowhere/keys.json' })).rejects.toThrow(
      /cannot read the key file/,
    );
    await expect(startServer({ ...options, keyFile: await keyFile('{') })).rejects.toThrow(/it is not JSON/);
    await expect(startServer({ ...options, keyFile: await keyFile({}) })).rejects.toThrow(KeyFileError);
  });

  it('The key file is read again when asked, and stays as it was when that fails', async () => {
    const file = await keyFile();
    const server = await listen(await openMarket(), { keyFile: file });
    const status = async (authorization: string) =>
      (await fetch(`${server.url}/v1/instruments`, { headers: { authorization } })).status;
    expect(await status('Bearer alices-key')).toBe(200);
    await writeFile(file, JSON.stringify({ keys: [{ key: 'alices-new-key', participant: 'alice' }] }));
    await server.reloadKeys();
    expect([await status('Bearer alices-key'), await status('Bearer alices-new-key')]).toEqual([401, 200]);
    await writeFile(file, '{');
    await expect(server.reloadKeys()).rejects.toThrow(KeyFileError);
    expect(await status('Bearer alices-new-key')).toBe(200);
  });

  it('The key file is read again by a server when it has changed, until that stops', async () => {
    const file = await keyFile();
    const looks = new Set<() => void>();
    const lookAtKeys = (_periodMs: number, look: () => void) => {
      looks.add(look);
      return () => void looks.delete(look);
    };
    const market = await openMarket();
    const server = await listen(market, { keyFile: file, lookAtKeys });
    await writeFile(file, JSON.stringify({ keys: [{ key: 'alices-new-key', participant: 'alice' }] }));
    await expect
      .poll(() => {
        for (const look of looks) look();
        return market.logged.map(({ msg }) => msg);
      })
      .toContain('read the keys again');
    const headers = { authorization: 'Bearer alices-new-key' };
    expect((await fetch(`${server.url}/v1/instruments`, { headers })).status).toBe(200);
    await server.stop();
    expect(looks.size).toBe(0);
  });

  it('The key file is warned about by a server when others can read it', async () => {
    const file = await keyFile();
    const market = await openMarket();
    await listen(market, { keyFile: file });
    expect(market.logged.map(({ msg }) => msg)).not.toContain('others than its owner can read the key file');
    await chmod(file, 0o644);
    await listen(market, { keyFile: file });
    expect(market.logged.map(({ msg }) => msg)).toContain('others than its owner can read the key file');
  });
});
