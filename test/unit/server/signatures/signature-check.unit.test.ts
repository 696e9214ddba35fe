import { createPublicKey, sign } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { participantNamed } from '../../../../src/api/access.js';
import type { Caller } from '../../../../src/server/doors/access.js';
import { ProblemError } from '../../../../src/server/problem-details.js';
import { SignatureCheck } from '../../../../src/server/signatures/signature-check.js';
import { type SignedMessage, signatureBase } from '../../../../src/server/signatures/signature-base.js';
import { digestField, newPair, type Pair, pairOfRfc, signed, type ToSign } from '../../../support/http/signing.js';

const NOW_S = 1_800_000_000;
const WINDOW_S = 30;
const BODY = '{"clientIntentionId":"a-1"}';

let alice: Pair;
let mallory: Pair;
let caller: Caller;
let check: SignatureCheck;
beforeAll(() => {
  [alice, mallory] = [newPair(), newPair()];
  caller = { ...participantNamed('alice'), key: { id: alice.id, weight: 1, revoked: new AbortController().signal } };
  const signer = { caller, publicKey: createPublicKey(alice.pem) };
  const keys = { signer: (id: string) => (id === alice.id ? signer : undefined) };
  check = new SignatureCheck(keys, { windowMs: WINDOW_S * 1_000, nowMs: () => NOW_S * 1_000 });
});

const post: ToSign = {
  ...{ method: 'POST', authority: 'parley.example', target: '/v1/intentions?x=1', body: BODY, createdS: NOW_S },
};
const get: ToSign = { method: 'GET', authority: 'parley.example', target: '/v1/deals', createdS: NOW_S };

function messageOf(what: ToSign, fields: IncomingHttpHeaders): SignedMessage {
  const { method, authority, target, body } = what;
  const headers = { host: authority, 'content-type': 'application/json', ...fields };
  return { method, target, headers, hasBody: body !== undefined };
}

/** The code and detail with which a message is refused; undefined for one that is taken. */
function refusalOf(message: SignedMessage): string | undefined {
  try {
    expect(check.claim(message).prove()).toBe(caller);
    return undefined;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return `${error.problem.code}: ${error.problem.detail}`;
  }
}

const refused = (what: ToSign, by: Pair = alice, change: (fields: Record<string, string>) => object = (same) => same) =>
  refusalOf(messageOf(what, { ...signed(by, what), ...(change(signed(by, what)) as IncomingHttpHeaders) }));

