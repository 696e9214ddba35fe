/**
 * Commands as they stand in lines of a stream, in a topic and in messages: one JSON object, `{"command": "withdraw", …}`. Where no
 * `command` is named it is a post, and so a line is what `POST /v1/intentions` takes.
 */
import type {
  PostIntention,
  ReduceIntention,
  ReplaceIntention,
  WithdrawAll,
  WithdrawIntention,
} from '../exchange/commands.js';
import type { SetSwitch } from '../exchange/risk-commands.js';
import { type Actor, actingFor } from './access.js';
import { notDecimal, readPost, unknownField } from './post-body.js';
import { type Problem, problem } from './problem.js';

/** A command about one intention. */
export type ChangeCommand =
  | { readonly verb: 'withdraw'; readonly command: WithdrawIntention }
  | { readonly verb: 'reduce'; readonly command: ReduceIntention }
  | { readonly verb: 'replace'; readonly command: ReplaceIntention };

/** What may be commanded, and on whose behalf: the participant is the caller's own where none was named. */
export type Command =
  | { readonly verb: 'post'; readonly command: PostIntention }
  | ChangeCommand
  | { readonly verb: 'withdrawAll'; readonly command: WithdrawAll }
  | { readonly verb: 'switch'; readonly command: SetSwitch };

type Fields = Readonly<Record<string, unknown>>;

interface Shape {
  /** Fields that are strings. */
  readonly texts: readonly string[];
  readonly flags?: readonly string[];
  /** Fields that are whole numbers. */
  readonly counts?: readonly string[];
  readonly needed?: readonly string[];
}

const about = ['id', 'clientIntentionId', 'instrument', 'participant', 'validUntil'] as const;

const shapes = {
  withdraw: { texts: about },
  reduce: { texts: [...about, 'by', 'clientCommandId'], needed: ['by'] },
  replace: { texts: [...about, 'price', 'quantity', 'clientCommandId'] },
  withdrawAll: { texts: ['instrument', 'side', 'participant', 'validUntil'], flags: ['all'] },
  switch: { texts: ['participant'], counts: ['withinMs'], needed: ['withinMs'] },
} as const satisfies Readonly<Record<string, Shape>>;

const codes: Readonly<Record<string, 'INVALID_PRICE' | 'INVALID_QUANTITY'>> = {
  price: 'INVALID_PRICE',
  quantity: 'INVALID_QUANTITY',
  by: 'INVALID_QUANTITY',
};

/**
 * Reads a command of any kind, or says why it is none. It checks names and kinds, and for whom the caller may act; what the values mean
 * is for the exchange to judge.
 */
export function readCommand(value: unknown, caller: Actor): Command | Problem {
  // Any object can be read by key; what is none is refused as a post.
  const fields = value as Fields | null | undefined;
  if (fields?.command === undefined || Array.isArray(value)) return posted(readPost(value, caller));
  const { command: verb, ...rest } = fields;
  switch (verb) {
    case 'post':
      return posted(readPost(rest, caller));
    case 'withdraw':
      return readChange('withdraw', rest, caller);
    case 'reduce':
      return readChange('reduce', rest, caller);
    case 'replace':
      return readChange('replace', rest, caller);
    case 'withdrawAll':
      return readWithdrawAll(rest, caller);
    case 'switch':
      return readSwitch(rest, caller);
    default:
      return problem('INVALID_COMMAND', 'command must be post, withdraw, reduce, replace, withdrawAll or switch');
  }
}

function posted(post: PostIntention | Problem): Command | Problem {
  return 'code' in post ? post : { verb: 'post', command: post };
}

function readChange(verb: ChangeCommand['verb'], fields: Fields, caller: Actor): ChangeCommand | Problem {
  const wrong = wrongIn(shapes[verb], fields);
  if (wrong !== undefined) return wrong;
  const { id, clientIntentionId, participant: asked } = fields as WithdrawIntention; // its fields were checked above
  if ((id === undefined) === (clientIntentionId === undefined)) {
    return problem('INVALID_COMMAND', 'give either id or clientIntentionId');
  }
  const participant = actingFor(caller, asked);
  if (typeof participant === 'object') return participant;
  if (id === undefined && participant === undefined) return problem('INVALID_COMMAND', NOBODY);
  if (verb === 'replace' && fields.price === undefined && fields.quantity === undefined) {
    return problem('INVALID_COMMAND', 'give price, quantity or both');
  }
  return { verb, command: Object.assign({}, fields, { participant }) } as ChangeCommand; // its fields are those of its verb
}

/** Said of a client's id without a participant. */
export const NOBODY =
  'participant is missing: a client’s id is one participant’s, and an operator or auditor names whose';

function readWithdrawAll(fields: Fields, caller: Actor): Command | Problem {
  const wrong = wrongIn(shapes.withdrawAll, fields);
  return wrong ?? withdrawAllOf(fields, caller); // its fields were checked above
}

interface WithdrawAllFields extends WithdrawAll {
  readonly all?: boolean | undefined;
}

/** Which are to be withdrawn. Nothing is chosen by accident: all of them are only where that is said. */
export function withdrawAllOf({ all, ...command }: WithdrawAllFields, caller: Actor): Command | Problem {
  const { instrument, side } = command;
  if (side !== undefined && !['buy', 'sell'].includes(side)) {
    return problem('INVALID_COMMAND', 'side must be buy or sell');
  }
  if (instrument === undefined && side === undefined && all !== true) {
    return problem('INVALID_COMMAND', 'give instrument, side, or all=true');
  }
  const participant = actingFor(caller, command.participant);
  if (typeof participant === 'object') return participant;
  return { verb: 'withdrawAll', command: Object.assign({}, command, { participant }) };
}

function readSwitch(fields: Fields, caller: Actor): Command | Problem {
  const wrong = wrongIn(shapes.switch, fields);
  if (wrong !== undefined) return wrong;
  const { withinMs, participant: asked } = fields as unknown as Partial<SetSwitch> & Pick<SetSwitch, 'withinMs'>; // just checked
  const participant = whoseSwitch(caller, asked);
  return typeof participant === 'object' ? participant : { verb: 'switch', command: { participant, withinMs } };
}

/** Whose switch is meant: the caller's own unless one who acts for others names somebody. */
export function whoseSwitch(caller: Actor, asked: string | undefined): string | Problem {
  return actingFor(caller, asked) ?? problem('INVALID_COMMAND', 'participant is missing: say whose switch');
}

function wrongIn({ texts, flags = [], counts = [], needed = [] }: Shape, fields: Fields): Problem | undefined {
  for (const [name, value] of Object.entries(fields)) {
    const code = codes[name];
    if (texts.includes(name)) {
      if (typeof value === 'string') continue;
      return code === undefined ? problem('INVALID_COMMAND', `${name} must be a string`) : notDecimal(code, name);
    }
    if (counts.includes(name)) {
      if (Number.isSafeInteger(value)) continue;
      return problem('INVALID_COMMAND', `${name} must be a whole number`);
    }
    if (!flags.includes(name)) return unknownField(name);
    if (typeof value !== 'boolean') return problem('INVALID_COMMAND', `${name} must be true or false`);
  }
  const missing = needed.find((name) => !Object.hasOwn(fields, name));
  return missing === undefined ? undefined : problem('INVALID_COMMAND', `${missing} is missing`);
}
