/**
 * Whether a request is signed by a key of this exchange: HTTP Message Signatures (RFC 9421) with Ed25519.
 *
 * 1. Method, authority, path and query are covered, and where there is a body its Content-Digest: nothing of a command can be changed.
 * 2. `created` is no further from this clock than the window. What is sent again within it is the same command again, and what is the same
 *    command is done once where it has an id of the client’s own.
 * 3. One signature counts, that which names a key that is known here. Others, such as a proxy adds, are passed over.
 * 4. All that needs no cryptography is looked at first.
 */
import { verify } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type BareItem, type Dictionary, type InnerList, isInnerList, parseDictionary } from 'structured-headers';
import type { ProblemCode } from '../../api/problem.js';
import type { Caller } from '../doors/access.js';
import type { Keyring, Signer } from '../keys/keys.js';
import { ProblemError } from '../problem-details.js';
import { ContentDigest } from './content-digest.js';
import { schemes, signatureBase, type SignedMessage, whyNotComponent } from './signature-base.js';

/** A request that says whose it is, and has not proved it. */
export interface Claim {
  readonly signer: Signer;
  /** The signature itself, proved or not. */
  readonly signature: Uint8Array;
  /** Of the body, which is not known yet; undefined where there is none. */
  readonly digest: ContentDigest | undefined;
  /** Costs a tenth of a millisecond. Throws ProblemError (SIGNATURE_INVALID) where another key has signed, or something else. */
  readonly prove: () => Caller;
}

export interface SignatureCheckOptions {
  /** How far `created` may be from the clock. */
  readonly windowMs: number;
  readonly nowMs?: (() => number) | undefined;
}

export const SIGNATURE_WINDOW_MS = 30_000;

/** Whether there is a signature to look at. */
export function isSigned({ 'signature-input': input, authorization }: IncomingHttpHeaders): boolean {
  return input !== undefined && authorization === undefined;
}

interface Named {
  readonly label: string;
  readonly input: InnerList;
  readonly signer: Signer;
}

export class SignatureCheck {
  readonly #keys: Pick<Keyring, 'signer'>;
  readonly #windowMs: number;
  readonly #nowMs: () => number;

  constructor(keys: Pick<Keyring, 'signer'>, { windowMs, nowMs = Date.now }: SignatureCheckOptions) {
    this.#keys = keys;
    this.#windowMs = windowMs;
    this.#nowMs = nowMs;
  }

  /** Throws ProblemError: UNAUTHENTICATED where no key is known, SIGNATURE_INVALID, SIGNATURE_EXPIRED, DIGEST_MISMATCH. */
  claim(message: SignedMessage): Claim {
    const { input, signer, label } = this.#named(message.headers);
    const signature = signatureOf(message.headers, label);
    this.#checkParameters(input[1]);
    const covered = coveredBy(input, message);
    const digest = digestOf(message, covered);
    const prove = (): Caller => {
      const bases = new Set(schemes.map((scheme) => signatureBase(message, scheme, input)));
      const isRight = [...bases].some((base) => verify(null, Buffer.from(base, 'latin1'), signer.publicKey, signature));
      if (isRight) return signer.caller;
      throw invalid('it is not of this request by this key: something was changed on the way, or another key signed');
    };
    return { signer, signature, digest, prove };
  }

