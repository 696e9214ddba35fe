import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operator } from '../../../../src/api/access.js';
import { ProblemError } from '../../../../src/server/problem-details.js';
import type { ContentDigest } from '../../../../src/server/signatures/content-digest.js';
import { SignatureCheck } from '../../../../src/server/signatures/signature-check.js';
import { newPair, signed, type ToSign } from '../../../support/http/signing.js';
import { runs } from '../../../support/property/runs.js';

const NOW_S = 1_800_000_000;
const pair = newPair();
const caller = { ...operator, key: { id: pair.id, weight: 1, revoked: new AbortController().signal } };
const signer = { caller, publicKey: createPublicKey(pair.pem) };
const keys = { signer: (id: string) => (id === pair.id ? signer : undefined) };
const check = new SignatureCheck(keys, { windowMs: 30_000, nowMs: () => NOW_S * 1_000 });

const segment = fc.stringMatching(/^[A-Za-z0-9._~%-]{0,8}$/);
const target = fc
  .tuple(fc.array(segment, { maxLength: 4 }), fc.option(fc.stringMatching(/^[A-Za-z0-9=&/?.-]{0,12}$/)))
  .map(([segments, query]) => `/${segments.join('/')}${query === null ? '' : `?${query}`}`);
const request: fc.Arbitrary<ToSign> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
  authority: fc.constantFrom('localhost:7070', 'parley.example', '[::1]:7070'),
  target,
  body: fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined }),
  createdS: fc.integer({ min: NOW_S - 30, max: NOW_S + 30 }),
  digest: fc.constantFrom('sha-256' as const, 'sha-512' as const),
});

/** As it came: whoever is on the way may have changed any of it. */
interface Came {
  readonly method: string;
  readonly target: string;
  readonly body: string | undefined;
  readonly headers: Record<string, string>;
}

function asSent(what: ToSign): Came {
  const { method, target: at, body, authority } = what;
  return { method, target: at, body, headers: { host: authority, ...signed(pair, what) } };
}

/** The code of a refusal; undefined where it is taken. Anything else that is thrown is thrown on. */
function refusalOf({ method, target: at, body, headers }: Came): string | undefined {
  try {
    const claim = check.claim({ method, target: at, headers, hasBody: body !== undefined });
    expect(claim.prove()).toBe(caller);
    return body === undefined ? undefined : whyNotBody(claim.digest, body);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
}

function whyNotBody(digest: ContentDigest | undefined, body: string): string | undefined {
  return digest === undefined ? 'no digest' : digest.whyNot(body)?.code;
}

const changed = (text: string, at: number, letter: string): string => {
  const place = at % (text.length + 1);
  return text.slice(0, place) + letter + text.slice(place + 1);
};

describe('a signed request', () => {
  it('A signed request is taken as it was sent, whatever its method, target and body', () => {
    fc.assert(
      fc.property(request, (what) => {
        expect(refusalOf(asSent(what))).toBeUndefined();
      }),
      runs(200),
    );
  });

  it('A signed request is refused when any letter of it was changed on the way', () => {
    const places = ['method', 'target', 'host', 'body', 'content-digest', 'signature', 'signature-input'] as const;
    const change = fc.record({
      place: fc.constantFrom(...places),
      at: fc.nat(),
      letter: fc.stringMatching(/^[a-z0-9]$/),
    });
    fc.assert(
      fc.property(request, change, (what, { place, at, letter }) => {
        const sent = asSent(what);
        const came = changedAt(sent, place, (text) => changed(text, at, letter));
        fc.pre(meaningOf(came) !== meaningOf(sent));
        expect(refusalOf(came)).not.toBeUndefined();
      }),
      runs(500),
    );
  });

  it('A signed request with any text for its fields is taken or refused, and nothing else', () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            'sig',
            '=',
            '(',
            ')',
            '"@method"',
            ';',
            'created',
            '1',
            ':',
            ',',
            ' ',
            '?1',
            '@1',
            `keyid="${pair.id}"`,
          ),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(request, text, text, text, (what, input, signature, digest) => {
        const { headers, ...sent } = asSent(what);
        const fields = { 'signature-input': input, signature, 'content-digest': digest };
        expect(refusalOf({ ...sent, headers: { ...headers, ...fields } })).toMatch(/^[A-Z_]+$/);
      }),
      runs(500),
    );
  });
});

function changedAt(sent: Came, place: string, change: (text: string) => string): Came {
  if (place === 'method') return { ...sent, method: change(sent.method) };
  if (place === 'target') return { ...sent, target: change(sent.target) };
  if (place === 'body') return { ...sent, body: sent.body === undefined ? undefined : change(sent.body) };
  const before = sent.headers[place];
  return before === undefined ? sent : { ...sent, headers: { ...sent.headers, [place]: change(before) } };
}

/** Two that mean the same are one: base64 has several texts for some bytes, and a label and what else is there may vary. */
function meaningOf({ headers, ...rest }: Came): string {
  const bytes = (field: string) =>
    headers[field]?.replace(/:([^:]*):/, (_all, text: string) => Buffer.from(text, 'base64').toString('hex'));
  return JSON.stringify([
    rest,
    headers.host?.toLowerCase(),
    bytes('signature'),
    headers['signature-input'],
    bytes('content-digest'),
  ]);
}
