/** Ed25519 public keys, as people hand them over. */
import { createPublicKey, hash, type KeyObject } from 'node:crypto';

const RAW_BYTES = 32;

/** Of the text of a PEM file (SPKI), or base64 of the 32 bytes. Undefined for what is neither, and for every other kind of key. */
export function readPublicKey(text: string): KeyObject | undefined {
  const trimmed = text.trim();
  try {
    const key = trimmed.startsWith('-----BEGIN PUBLIC KEY-----') ? createPublicKey(trimmed) : ofRaw(trimmed);
    return key?.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined; // what the library says of it may quote it
  }
}

function ofRaw(text: string): KeyObject | undefined {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return undefined;
  const x = Buffer.from(text, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The 32 bytes. */
export function rawOf(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-RAW_BYTES);
}

const P = 2n ** 255n - 19n;
/** Second coordinate of half of the points of order 8; that of the others is P less this one. */
const Y8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
/** Of the eight points of small order: 1 and 2 (1, −1), 4 (0) and 8. Each but the first two belongs to two points, told apart by a sign. */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([0n, 1n, P - 1n, Y8, P - Y8]);

/**
 * Whether it is a key that nobody has made: a point of small order, for which signatures can be made up without a private key, or one that is
 * written otherwise than RFC 8032 (5.1.3) has it, with a coordinate not below P. The points are those of table 6 in Chalkias, Garillot
 * and Nikolaenko, “Taming the many EdDSAs” (2020).
 */
export function isWeak(key: KeyObject): boolean {
  const bigEndian = Buffer.from(rawOf(key)).reverse().toString('hex');
  const y = BigInt.asUintN(255, BigInt(`0x${bigEndian}`)); // the bit above is the sign
  return y >= P || SMALL_ORDER.has(y);
}

/** Of the 32 bytes, in small hexadecimal digits: what the key’s id is the beginning of. */
export function digestOfPublicKey(key: KeyObject): string {
  return hash('sha256', rawOf(key));
}
