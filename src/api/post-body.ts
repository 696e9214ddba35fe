/**
 * The body of a post, checked by hand because every single one passes here: one pass over its fields, nothing allocated for a good
 * one. It checks names and kinds; what the values mean is for the exchange to judge. `postIntentionSchema` says the same for
 * people and tools, and a test holds the two together.
 */
import type { PostIntention } from '../exchange/commands.js';
import { type Actor, actingFor } from './access.js';
import { type Problem, problem } from './problem.js';

/** A post whose author may still be left to the caller’s key. */
type PostBody = Omit<PostIntention, 'participant'> & { participant?: string };

/** Takes the parsed JSON of a post. The command it returns is that very object, with `participant` filled in. */
export function readPost(body: unknown, caller: Actor): PostIntention | Problem {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return problem('INVALID_COMMAND', 'an intention is a JSON object');
  }
  // Any object can be read by key; own keys only matter, and `__proto__` from JSON is one like any other.
  const fields = body as Readonly<Record<string, unknown>>;
  for (const name in fields) {
    const wrong = wrongField(name, fields[name]);
    if (wrong !== undefined) return wrong;
  }
  const missing = missingField(fields);
  if (missing !== undefined) return problem('INVALID_COMMAND', `${missing} is missing`);
  return withParticipant(body as PostBody, caller); // every field was checked above
}

function wrongField(name: string, value: unknown): Problem | undefined {
  switch (name) {
    case 'clientIntentionId':
    case 'participant':
    case 'instrument':
    case 'expiresAt':
    case 'validUntil':
      return typeof value === 'string' ? undefined : problem('INVALID_COMMAND', `${name} must be a string`);
    case 'side':
      return value === 'buy' || value === 'sell' ? undefined : notOneOf(name, 'buy or sell');
    case 'price':
      return typeof value === 'string' ? undefined : notDecimal('INVALID_PRICE', name);
    case 'quantity':
      return typeof value === 'string' ? undefined : notDecimal('INVALID_QUANTITY', name);
    case 'timeInForce':
      return value === 'gtc' || value === 'ioc' || value === 'fok' || value === 'gtd'
        ? undefined
        : notOneOf(name, 'gtc, ioc, fok or gtd');
    case 'type':
      return value === 'limit' || value === 'market' ? undefined : notOneOf(name, 'limit or market');
    case 'postOnly':
      return typeof value === 'boolean' ? undefined : problem('INVALID_COMMAND', 'postOnly must be true or false');
    default:
      return unknownField(name);
  }
}

function missingField(fields: Readonly<Record<string, unknown>>): string | undefined {
  if (fields.clientIntentionId === undefined) return 'clientIntentionId';
  if (fields.instrument === undefined) return 'instrument';
  if (fields.side === undefined) return 'side';
  if (fields.quantity === undefined) return 'quantity';
  return undefined;
}

function withParticipant(body: PostBody, caller: Actor): PostIntention | Problem {
  const participant = actingFor(caller, body.participant);
  if (participant === undefined) return problem('INVALID_COMMAND', 'participant is missing');
  if (typeof participant !== 'string') return participant;
  body.participant = participant;
  return body as PostIntention; // participant was the only field that it could lack
}

function notOneOf(name: string, names: string): Problem {
  return problem('INVALID_COMMAND', `${name} must be ${names}`);
}

/** For a price or quantity that is not a string. */
export function notDecimal(code: 'INVALID_PRICE' | 'INVALID_QUANTITY', name: string): Problem {
  return problem(code, `${name} must be a decimal number in a string, such as "10.25"`);
}

const MAX_ECHOED_CHARACTERS = 64;

export function unknownField(name: string): Problem {
  return problem('INVALID_COMMAND', `there is no field ${quoted(name)}`);
}

/** What somebody sent, in quotes and cut short. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > MAX_ECHOED_CHARACTERS ? `${text.slice(0, MAX_ECHOED_CHARACTERS)}…` : text);
}
