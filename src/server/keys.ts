/**
 * API keys. A key is looked up by its SHA-256, so the file need not hold it, and the time a look-up takes tells nothing that
 * leads to a key.
 */
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Actor, type Caller, operator } from './access.js';
import { ProblemError } from './problem.js';

export interface Keyring {
  /** False: no keys are set, and whoever reaches the port is an operator. */
  readonly secured: boolean;
  /** Takes the values of the Authorization and Host headers. Throws ProblemError. */
  identify(authorization: string | undefined, host: string | undefined): Caller;
}

/** The key file cannot be used. The message names the entry, never a key. */
export class KeyFileError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'KeyFileError';
  }
}

/** Names of this machine, so that a page elsewhere cannot reach an open exchange by pointing its own name at 127.0.0.1. */
const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Nobody has a key: all share one, which is never taken back. */
const everybody: Caller = { ...operator, key: { id: 'open', weight: 1, revoked: new AbortController().signal } };

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

/** Of a key’s SHA-256. */
const ID_LETTERS = 12;

export class FileKeyring implements Keyring {
  readonly secured = true;
  readonly #file: string;
  #callers: ReadonlyMap<string, Caller>;

  private constructor(file: string, callers: ReadonlyMap<string, Caller>) {
    this.#file = file;
    this.#callers = callers;
  }

  /** Reads `{"keys":[{"key"|"sha256":…,"participant":…},{"key"|"sha256":…,"operator":true}]}`. Throws KeyFileError. */
  static async load(file: string): Promise<FileKeyring> {
    return new FileKeyring(file, await readKeys(file));
  }

  /** Reads the file again. Throws KeyFileError, and then the keys stay as they were. */
  async reload(): Promise<void> {
    this.#callers = await readKeys(this.#file);
  }

  get size(): number {
    return this.#callers.size;
  }

  identify(authorization: string | undefined): Caller {
    const key = authorization === undefined ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    if (key === undefined) throw new ProblemError('UNAUTHENTICATED', 'send the header Authorization: Bearer KEY');
    const caller = this.#callers.get(sha256(key));
    if (caller === undefined) throw new ProblemError('UNAUTHENTICATED', 'this key is not known');
    return caller;
  }
}

function sha256(text: string): string {
  return hash('sha256', text);
}

async function readKeys(file: string): Promise<ReadonlyMap<string, Caller>> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'it is not JSON' : String(cause);
    throw new KeyFileError(`cannot read the key file ${file}: ${why}`, { cause });
  }
  try {
    return new Map([...parseKeys(content)].map(([digest, actor]) => [digest, withKey(digest, actor)]));
  } catch (cause) {
    if (cause instanceof KeyFileError) throw new KeyFileError(`key file ${file}: ${cause.message}`, { cause });
    throw cause;
  }
}

function withKey(digest: string, actor: Actor): Caller {
  return { ...actor, key: { id: digest.slice(0, ID_LETTERS), weight: 1, revoked: new AbortController().signal } };
}

/** Takes the parsed content of a key file: callers by the SHA-256 of their key. Throws KeyFileError. */
export function parseKeys(content: unknown): ReadonlyMap<string, Actor> {
  if (!isRecord(content) || !Array.isArray(content.keys) || Object.keys(content).length !== 1) {
    throw new KeyFileError('it must be {"keys": […]}');
  }
  const callers = new Map<string, Actor>();
  for (const [index, entry] of content.keys.entries()) {
    const digest = digestOf(entry, index);
    if (callers.has(digest)) throw new KeyFileError(`entry ${index} repeats a key`);
    callers.set(digest, actorOf(entry, index));
  }
  return callers;
}

function digestOf(entry: unknown, index: number): string {
  const { key, sha256: digest } = isRecord(entry) ? entry : {};
  if ((key === undefined) === (digest === undefined)) throw new KeyFileError(`entry ${index} needs key or sha256`);
  if (digest === undefined) {
    if (typeof key !== 'string' || !/^[!-~]{8,}$/.test(key)) {
      throw new KeyFileError(`entry ${index}: a key is 8 or more printable ASCII characters without spaces`);
    }
    return sha256(key);
  }
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/i.test(digest)) {
    throw new KeyFileError(`entry ${index}: sha256 is 64 hexadecimal digits`);
  }
  return digest.toLowerCase();
}

function actorOf(entry: unknown, index: number): Actor {
  const { key: _key, sha256: _sha256, participant, operator: isOperator, ...rest } = isRecord(entry) ? entry : {};
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw new KeyFileError(`entry ${index}: there is no field ${JSON.stringify(unknown)}`);
  if (isOperator === true && participant === undefined) return operator;
  if (isOperator !== undefined && isOperator !== false) {
    throw new KeyFileError(`entry ${index} is for a participant or for an operator, not both`);
  }
  if (typeof participant !== 'string' || !/^[A-Za-z0-9._@-]{1,32}$/.test(participant)) {
    throw new KeyFileError(`entry ${index}: participant is 1 to 32 characters of A–Z a–z 0–9 . _ - @`);
  }
  return { operator: false, participant };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
