/** The file of API keys, as it is written: `{"keys": [{"sha256": "…", "role": "participant", "participant": "alice"}, …]}`. */
import { isParticipant } from '../../exchange/posts/parse-post.js';
import { hash, type KeyObject } from 'node:crypto';
import type { Rate } from '../limits/rate-limits.js';
import { digestOfPublicKey, readPublicKey, isWeak } from './public-key.js';
import { type Actor, auditor, marketData, operator, participantNamed, type Role, roles } from '../../api/access.js';

/** A key as the file tells of it. */
export interface KeyEntry {
  /** Of the key, or of the 32 bytes of a public key, in small hexadecimal digits. */
  readonly sha256: string;
  /** Of an entry whose requests are signed; the others send their key. */
  readonly publicKey: KeyObject | undefined;
  readonly actor: Actor;
  /** A label, which may be logged and listed. */
  readonly name: string | undefined;
  /** Its share of everything beside other keys: 1 to 100. */
  readonly weight: number;
  /** How many requests it may make; undefined: as many as the server lets every key make. */
  readonly rate: Rate | undefined;
  /** When it was made, where that was noted. */
  readonly since: string | undefined;
}

/** The key file cannot be used. The message names line, column and entry, and never shows anything of what stands there. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

export const MAX_WEIGHT = 100;
/** Of a key’s SHA-256. */
const ID_DIGITS = 12;

/** What tells a key apart without leading to it. */
export function keyId(sha256: string): string {
  return sha256.slice(0, ID_DIGITS);
}

export function sha256Of(key: string): string {
  return hash('sha256', key);
}

/**
 * Takes the parsed content of a key file. `where` names an entry in what is thrown: where it stands in the file, if that is known. Throws
 * KeyFileError.
 */
export function parseKeys(
  content: unknown,
  where: (entry: number) => string = (entry) => `entry ${entry}`,
): readonly KeyEntry[] {
  if (!isRecord(content) || !Array.isArray(content.keys) || Object.keys(content).length !== 1) {
    throw new KeyFileError('it must be {"keys": […]}');
  }
  const known = new Set<string>();
  return content.keys.map((value: unknown, index) => {
    const entry = parseEntry(isRecord(value) ? value : {}, where(index));
    // A signature names its key by the id, so no two may share one.
    const name = entry.publicKey === undefined ? entry.sha256 : keyId(entry.sha256);
    if (known.has(name)) throw new KeyFileError(`${where(index)} repeats a key`);
    known.add(name);
    return entry;
  });
}

/** What an entry may say. */
export const keyFields: Readonly<Record<string, string>> = {
  sha256: 'of the key, 64 hexadecimal digits; `parley keys add` writes this',
  key: 'instead of it the key itself, 8 or more printable ASCII characters without spaces',
  publicKey: 'instead of it an Ed25519 public key, whose owner signs requests: PEM, or base64 of its 32 bytes',
  role: `what it is good for: ${roles.join(', ')}; participant unless given`,
  participant: 'for whom a key of the role participant acts, and only such a one',
  operator: 'the older way to say so: true means the role operator',
  name: 'a label, which may be logged and listed',
  weight: `its share of everything beside other keys, 1 to ${MAX_WEIGHT}; 1 unless given`,
  rate: 'how many requests a second it may make; as `parley serve --rate` says unless given',
  burst: 'with `rate`: how many at once, after a rest; as many as come in a second unless given',
  since: 'when it was made',
};
const fields = Object.keys(keyFields);

function parseEntry(entry: Readonly<Record<string, unknown>>, where: string): KeyEntry {
  // The name is not shown: it may be a key that has slipped out of its place.
  if (Object.keys(entry).some((name) => !fields.includes(name))) {
    throw new KeyFileError(`${where} has a field that there is not; there are ${fields.join(', ')}`);
  }
  return {
    ...secretOf(entry, where),
    actor: actorOf(entry, where),
    name: checked(entry.name, isName, `${where}: name is ${NAME_RULE}`),
    weight: checked(entry.weight, isWeight, `${where}: weight is a whole number from 1 to ${MAX_WEIGHT}`) ?? 1,
    rate: rateOf(entry, where),
    since: checked(entry.since, isTime, `${where}: since is a time such as 2030-01-31T12:00:00Z`),
  };
}

