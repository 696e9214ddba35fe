/** Signs requests: HTTP Message Signatures (RFC 9421) with Ed25519, and the digest of the body (RFC 9530). */

/** Who signs. */
export interface RequestSigner {
  /** The id of the public key, as `parley keys add --public-key` prints it. */
  readonly keyId: string;
  /** Ed25519 over these bytes: with WebCrypto, Node's own cryptography, or a module that keeps the key. 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>;
}

/** Digits of the id of a key: the beginning of its public half's SHA-256. */
const ID_DIGITS = 12;

/** Signs with a private key (PEM, PKCS #8, as `parley keys pair` makes it) by WebCrypto. Rejects where that is no Ed25519 key. */
export async function signerOf(pem: string): Promise<RequestSigner> {
  const der = bytesOf(pem.replace(/-----[A-Z ]+-----|\s/g, ''));
  const key = await crypto.subtle.importKey('pkcs8', der, 'Ed25519', true, ['sign']);
  const { x = '' } = await crypto.subtle.exportKey('jwk', key);
  const id = await crypto.subtle.digest('SHA-256', bytesOf(x.replaceAll('-', '+').replaceAll('_', '/')));
  const digits = [...new Uint8Array(id)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    keyId: digits.slice(0, ID_DIGITS),
    sign: (message) => crypto.subtle.sign('Ed25519', key, new Uint8Array(message)),
  };
}

export interface ToBeSigned {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
}

/** The header fields that sign a request as it stands now. */
export async function signatureFields(
  { keyId, sign }: RequestSigner,
  { method, url, body }: ToBeSigned,
): Promise<Record<string, string>> {
  const { host, pathname, search } = new URL(url);
  const covered = new Map([
    ['@method', method],
    ['@authority', host],
    ['@path', pathname],
    ['@query', search === '' ? '?' : search],
  ]);
  const encoder = new TextEncoder();
  const fields: Record<string, string> = {};
  if (body !== undefined) {
    const digest = await crypto.subtle.digest('SHA-256', encoder.encode(body));
    fields['content-digest'] = `sha-256=:${base64Of(digest)}:`;
    covered.set('content-digest', fields['content-digest']);
  }
  const names = [...covered.keys()].map((name) => `"${name}"`).join(' ');
  const parameters = `(${names});created=${Math.floor(Date.now() / 1_000)};keyid="${keyId}";alg="ed25519"`;
  const lines = [...covered].map(([name, value]) => `"${name}": ${value}\n`).join('');
  const signature = await sign(encoder.encode(`${lines}"@signature-params": ${parameters}`));
  return { ...fields, 'signature-input': `parley=${parameters}`, signature: `parley=:${base64Of(signature)}:` };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function base64Of(bytes: Uint8Array | ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
