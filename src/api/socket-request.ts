/** What a program sends on a WebSocket: one JSON object a message, with an `id` and one thing that it asks for. */
import { quoted } from './post-body.js';
import { type Problem, problem } from './problem.js';
import { readJson } from './read-json.js';

/** What the answer is matched by: chosen by the program. */
export type RequestId = string | number;

export const requestVerbs = [
  'command',
  'subscribe',
  'unsubscribe',
  'authenticate',
  'withdrawOnDisconnect',
  'ping',
] as const;

export type RequestVerb = (typeof requestVerbs)[number];

export interface SocketRequest {
  readonly id: RequestId;
  readonly verb: RequestVerb;
  /** What it says of it, not looked at yet. */
  readonly given: unknown;
}

/** What is none; `id` where one could be read. */
export interface BadSocketRequest {
  readonly id: RequestId | null;
  readonly problem: Problem;
}

/** The longest id that is a string, in characters. */
export const MOST_ID_CHARACTERS = 64;

const verbs: ReadonlySet<string> = new Set(requestVerbs);

export function readSocketRequest(text: string): SocketRequest | BadSocketRequest {
  const read = readJson(text, 'the message');
  if ('code' in read) return { id: null, problem: read };
  const { value } = read;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return bad(null, 'a message is a JSON object');
  const fields = value as Readonly<Record<string, unknown>>; // any object can be read by key
  const id = Object.hasOwn(fields, 'id') ? idOf(fields.id) : null;
  if (id === null) return bad(null, `id is a whole number, or a string of at most ${MOST_ID_CHARACTERS} characters`);
  let verb: string | undefined;
  for (const name in fields) {
    if (name === 'id') continue;
    if (!verbs.has(name)) return bad(id, `there is no field ${quoted(name)}`);
    if (verb !== undefined) return bad(id, `a message has one of ${verb} and ${name}`);
    verb = name;
  }
  if (verb === undefined) return bad(id, `a message has one of ${requestVerbs.join(', ')}`);
  return { id, verb: verb as RequestVerb, given: fields[verb] }; // one of the set
}

function idOf(value: unknown): RequestId | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  return typeof value === 'string' && value.length <= MOST_ID_CHARACTERS ? value : null;
}

function bad(id: RequestId | null, detail: string): BadSocketRequest {
  return { id, problem: problem('INVALID_COMMAND', detail) };
}
