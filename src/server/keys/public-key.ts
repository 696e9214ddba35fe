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

/** Of the 32 bytes, in small hexadecimal digits: what the key’s id is the beginning of. */
export function digestOfPublicKey(key: KeyObject): string {
  return hash('sha256', rawOf(key));
}
