/**
 * API keys. A key is looked up by its SHA-256, so the file need not hold it, and the time a look-up takes tells nothing that
 * leads to a key.
 *
 * 1. A key has one KeyInUse for as long as it means the same, however often the file is read: what was opened with it goes on.
 * 2. When it is gone, or means another role or participant, its `revoked` is aborted, and requests with it then get a new one.
 * 3. Keys that are sent and public keys are kept apart, so that nobody comes in by sending what is public.
 * 4. A file that cannot be used changes nothing.
 */
import type { KeyObject } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { operator } from '../../api/access.js';
import type { Caller, KeyInUse } from '../doors/access.js';
import type { Rate } from '../limits/rate-limits.js';
import { type KeyEntry, KeyFileError, keyId, sha256Of } from './key-file.js';
import { entriesIn, type Exposure, readKeyText } from './key-reading.js';
import { ProblemError } from '../problem-details.js';

/** Who signs requests, by the public key of the key file. */
export interface Signer {
  readonly caller: Caller;
  readonly publicKey: KeyObject;
}

export interface Keyring {
  /** False: no keys are set, and every caller is an operator. */
  readonly secured: boolean;
  /** Takes the values of the Authorization and Host headers. Throws ProblemError. */
  identify(authorization: string | undefined, host: string | undefined): Caller;
  /** Whose signature names a key by this id; undefined where there is no public key of the id. Nothing is proved by that. */
  signer(id: string): Signer | undefined;
}

/** Names of this machine, so that a page elsewhere cannot reach an open exchange by pointing its own name at 127.0.0.1. */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

class LiveKey implements KeyInUse {
  readonly revoked: AbortSignal;
  readonly #revocation = new AbortController();

  constructor(
    readonly id: string,
    public weight: number,
    public rate?: Rate | undefined,
  ) {
    this.revoked = this.#revocation.signal;
    // Everything that is open by this key waits for it.
    setMaxListeners(0, this.revoked);
  }

  revoke(): void {
    this.#revocation.abort();
  }
}

/** Nobody has a key: all share one, which is never taken back. */
const everybody: Caller = { ...operator, key: new LiveKey('open', 1) };

/** Where no keys are set. */
export const openKeyring: Keyring = {
  secured: false,
  identify(_authorization, host) {
    if (host !== undefined && !LOOPBACK_HOST.test(host)) {
      throw new ProblemError('FORBIDDEN', 'without keys the exchange answers only to localhost, 127.0.0.1 and [::1]');
    }
    return everybody;
  },
  signer: () => undefined,
};

/** What reading the file again has changed. Keys are named by their ids. */
export interface KeyNews {
  readonly keys: number;
  readonly added: readonly string[];
  readonly revoked: readonly string[];
}

type Held = Caller & { readonly key: LiveKey };
type HeldSigner = Signer & { readonly caller: Held };

export class FileKeyring implements Keyring {
  readonly secured = true;
  readonly file: string;
  #callers: ReadonlyMap<string, Held> = new Map();
  #signers: ReadonlyMap<string, HeldSigner> = new Map();
  #exposure: Exposure | undefined;
  #state = '';
  #content = '';
  /** One reading after the other, so that what was read last is what counts. */
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(file: string) {
    this.file = file;
  }

  /** Rejects with KeyFileError. */
  static async load(file: string): Promise<FileKeyring> {
    const keys = new FileKeyring(file);
    await keys.reload();
    return keys;
  }

  /** Reads the file again. Rejects with KeyFileError, and then the keys stay as they were. */
  reload(): Promise<KeyNews> {
    const read = this.#reading.then(() => this.#read());
    this.#reading = read.catch(() => undefined);
    return read;
  }

  get size(): number {
    return this.#callers.size + this.#signers.size;
  }

  /** Who else could read the file when it was read last; undefined where nobody. */
  get exposure(): Exposure | undefined {
    return this.#exposure;
  }

  /** The state in which the file was when it was read last, usable or not. */
  get state(): string {
    return this.#state;
  }

  /** Tells contents of the file apart that were read. Not for logs: it is made from the keys. */
  get content(): string {
    return this.#content;
  }

  identify(authorization: string | undefined): Caller {
    const key = authorization === undefined ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (key === undefined)
      throw new ProblemError('UNAUTHENTICATED', 'send the header Authorization: Bearer KEY, or sign the request');
    const caller = this.#callers.get(sha256Of(key));
    if (caller === undefined) throw new ProblemError('UNAUTHENTICATED', 'this key is not known');
    return caller;
  }

  signer(id: string): Signer | undefined {
    return this.#signers.get(id);
  }

  async #read(): Promise<KeyNews> {
    const { state, text, trouble, exposure } = await readKeyText(this.file);
    this.#state = state;
    this.#content = text === undefined ? state : sha256Of(text);
    if (text === undefined) throw new KeyFileError(trouble ?? state);
    const entries = entriesIn(this.file, text);
    const old = this.#live();
    this.#callers = callersOf(entries, this.#callers);
    this.#signers = signersOf(entries, this.#signers);
    this.#exposure = exposure;
    const stayed = this.#live();
    const revoked = [...old].filter((key) => !stayed.has(key));
    for (const key of revoked) key.revoke();
    const added = [...stayed].filter((key) => !old.has(key));
    return { keys: stayed.size, added: added.map(({ id }) => id), revoked: revoked.map(({ id }) => id) };
  }

  #live(): ReadonlySet<LiveKey> {
    const callers = [...this.#callers.values(), ...[...this.#signers.values()].map(({ caller }) => caller)];
    return new Set(callers.map(({ key }) => key));
  }
}

function callersOf(entries: readonly KeyEntry[], before: ReadonlyMap<string, Held>): ReadonlyMap<string, Held> {
  const sent = entries.filter(({ publicKey }) => publicKey === undefined);
  return new Map(sent.map((entry) => [entry.sha256, callerOf(entry, before.get(entry.sha256))]));
}

function signersOf(
  entries: readonly KeyEntry[],
  before: ReadonlyMap<string, HeldSigner>,
): ReadonlyMap<string, HeldSigner> {
  const signers = new Map<string, HeldSigner>();
  for (const entry of entries) {
    const { publicKey, sha256 } = entry;
    if (publicKey === undefined) continue;
    const known = before.get(keyId(sha256));
    const isSame = known?.publicKey.equals(publicKey) === true;
    signers.set(keyId(sha256), { caller: callerOf(entry, isSame ? known.caller : undefined), publicKey });
  }
  return signers;
}

function callerOf({ sha256, actor, weight, rate }: KeyEntry, before: Held | undefined): Held {
  if (before?.role === actor.role && before.participant === actor.participant) {
    before.key.weight = weight;
    before.key.rate = rate;
    return before;
  }
  return { ...actor, key: new LiveKey(keyId(sha256), weight, rate) };
}