/** What tells its owner from others. */
function secretOf(entry: Readonly<Record<string, unknown>>, where: string): Pick<KeyEntry, 'sha256' | 'publicKey'> {
  const { key, sha256, publicKey } = entry;
  if ([key, sha256, publicKey].filter((each) => each !== undefined).length !== 1) {
    throw new KeyFileError(`${where} needs one of sha256, key and publicKey`);
  }
  if (publicKey === undefined) return { sha256: digestOf(entry, where), publicKey: undefined };
  const read = typeof publicKey === 'string' ? readPublicKey(publicKey) : undefined;
  if (read === undefined) throw new KeyFileError(`${where}: publicKey is ${PUBLIC_KEY_RULE}`);
  if (isWeak(read)) throw new KeyFileError(`${where}: publicKey is ${WEAK_KEY}`);
  return { sha256: digestOfPublicKey(read), publicKey: read };
}

export const PUBLIC_KEY_RULE = 'an Ed25519 public key, as PEM or as base64 of its 32 bytes';
export const WEAK_KEY = 'a weak one, for which anybody can make up signatures; `parley keys pair` makes a good one';

function digestOf({ key, sha256 }: Readonly<Record<string, unknown>>, where: string): string {
  if (sha256 === undefined) {
    if (typeof key !== 'string' || !/^[!-~]{8,}$/.test(key)) {
      throw new KeyFileError(`${where}: a key is 8 or more printable ASCII characters without spaces`);
    }
    return sha256Of(key);
  }
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new KeyFileError(`${where}: sha256 is 64 hexadecimal digits`);
  }
  return sha256.toLowerCase();
}

function rateOf({ rate, burst }: Readonly<Record<string, unknown>>, where: string): Rate | undefined {
  const perSecond = checked(rate, isCount, `${where}: rate is ${COUNT_RULE}`);
  const atOnce = checked(burst, isCount, `${where}: burst is ${COUNT_RULE}`);
  if (perSecond === undefined && atOnce !== undefined) throw new KeyFileError(`${where} has a burst without a rate`);
  return perSecond === undefined ? undefined : { perSecond, burst: atOnce };
}

function actorOf({ role, participant, operator: isOperator }: Readonly<Record<string, unknown>>, where: string): Actor {
  if (isOperator !== undefined && typeof isOperator !== 'boolean') {
    throw new KeyFileError(`${where}: operator is true or false`);
  }
  const given = role ?? (isOperator === true ? 'operator' : 'participant');
  if (!isRole(given)) throw new KeyFileError(`${where}: role is one of ${roles.join(', ')}`);
  if (isOperator === true && given !== 'operator') {
    throw new KeyFileError(`${where} is for an operator or for another, not both`);
  }
  if (given !== 'participant') {
    if (participant !== undefined) throw new KeyFileError(`${where}: only the role participant has a participant`);
    return { operator, auditor, 'market-data': marketData }[given];
  }
  if (!isParticipant(participant)) throw new KeyFileError(`${where}: participant is ${PARTICIPANT_RULE}`);
  return participantNamed(participant);
}

export const PARTICIPANT_RULE = '1 to 32 characters of A–Z a–z 0–9 . _ - @';

export const NAME_RULE = '1 to 64 characters of A–Z a–z 0–9 . _ - @ and, within it, spaces';

export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 64 && /^[A-Za-z0-9._@-]+(?: +[A-Za-z0-9._@-]+)*$/.test(value);
}

function isRole(value: unknown): value is Role {
  return roles.some((role) => role === value);
}

function isWeight(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_WEIGHT;
}

const MAX_COUNT = 1_000_000_000;
const COUNT_RULE = `a whole number from 1 to ${MAX_COUNT}`;

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_COUNT;
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value));
}

function checked<Value>(value: unknown, is: (value: unknown) => value is Value, says: string): Value | undefined {
  if (value === undefined || is(value)) return value;
  throw new KeyFileError(says);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
