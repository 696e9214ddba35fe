import { type PostIntention, refuse, type Refusal } from '../exchange/commands.js';
import type { ReduceIntention, ReplaceIntention, WithdrawIntention } from '../exchange/commands.js';
import { operator } from '../api/access.js';
import { readPost } from '../api/post-body.js';
import { problem } from '../api/problem.js';
import { readJson } from '../api/read-json.js';

/** What a command from a topic may ask for. */
export type IntakeCommand =
  | { readonly verb: 'post'; readonly command: PostIntention }
  | { readonly verb: 'withdraw'; readonly command: WithdrawIntention }
  | { readonly verb: 'reduce'; readonly command: ReduceIntention }
  | { readonly verb: 'replace'; readonly command: ReplaceIntention };

/** As much as the body of a request. What is sent on must still fit into a record, and no command needs so much. */
const MOST_BYTES = 65_536;

/** The fields of each verb but a post, all of them strings and all of them needed but `participant`. */
const fieldsOf = {
  withdraw: ['id'],
  reduce: ['id', 'by'],
  replace: ['id', 'price', 'quantity'],
} as const;

/**
 * Reads a command: the JSON of a `POST /v1/intentions`, with `"command": "post"` or without it, or `withdraw`, `reduce` or `replace`
 * with their fields. Or says why it is none.
 */
export function readCommand(value: Uint8Array): IntakeCommand | Refusal {
  if (value.length > MOST_BYTES) return refuse('INVALID_COMMAND', 'a command is 64 KiB at most');
  const read = readText(value);
  if ('code' in read) return refuse('INVALID_COMMAND', read.detail);
  const parsed = read.value;
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return refuse('INVALID_COMMAND', 'a command is a JSON object');
  }
  const { command: verb = 'post', ...fields } = parsed as Readonly<Record<string, unknown>>; // any object can be read by key
  switch (verb) {
    case 'post':
      return readPosted(fields);
    case 'withdraw':
    case 'reduce':
    case 'replace':
      return readChange(verb, fields);
    default:
      return refuse('INVALID_COMMAND', 'command is post, withdraw, reduce or replace');
  }
}

function readText(value: Uint8Array): ReturnType<typeof readJson> {
  let text: string;
  try {
    // A byte order mark is for readJson to refuse, not for the decoder to drop.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return problem('MALFORMED_JSON', 'it is not UTF-8');
  }
  return readJson(text, 'it');
}

function readPosted(fields: object): IntakeCommand | Refusal {
  // A producer that may write to the topic may act for everybody: the brokers' access rules say which may.
  const post = readPost(fields, operator);
  return 'code' in post ? refuse('INVALID_COMMAND', post.detail) : { verb: 'post', command: post };
}

function readChange(verb: keyof typeof fieldsOf, fields: Readonly<Record<string, unknown>>): IntakeCommand | Refusal {
  const needed: readonly string[] = fieldsOf[verb];
  for (const [name, value] of Object.entries(fields)) {
    if (!needed.includes(name) && name !== 'participant') return refuse('INVALID_COMMAND', `there is no field ${name}`);
    if (typeof value !== 'string') return refuse('INVALID_COMMAND', `${name} must be a string`);
  }
  const missing = needed.find((name) => !Object.hasOwn(fields, name));
  if (missing !== undefined) return refuse('INVALID_COMMAND', `${missing} is missing`);
  return { verb, command: fields } as unknown as IntakeCommand; // its fields were checked above, one by one
}
