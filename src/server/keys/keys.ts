/**
 * API keys. A key is looked up by its SHA-256, so the file need not hold it, and the time a look-up takes tells nothing that
 * leads to a key.
 *
 * 1. A key has one KeyInUse for as long as it means the same, however often the file is read: what was opened with it goes on.
 * 2. When it is gone, or means another role or participant, its `revoked` is aborted, and requests with it then get a new one.
 * 3. A file that cannot be used changes nothing.
 */
import { setMaxListeners } from 'node:events';
import { operator } from '../../api/access.js';
import type { Caller, KeyInUse } from '../doors/access.js';
import { type KeyEntry, KeyFileError, keyId, sha256Of } from './key-file.js';
import { entriesIn, type Exposure, readKeyText } from './key-reading.js';
import { ProblemError } from '../problem-details.js';

export interface Keyring {
  /** False: no keys are set, and every caller is an operator. */
  readonly secured: boolean;
  /** Takes the values of the Authorization and Host headers. Throws ProblemError. */
  identify(authorization: string | undefined, host: string | undefined): Caller;
}

/** Names of this machine, so that a page elsewhere cannot reach an open exchange by pointing its own name at 127.0.0.1. */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

class LiveKey implements KeyInUse {
  readonly revoked: AbortSignal;
  readonly #revocation = new AbortController();

  constructor(
    readonly id: string,
    public weight: number,
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
};

/** What reading the file again has changed. Keys are named by their ids. */
export interface KeyNews {
  readonly keys: number;
  readonly added: readonly string[];
  readonly revoked: readonly string[];
}

type Held = Caller & { readonly key: LiveKey };

export class FileKeyring implements Keyring {
  readonly secured = true;
  readonly file: string;
  #callers: ReadonlyMap<string, Held> = new Map();
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
    return this.#callers.size;
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
    if (key === undefined) throw new ProblemError('UNAUTHENTICATED', 'send the header Authorization: Bearer KEY');
    const caller = this.#callers.get(sha256Of(key));
    if (caller === undefined) throw new ProblemError('UNAUTHENTICATED', 'this key is not known');
    return caller;
  }

  async #read(): Promise<KeyNews> {
    const { state, text, trouble, exposure } = await readKeyText(this.file);
    this.#state = state;
    this.#content = text === undefined ? state : sha256Of(text);
    if (text === undefined) throw new KeyFileError(trouble ?? state);
    const entries = entriesIn(this.file, text);
    const before = this.#callers;
    const callers = new Map(entries.map((entry) => [entry.sha256, callerOf(entry, before.get(entry.sha256))]));
    this.#callers = callers;
    this.#exposure = exposure;
    const stayed = new Set([...callers.values()].map(({ key }) => key));
    const old = new Set([...before.values()].map(({ key }) => key));
    const revoked = [...old].filter((key) => !stayed.has(key));
    for (const key of revoked) key.revoke();
    const added = [...stayed].filter((key) => !old.has(key));
    return { keys: callers.size, added: added.map(({ id }) => id), revoked: revoked.map(({ id }) => id) };
  }
}

function callerOf({ sha256, actor, weight }: KeyEntry, before: Held | undefined): Held {
  if (before?.role === actor.role && before.participant === actor.participant) {
    before.key.weight = weight;
    return before;
  }
  return { ...actor, key: new LiveKey(keyId(sha256), weight) };
}
