import { describe, expect, it } from 'vitest';
import { KeyFileError } from '../../../../src/server/keys/key-file.js';
import { FileKeyring } from '../../../../src/server/keys/keys.js';
import { isWeak, readPublicKey } from '../../../../src/server/keys/public-key.js';
import { keyFile } from '../../../support/http/key-file.js';
import { newPair, pairOfRfc } from '../../../support/http/signing.js';

const [zeros, ones] = ['00'.repeat(30), 'ff'.repeat(30)];
const y8 = '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc';
const minusY8 = 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03';

/** “Taming the many EdDSAs” (Chalkias, Garillot, Nikolaenko, 2020), table 6, and other ways to write what RFC 8032 writes in one way. */
const weak = {
  'the point of order 1': `01${zeros}00`,
  'the point of order 2': `ec${ones}7f`,
  'a point of order 4': `00${zeros}00`,
  'the other point of order 4': `00${zeros}80`,
  'a point of order 8': `${y8}05`,
  'a second point of order 8': `${y8}85`,
  'a third point of order 8': `${minusY8}7a`,
  'the fourth point of order 8': `${minusY8}fa`,
  'the point of order 1 with a sign': `01${zeros}80`,
  'the point of order 2 with a sign': `ec${ones}ff`,
  'the point of order 1 written as P + 1': `ee${ones}7f`,
  'the point of order 1 written as P + 1 with a sign': `ee${ones}ff`,
  'a point of order 4 written as P': `ed${ones}7f`,
  'the other point of order 4 written as P': `ed${ones}ff`,
  'a point of another order written as P + 3': `f0${ones}7f`,
} as const;

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

describe('a public key for signatures', () => {
  it.each(Object.entries(weak))('A key file with %s as a public key is refused, and says why', async (_what, hex) => {
    const loaded = FileKeyring.load(await keyFile({ keys: [{ publicKey: base64(hex), participant: 'alice' }] }));
    await expect(loaded).rejects.toThrow(KeyFileError);
    await expect(loaded).rejects.toThrow(/publicKey is a weak one/);
  });

  it('A public key that a pair was made with is none of them', () => {
    const keys = [pairOfRfc(), ...Array.from({ length: 50 }, newPair)].map(({ publicKey }) => readPublicKey(publicKey));
    for (const key of keys) expect(key && isWeak(key)).toBe(false);
  });
});