  #named(headers: IncomingHttpHeaders): Named {
    const inputs = dictionaryOf(headers, 'signature-input', 'Signature-Input');
    const named: Named[] = [];
    for (const [label, input] of inputs) {
      const id: unknown = input[1].get('keyid');
      const signer = typeof id === 'string' ? this.#keys.signer(id) : undefined;
      if (signer === undefined) continue;
      if (!isInnerList(input)) throw invalid(`${label} in Signature-Input is no list of components`);
      named.push({ label, input, signer });
    }
    const [first, ...others] = named;
    if (first === undefined) {
      const says = 'no signature is by a key that is known: its keyid is the id that parley keys list shows';
      throw new ProblemError('UNAUTHENTICATED', says);
    }
    if (others.length > 0) throw invalid('there are several by keys of this exchange: send one');
    return first;
  }

  #checkParameters(parameters: ReadonlyMap<string, BareItem>): void {
    const algorithm: unknown = parameters.get('alg') ?? 'ed25519';
    if (algorithm !== 'ed25519') throw invalid('its alg is not "ed25519"');
    const nowS = this.#nowMs() / 1_000;
    const created = timeIn(parameters, 'created');
    if (created === undefined) throw invalid('it does not say when it was created');
    const windowS = this.#windowMs / 1_000;
    const aheadS = created - nowS;
    if (Math.abs(aheadS) > windowS) {
      const far = `${Math.ceil(Math.abs(aheadS))} s ${aheadS > 0 ? 'after' : 'before'} this server’s clock`;
      throw expired(`it was created ${far}, and ${windowS} s are allowed`);
    }
    const expires = timeIn(parameters, 'expires');
    if (expires !== undefined && expires < nowS) throw expired('its time in expires is over');
  }
}

function dictionaryOf(headers: IncomingHttpHeaders, name: string, shown: string): Dictionary {
  try {
    return parseDictionary([headers[name] ?? ''].flat().join(', '));
  } catch {
    throw invalid(`${shown} is not a dictionary of structured fields (RFC 9651)`);
  }
}

function signatureOf(headers: IncomingHttpHeaders, label: string): Buffer {
  const member = dictionaryOf(headers, 'signature', 'Signature').get(label);
  if (member === undefined) throw invalid(`Signature has no ${label}, which Signature-Input has`);
  const [value] = member;
  if (!(value instanceof ArrayBuffer))
    throw invalid(`${label} in Signature is not bytes in base64, between two colons`);
  if (value.byteLength !== SIGNATURE_BYTES) throw invalid(`${label} in Signature is not ${SIGNATURE_BYTES} bytes`);
  return Buffer.from(value);
}

const SIGNATURE_BYTES = 64;

/** The names of what is covered, each of which can be verified. */
function coveredBy([items]: InnerList, message: SignedMessage): ReadonlySet<string> {
  const covered = new Set<string>();
  for (const [name, parameters] of items) {
    if (typeof name !== 'string') throw invalid('a component that it covers is no string');
    if (parameters.size > 0) throw invalid(`parameters of components are not supported, as ${name} has them`);
    if (covered.has(name)) throw invalid(`it covers ${name} twice`);
    const why = whyNotComponent(name, message);
    if (why !== undefined) throw invalid(why);
    covered.add(name);
  }
  const needed = covered.has('@target-uri') ? ['@method'] : ['@method', '@authority', '@path', '@query'];
  if (message.hasBody) needed.push('content-digest');
  const missing = needed.filter((name) => !covered.has(name));
  if (missing.length === 0) return covered;
  throw invalid(`it does not cover ${missing.join(', ')}${missing.includes('@path') ? ', nor @target-uri' : ''}`);
}

function digestOf({ headers, hasBody }: SignedMessage, covered: ReadonlySet<string>): ContentDigest | undefined {
  const field = headers['content-digest'];
  if (field === undefined || !covered.has('content-digest')) return undefined;
  const digest = ContentDigest.read([field].flat().join(', '));
  if ('code' in digest) throw new ProblemError(digest.code, digest.detail);
  const why = hasBody ? undefined : digest.whyNot('');
  if (why !== undefined) throw new ProblemError(why.code, why.detail);
  return digest;
}

function timeIn(parameters: ReadonlyMap<string, BareItem>, name: string): number | undefined {
  const value: unknown = parameters.get(name);
  if (value === undefined || Number.isInteger(value)) return value as number | undefined; // one of the two, as was just asked
  throw invalid(`its ${name} is no whole number of seconds since 1970`);
}

const invalid = (why: string): ProblemError => refusal('SIGNATURE_INVALID', why);
const expired = (why: string): ProblemError => refusal('SIGNATURE_EXPIRED', why);

function refusal(code: ProblemCode, why: string): ProblemError {
  return new ProblemError(code, `the signature is refused: ${why}`);
}
