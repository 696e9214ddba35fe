/** JSON schemas of what goes in and out: what the checks, the serialisers and the OpenAPI document are made from. */
import type { FieldSchema, RecordSchema } from './record-schema.js';
import {
  price,
  quantity,
  newPrice,
  newQuantity,
  signed,
  position,
  count,
  side,
  pricing,
  phase,
  status,
  symbol,
  participant,
  id,
  instant,
  clientIntentionId,
  timeInForce,
  priceRule,
  selfTrade,
  confirmed,
  aborted,
  abortReason,
  closedReason,
  flag,
  expiresAt,
  record,
  view,
  object,
  arrayOf,
} from './fields.js';

export const postIntentionSchema: RecordSchema = {
  ...record(
    {
      clientIntentionId,
      participant: { ...participant, description: 'The key’s own where it is left out; an operator names one.' },
      instrument: symbol,
      side,
      type: pricing,
      price: { ...newPrice, description: 'The limit, as a decimal string. A market intention has none.' },
      quantity: newQuantity,
      timeInForce,
      expiresAt,
      postOnly: { ...flag, description: 'Refused if it would deal at once.' },
    },
    ['clientIntentionId', 'instrument', 'side', 'quantity'],
  ),
  examples: [
    { clientIntentionId: 'a-1', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100' },
    { clientIntentionId: 'a-2', instrument: 'ACME', side: 'sell', type: 'market', quantity: '5', timeInForce: 'ioc' },
  ],
};

export const changeIntentionSchema = {
  ...record(
    { reduceBy: newQuantity, price: newPrice, quantity: newQuantity },
    [],
    'Either `reduceBy`, which keeps its place, or `price` and `quantity` (what is left to deal from now on), which loses it.',
  ),
  oneOf: [
    { required: ['reduceBy'], properties: { price: false, quantity: false } },
    { required: ['price', 'quantity'], properties: { reduceBy: false } },
  ],
} as const;

export const listInstrumentSchema = record(
  { tickSize: newPrice, lotSize: newQuantity, minPrice: newPrice, maxPrice: newPrice, priceRule, selfTrade },
  ['tickSize', 'lotSize'],
);

export const changePhaseSchema = record({ phase }, ['phase']);

const terms = { clientIntentionId, participant, instrument: symbol, side, type: pricing, price, quantity, timeInForce };

const place: FieldSchema = {
  ...position,
  description: 'Position in the log; where there are several shards, with 2^44 added for each shard before its own.',
};

const instrument = {
  ...{ symbol, tickSize: price, lotSize: quantity, minPrice: price, maxPrice: price, priceRule, selfTrade, phase },
};

/** Schemas that have a name in the OpenAPI document. */
export const views = {
  IntentionAcknowledged: view({ id, ...terms, expiresAt, postOnly: flag, position }, ['price', 'expiresAt']),
  Intention: view(
    {
      ...{ id, ...terms, expiresAt, postOnly: flag, status },
      ...{ open: quantity, reserved: quantity, filled: quantity, postedAt: instant, postedPosition: position },
      ...{ postedPrice: price, postedQuantity: quantity, closedReason, closedAt: instant, closedPosition: position },
    },
    ['price', 'expiresAt', 'postedPrice', 'closedReason', 'closedAt', 'closedPosition'],
  ),
  IntentionChanged: view({ id, status, open: quantity, filled: quantity, position }),
  Instrument: view(instrument),
  AuctionResult: view({ instrument: symbol, price, volume: quantity, deals: count, position }, ['price']),
  Level: view({ price, quantity, intentions: count }),
  Deal: view({
    ...{ id, outcome: confirmed, position: place, at: instant, instrument: symbol, price, quantity },
    ...{ buyer: participant, seller: participant, buyerIntention: id, sellerIntention: id, takerSide: side },
  }),
  AbortedDeal: view({
    ...{ id, outcome: aborted, position: place, at: instant, reason: abortReason },
    ...{ initiatorIntention: id, responderIntention: id },
  }),
  Position: view({ participant, instrument: symbol, bought: quantity, sold: quantity, net: signed, cash: signed }),
} as const;

const asOf: FieldSchema = { ...position, description: 'It holds all events before this log position.' };

const asOfEach = {
  type: 'object',
  additionalProperties: position,
  description:
    'Instead of `position`, where there are several shards: the same for each that was asked, by its number.',
};

/** A list of named views, with the position up to which it holds everything. */
export function listOf(name: string, viewName: keyof typeof views): object {
  const items = { $ref: `${viewName}#` };
  return object({ [name]: arrayOf(items), position: asOf, positionByShard: asOfEach }, [name]);
}

const stopped: Readonly<Record<string, FieldSchema>> = {
  state: {
    type: 'string',
    enum: ['stopped'],
    description: 'Only where a shard has stopped: this is what is durable of it, as the projections have it.',
  },
  reason: { type: 'string', description: 'Why it has stopped.' },
};

/** An instrument; of a shard that has stopped, with what the projections know of that. */
export const instrumentSchema = view({ ...instrument, position: asOf, ...stopped }, ['position', 'state', 'reason']);

const next = { ...symbol, description: 'Only where more are listed: go on with it as `after`.' };

export const instrumentsSchema = object(
  { instruments: arrayOf({ $ref: 'Instrument#' }), position: asOf, positionByShard: asOfEach, next, ...stopped },
  ['instruments'],
);

const levels = arrayOf({ $ref: 'Level#' }, 'Best first.');

const ofShard: FieldSchema = {
  ...count,
  description: 'Only where there are several shards: the one that lists it, in whose log the position is.',
};

export const bookSchema = object(
  { instrument: symbol, phase, position: asOf, bids: levels, asks: levels, shard: ofShard, ...stopped },
  [...['instrument', 'phase', 'position', 'bids', 'asks']],
);

const text: FieldSchema = { type: 'string' };
const memberState: FieldSchema = { type: 'string', enum: ['joining', 'serving', 'leaving', 'gone'] };
const shardState: FieldSchema = { type: 'string', enum: ['unowned', 'opening', 'serving', 'stopped'] };
const millisAgo: FieldSchema = { type: 'integer', minimum: 0, description: 'Milliseconds since it was heard of.' };

const memberSchema = view({
  ...{ member: text, url: text, state: memberState, since: instant, seenMsAgo: millisAgo },
  shards: { ...count, description: 'How many it holds.' },
});
const whyNot: FieldSchema = { ...text, description: 'Why it does not serve, or did not when it was last tried.' };
const heldSchema = view(
  { shard: count, state: shardState, owner: text, epoch: count, since: instant, position, reason: whyNot },
  ['owner', 'epoch', 'since', 'position', 'reason'],
);
const refusals = arrayOf(
  view({ member: text, reason: text }),
  'Who will not open it before being started again, and why; another may serve it all the same.',
);
const shardSchema = { ...heldSchema, properties: { ...heldSchema.properties, refusals } };

export const clusterSchema = object({
  self: { ...text, description: 'Which member answers.' },
  members: arrayOf(memberSchema),
  shards: arrayOf(shardSchema),
});

/** Bodies that are lines of JSON, or events, can only be described. */
export const postStreamSchema = {
  type: 'string',
  description: 'One PostIntention a line, 64 KiB at most each. Blank lines count, and are not answered.',
};
export const answerStreamSchema = {
  type: 'string',
  description:
    'One line for each line, in order: {"line":1,"status":201,…IntentionAcknowledged} or {"line":2,"status":422,"code":…,"detail":…}.',
};
export const eventStreamSchema = {
  type: 'string',
  description:
    'Server-sent events: `id` is the log position, `event` its type, `data` the event as JSON with its position and stream. An `event: error` ' +
    'has problem details as its data, and is the last one.',
};
