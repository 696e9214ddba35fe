/** The fields that the schemas of requests and answers share. */
import type { FieldSchema, RecordSchema } from './record-schema.js';

const decimal = '^(0|[1-9][0-9]*)(\\.[0-9]+)?$';
const newDecimal = '^(?!0(\\.0+)?$)(0|[1-9][0-9]{0,15})(\\.[0-9]{1,12})?$';
const signedDecimal = '^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$';

export const price: FieldSchema = {
  type: 'string',
  pattern: decimal,
  description: 'Decimal string.',
  examples: ['10.25'],
};
export const quantity: FieldSchema = { ...price, examples: ['100'] };
/** As they are given to the exchange, which wants them above zero. */
export const newPrice: FieldSchema = { ...price, pattern: newDecimal };
export const newQuantity: FieldSchema = { ...quantity, pattern: newDecimal };
export const signed: FieldSchema = { type: 'string', pattern: signedDecimal, description: 'Signed decimal string.' };
export const position: FieldSchema = { type: 'integer', minimum: 0, description: 'Position in the log.' };
export const count: FieldSchema = { type: 'integer', minimum: 0 };
export const place: FieldSchema = {
  ...position,
  description: 'Position in the log; where there are several shards, with 2^44 added for each shard before its own.',
};
/** Of answers that hold everything up to somewhere. */
export const asOf: FieldSchema = { ...position, description: 'It holds all events before this log position.' };
export const asOfEach = {
  type: 'object',
  additionalProperties: position,
  description:
    'Instead of `position`, where there are several shards: the same for each that was asked, by its number.',
};
export const ofShard: FieldSchema = {
  ...count,
  description: 'Only where there are several shards: the one that lists the instrument, in whose log the position is.',
};
export const side: FieldSchema = { type: 'string', enum: ['buy', 'sell'] };
export const pricing: FieldSchema = { type: 'string', enum: ['limit', 'market'], default: 'limit' };
export const phase: FieldSchema = {
  type: 'string',
  enum: ['continuous', 'call'],
  description: 'continuous: intentions deal as they arrive. call: they are collected for an auction.',
};
export const status: FieldSchema = { type: 'string', enum: ['open', 'filled', 'withdrawn', 'expired'] };
export const symbol: FieldSchema = { type: 'string', pattern: '^[A-Za-z0-9._-]{1,32}$', examples: ['ACME'] };
/** Of a page of instruments. */
export const nextListed: FieldSchema = {
  ...symbol,
  description: 'Only where more are listed: go on with it as `after`.',
};
/** Of a page of limits: PARTICIPANT/INSTRUMENT, or PARTICIPANT/ of those for every instrument. */
export const limitsAfter: FieldSchema = { type: 'string', pattern: '^[A-Za-z0-9._@-]{1,32}/[A-Za-z0-9._-]{0,32}$' };
export const participant: FieldSchema = { type: 'string', pattern: '^[A-Za-z0-9._@-]{1,32}$', examples: ['alice'] };
export const id: FieldSchema = { type: 'string', minLength: 1, maxLength: 64 };
export const instant: FieldSchema = { type: 'string', format: 'date-time' };
export const clientIntentionId: FieldSchema = {
  type: 'string',
  pattern: '^[!-~]{1,64}$',
  description:
    'Your own id for it: posted twice with the same content, it is one intention, and both answers are equal.',
  examples: ['a-1'],
};
export const clientCommandId: FieldSchema = {
  type: 'string',
  pattern: '^[!-~]{1,64}$',
  description:
    'Your own id for the command: sent again while the intention is open, it is done once. The last 16 of an intention are known.',
  examples: ['c-1'],
};
export const timeInForce: FieldSchema = {
  type: 'string',
  enum: ['gtc', 'ioc', 'fok', 'gtd'],
  description:
    'gtc: until withdrawn. ioc: deals at once, the rest is withdrawn. fok: all at once or nothing. gtd: until expiresAt. ' +
    'Unless given, gtc for a limit intention and ioc for a market one, which is ioc or fok.',
};
export const priceRule: FieldSchema = {
  type: 'string',
  enum: ['standing', 'seller', 'midpoint'],
  default: 'standing',
  description: 'Whose price a deal is made at.',
};
export const selfTrade: FieldSchema = {
  type: 'string',
  enum: ['allow', 'refuseArriving', 'withdrawStanding'],
  default: 'allow',
  description: 'When an arriving intention meets a standing one of the same participant.',
};

export const counterparties: FieldSchema = {
  type: 'string',
  enum: ['shown', 'hidden'],
  default: 'shown',
  description: 'Whether the parties of a deal are told of each other. Operators and auditors always are.',
};

export const interval: FieldSchema = {
  type: 'string',
  enum: ['1m', '5m', '15m', '1h', '1d'],
  description: 'From one whole minute, five minutes, … of UTC to the next.',
};

export const confirmed: FieldSchema = { type: 'string', enum: ['confirmed'] };
export const aborted: FieldSchema = { type: 'string', enum: ['aborted'] };
export const abortReason: FieldSchema = {
  type: 'string',
  enum: ['declined', 'initiatorDeadline', 'responderDeadline', 'parked', 'recovery'],
};
export const closedReason: FieldSchema = {
  type: 'string',
  enum: [
    ...['requested', 'immediateOrCancel', 'fillOrKill', 'marketRemainder', 'selfTrade', 'parked'],
    ...['switchLapsed', 'halted', 'disconnected'],
  ],
  description: 'Why it was withdrawn.',
};

export const flag: FieldSchema = { type: 'boolean', default: false };
export const validUntil: FieldSchema = {
  ...instant,
  description: 'Taken later than that, it is refused as TOO_LATE, and nothing is done: RFC 3339.',
};
export const expiresAt: FieldSchema = { ...instant, description: 'For gtd, and only then: RFC 3339, in the future.' };

/** Which moment a read is of; now, unless one of the two is given. */
export const moment = {
  at: {
    ...position,
    description:
      'As of the moment before this position. With several shards, where the answer is of one of them; else give `atTime`.',
  },
  atTime: { ...instant, description: 'As of this time by the log’s own clock: after all that had happened by then.' },
} as const satisfies Readonly<Record<string, FieldSchema>>;

type Fields = RecordSchema['properties'];

/** A record that takes no other fields. */
export function record(properties: Fields, required: readonly string[], description?: string): RecordSchema {
  const says = description === undefined ? {} : { description };
  return { type: 'object', additionalProperties: false, required, properties, ...says };
}

/** A record of which every field is there, except the optional ones. */
export function view(properties: Fields, optional: readonly string[] = []): RecordSchema {
  return record(
    properties,
    Object.keys(properties).filter((name) => !optional.includes(name)),
  );
}

/** An object of which the fields are any schemas, and which has no others. */
export function object(properties: Readonly<Record<string, object>>, required = Object.keys(properties)): object {
  return { type: 'object', additionalProperties: false, required, properties };
}

export function arrayOf(items: object, description?: string): object {
  return { type: 'array', items, ...(description === undefined ? {} : { description }) };
}
