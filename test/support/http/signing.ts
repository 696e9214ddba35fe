/** Signs requests as somebody else’s program would: with Node’s own cryptography, and nothing of this project. */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A key pair, as the key file and a signer need it. */
export interface Pair {
  readonly privateKey: KeyObject;
  /** Base64 of 32 bytes. */
  readonly publicKey: string;
  readonly pem: string;
  /** The first twelve digits of the SHA-256 of the 32 bytes. */
  readonly id: string;
}

export function newPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return pairOf(privateKey, publicKey);
}

/** The key of RFC 9421, B.1.4. */
export function pairOfRfc(): Pair {
  const jwk = {
    ...{ kty: 'OKP', crv: 'Ed25519', d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU' },
    x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
  };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { ...newPair(), privateKey, publicKey: Buffer.from(jwk.x, 'base64url').toString('base64') };
}

function pairOf(privateKey: KeyObject, publicKey: KeyObject): Pair {
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
  const id = createHash('sha256').update(raw).digest('hex').slice(0, 12);
  return { privateKey, publicKey: raw.toString('base64'), pem, id };
}

export interface ToSign {
  readonly method: string;
  readonly authority: string;
  /** Path and query. */
  readonly target: string;
  readonly body?: string | undefined;
  readonly createdS: number;
  /** What is covered, in this order; what must be, unless given. */
  readonly covered?: readonly string[];
  readonly scheme?: 'http' | 'https';
  /** Parameters beside created and keyid, as they are written. */
  readonly more?: string;
  readonly keyid?: string;
  readonly label?: string;
  readonly digest?: 'sha-256' | 'sha-512';
}

/** The fields of a signed request. */
export function signed({ privateKey, id }: Pair, what: ToSign): Record<string, string> {
  const { body, createdS, more = '', keyid = id, label = 'sig' } = what;
  const digest = body === undefined ? {} : { 'content-digest': digestField(body, what.digest) };
  const usual = ['@method', '@authority', '@path', '@query', ...(body === undefined ? [] : ['content-digest'])];
  const covered = what.covered ?? usual;
  const parameters = `(${covered.map((name) => `"${name}"`).join(' ')});created=${createdS};keyid="${keyid}"${more}`;
  const base = [
    ...covered.map(
      (name) => `"${name}": ${componentOf(what, { ...digest, 'content-type': 'application/json' }, name)}`,
    ),
    `"@signature-params": ${parameters}`,
  ].join('\n');
  const signature = sign(null, Buffer.from(base), privateKey).toString('base64');
  return { ...digest, 'signature-input': `${label}=${parameters}`, signature: `${label}=:${signature}:` };
}

export function digestField(body: string, algorithm: 'sha-256' | 'sha-512' = 'sha-256'): string {
  const hash = createHash(algorithm.replace('-', '')).update(body).digest('base64');
  return `${algorithm}=:${hash}:`;
}

function componentOf(
  { method, authority, target, scheme = 'http' }: ToSign,
  fields: Readonly<Record<string, string>>,
  name: string,
): string {
  const [path = ''] = target.split('?');
  const query = target.slice(path.length);
  const derived: Readonly<Record<string, string>> = {
    ...{ '@method': method, '@authority': authority, '@path': path, '@query': query === '' ? '?' : query },
    ...{ '@scheme': scheme, '@request-target': target, '@target-uri': `${scheme}://${authority}${target}` },
  };
  return derived[name] ?? fields[name] ?? '';
}