describe('a signature', () => {
  it('A signature over method, authority, path, query and the digest of the body is taken', () => {
    expect(refused(post)).toBeUndefined();
    expect(refused(get)).toBeUndefined();
    expect(refused({ ...post, digest: 'sha-512' })).toBeUndefined();
  });

  it('A signature is that of RFC 9421, B.2.6, byte for byte', () => {
    const pair = pairOfRfc();
    const covered = ['date', '@method', '@path', '@authority', 'content-type', 'content-length'];
    const headers = {
      ...{ host: 'example.com', date: 'Tue, 20 Apr 2021 02:07:55 GMT', 'content-type': 'application/json' },
      'content-length': '18',
    };
    const input = [
      covered.map((name) => [name, new Map()]),
      new Map<string, string | number>([
        ['created', 1_618_884_473],
        ['keyid', 'test-key-ed25519'],
      ]),
    ];
    const message = { method: 'POST', target: '/foo?param=Value&Pet=dog', headers, hasBody: true };
    const base = signatureBase(message, 'https', input as Parameters<typeof signatureBase>[2]); // a list with parameters
    expect(base.split('\n')).toEqual([
      '"date": Tue, 20 Apr 2021 02:07:55 GMT',
      '"@method": POST',
      '"@path": /foo',
      '"@authority": example.com',
      '"content-type": application/json',
      '"content-length": 18',
      '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    ]);
    expect(signatureOver(base, pair)).toBe(
      'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==',
    );
  });

  it('A signature may cover the target URI instead, by the scheme that the client saw, whatever ends TLS', () => {
    for (const scheme of ['http', 'https'] as const) {
      const covered = ['@method', '@target-uri', 'content-digest'];
      expect(refused({ ...post, covered, scheme }), scheme).toBeUndefined();
    }
  });

  it('A signature may cover more, in any order, and say its algorithm, when it expires, a nonce and a tag', () => {
    const covered = ['content-digest', '@query', '@request-target', '@path', 'content-type', '@authority', '@method'];
    const more = `;alg="ed25519";expires=${NOW_S + 5};nonce="n-1";tag="desk"`;
    expect(refused({ ...post, covered, more })).toBeUndefined();
    expect(refused({ ...post, covered: ['@scheme', ...covered], scheme: 'https' })).toBeUndefined();
  });

  it('A signature is of the authority without the port that its scheme has anyway', () => {
    const own = signed(alice, { ...get, authority: 'parley.example' });
    expect(refusalOf(messageOf({ ...get, authority: 'PARLEY.example:443' }, own))).toBeUndefined();
    expect(refusalOf(messageOf({ ...get, authority: 'parley.example:8443' }, own))).toContain('not of this request');
  });

  it('A signature that others have put beside it is passed over', () => {
    const own = signed(alice, post);
    const other = signed(mallory, { ...post, label: 'proxy' });
    const both = {
      ...own,
      'signature-input': `${String(other['signature-input'])}, ${String(own['signature-input'])}`,
      signature: `${String(own.signature)}, ${String(other.signature)}`,
    };
    expect(refusalOf(messageOf(post, both))).toBeUndefined();
  });

  it.each([-WINDOW_S, 0, WINDOW_S])('A signature that was created %i s from the clock is taken', (s) => {
    expect(refused({ ...post, createdS: NOW_S + s })).toBeUndefined();
  });

  it.each([
    [-WINDOW_S - 1, 'it was created 31 s before this server’s clock, and 30 s are allowed'],
    [WINDOW_S + 1, 'it was created 31 s after this server’s clock, and 30 s are allowed'],
  ])('A signature that was created %i s from the clock is refused as such', (s, says) => {
    expect(refused({ ...post, createdS: NOW_S + s })).toBe(`SIGNATURE_EXPIRED: the signature is refused: ${says}`);
  });

  it('A signature whose own end is over is refused as such', () => {
    expect(refused({ ...post, more: `;expires=${NOW_S - 1}` })).toMatch(/^SIGNATURE_EXPIRED: .*expires is over/);
  });

  const everything = ['@method', '@authority', '@path', '@query', 'content-digest'];
  it.each(everything)('A signature that does not cover %s is refused, and says so', (missing) => {
    const covered = everything.filter((name) => name !== missing);
    expect(refused({ ...post, covered })).toMatch(new RegExp(`^SIGNATURE_INVALID: .*does not cover ${missing}`));
  });

  it('A signature of another key under the id of this one is refused', () => {
    expect(refused({ ...post, keyid: alice.id }, mallory)).toMatch(
      /^SIGNATURE_INVALID: .*not of this request by this key/,
    );
  });

  it('A signature of a key that nobody knows is answered like a key that nobody knows', () => {
    expect(refused(post, mallory)).toMatch(/^UNAUTHENTICATED: no signature is by a key that is known/);
  });

  it.each([
    ['another method', { method: 'PUT' }],
    ['another host', { authority: 'other.example' }],
    ['another path', { target: '/v1/instruments?x=1' }],
    ['another query', { target: '/v1/intentions?x=2' }],
    ['no query', { target: '/v1/intentions' }],
  ])('A signature is not taken for %s', (_what, other) => {
    expect(refusalOf(messageOf({ ...post, ...other }, signed(alice, post)))).toContain('not of this request');
  });

  it('A signature is not taken with the digest of another body', () => {
    expect(refused(post, alice, () => ({ 'content-digest': digestField('{}') }))).toContain('not of this request');
  });

  it('A signature of a request without a body is not taken where one has been put in, nor the other way round', () => {
    expect(refusalOf(messageOf({ ...get, body: '{}' }, signed(alice, get)))).toContain('does not cover content-digest');
    const { body: _none, ...without } = post;
    expect(refusalOf(messageOf(without, signed(alice, post)))).toMatch(/^DIGEST_MISMATCH/);
  });

  const flip = (field: string, at: RegExp, to: string) => (fields: Record<string, string>) => ({
    [field]: String(fields[field]).replace(at, to),
  });
  it.each<[string, (fields: Record<string, string>) => object, string]>([
    ['input that is no dictionary', () => ({ 'signature-input': 'sig=(' }), 'Signature-Input is not a dictionary'],
    [
      'input that is no list',
      flip('signature-input', /\(.*\)/, '"a"'),
      'sig in Signature-Input is no list of components',
    ],
    ['a signature that is no dictionary', () => ({ signature: 'sig=:' }), 'Signature is not a dictionary'],
    ['no signature', () => ({ signature: undefined }), 'Signature has no sig, which Signature-Input has'],
    ['a signature that is text', () => ({ signature: 'sig="abc"' }), 'sig in Signature is not bytes in base64'],
    ['a short signature', () => ({ signature: 'sig=:AAAA:' }), 'sig in Signature is not 64 bytes'],
    [
      'bytes of another signature',
      () => ({ signature: `sig=:${'A'.repeat(86)}==:` }),
      'not of this request by this key',
    ],
    ['no time', flip('signature-input', /;created=\d+/, ''), 'does not say when it was created'],
    ['a time in text', flip('signature-input', /created=\d+/, 'created="now"'), 'created is no whole number'],
    ['a time with a fraction', flip('signature-input', /(created=\d+)/, '$1.5'), 'created is no whole number'],
    ['another algorithm', flip('signature-input', /$/, ';alg="hmac-sha256"'), 'its alg is not "ed25519"'],
    ['a component twice', flip('signature-input', /"@path"/, '"@path" "@path"'), 'it covers @path twice'],
    ['a component that is no string', flip('signature-input', /"@path"/, '7'), 'that it covers is no string'],
    ['parameters of a component', flip('signature-input', /"@path"/, '"@path";req'), 'parameters of components'],
    ['a derived component that is none', flip('signature-input', /"@path"/, '"@status"'), '@status is not supported'],
    ['a field that is not there', flip('signature-input', /"@path"/, '"x-none"'), 'the field "x-none" is covered, and'],
    ['a field in capitals', flip('signature-input', /"@path"/, '"Host"'), '"Host" is to be in small letters'],
    ['a digest that is none', () => ({ 'content-digest': 'sha-256' }), 'sha-256 is bytes in base64'],
    ['a digest of no algorithm here', () => ({ 'content-digest': 'md5=:AAAA:' }), 'has none of sha-256 and sha-512'],
    ['no digest', () => ({ 'content-digest': undefined }), 'the field "content-digest" is covered, and did not come'],
  ])('A signature with %s is refused, and says so', (_what, change, says) => {
    const refusal = refused(post, alice, change);
    expect(refusal).toMatch(/^SIGNATURE_INVALID: /);
    expect(refusal).toContain(says);
  });

  it('A signature that is there twice by known keys is refused, for which of them asks is not to be guessed', () => {
    const [one, two] = [signed(alice, post), signed(alice, { ...post, label: 'two' })];
    const both = {
      ...one,
      'signature-input': `${String(one['signature-input'])}, ${String(two['signature-input'])}`,
      signature: `${String(one.signature)}, ${String(two.signature)}`,
    };
    expect(refusalOf(messageOf(post, both))).toContain('several by keys of this exchange');
  });
});

function signatureOver(base: string, { privateKey }: Pair): string {
  return sign(null, Buffer.from(base), privateKey).toString('base64');
}
