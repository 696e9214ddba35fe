/** JSON schemas of what goes in and out: what the checks, the serialisers and the OpenAPI document are made from. */
import { checksum, marketViews } from './market-schemas.js';
import { ownViews } from './own-schemas.js';
import type { FieldSchema, RecordSchema } from './record-schema.js';
import { riskViews } from './risk-schemas.js';
import {
  price,
  quantity,
  newPrice,
  newQuantity,
  signed,
  position,
  count,
  place,
  asOf,
  asOfEach,
  ofShard,
  nextListed,
  side,
  pricing,
  phase,
  status,
  symbol,
  participant,
  id,
  instant,
  clientCommandId,
  clientIntentionId,
  timeInForce,
  priceRule,
  selfTrade,
  counterparties,
  confirmed,
  aborted,
  abortReason,
  closedReason,
  flag,
  expiresAt,
  validUntil,
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
      validUntil: {
        ...validUntil,
        description: `${validUntil.description ?? ''} One that was taken in time is answered as it was. No part of its content.`,
      },
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
    { reduceBy: newQuantity, price: newPrice, quantity: newQuantity, clientCommandId, validUntil },
    [],
    'Either `reduceBy`, which keeps its place; or `price`, which loses it; or `quantity` (what is left to deal from now on); or both. A ' +
      'quantity alone that is smaller keeps its place, a larger one loses it, and one that is equal changes nothing.',
  ),
  // Said by what is not so: programs that make clients from the document pass over that, and take the fields.
  not: {
    anyOf: [
      { required: ['reduceBy', 'price'] },
      { required: ['reduceBy', 'quantity'] },
      { allOf: ['reduceBy', 'price', 'quantity'].map((name) => ({ not: { required: [name] } })) },
    ],
  },
} as const;

export const listInstrumentSchema = record(
  {
    ...{ tickSize: newPrice, lotSize: newQuantity, minPrice: newPrice, maxPrice: newPrice },
    ...{ priceRule, selfTrade, counterparties },
  },
  ['tickSize', 'lotSize'],
);

export const changePhaseSchema = record({ phase }, ['phase']);

const terms = { clientIntentionId, participant, instrument: symbol, side, type: pricing, price, quantity, timeInForce };

const ofDeal: FieldSchema = { ...count, description: 'Only where there are several shards: the one that decided it.' };

const instrument = {
  ...{ symbol, tickSize: price, lotSize: quantity, minPrice: price, maxPrice: price },
  ...{ priceRule, selfTrade, counterparties, phase },
};

const statusThen: FieldSchema = { ...status, description: 'As of the end of its own turn, like all that follows.' };
const averagePrice: FieldSchema = {
  ...price,
  description:
    'Of all that it dealt; absent where that is nothing. Rounded half up to six decimals more than prices have, without zeros at the end.',
};
const dealtAtOnce = view({ id, price, quantity, position });
const withdrawnIntention = view({ id, clientIntentionId, filled: quantity }, ['clientIntentionId']);
const doneBefore: FieldSchema = { ...position, description: 'All that was done stands before this log position.' };

/** Schemas that have a name in the OpenAPI document. */
export const views = {
  IntentionAcknowledged: object(
    {
      ...{ id, ...terms, expiresAt, postOnly: flag, position },
      ...{ status: statusThen, filled: quantity, open: quantity, averagePrice, closedReason },
      deals: arrayOf(dealtAtOnce, 'What it dealt as it arrived, in the order of the log: the first 1,000.'),
      dealsLeftOut: { ...count, description: 'How many deals more there were.' },
    },
    [
      ...(['id', 'clientIntentionId', 'participant', 'instrument', 'side', 'type', 'quantity', 'timeInForce'] as const),
      ...(['postOnly', 'position', 'status', 'filled', 'open', 'deals'] as const),
    ],
  ),
  Intention: view(
    {
      ...{ id, ...terms, expiresAt, postOnly: flag, status },
      ...{ open: quantity, reserved: quantity, filled: quantity, postedAt: instant, postedPosition: position },
      ...{ postedPrice: price, postedQuantity: quantity, closedReason, closedAt: instant, closedPosition: position },
    },
    ['price', 'expiresAt', 'postedPrice', 'closedReason', 'closedAt', 'closedPosition'],
  ),
  IntentionChanged: view({ id, status, open: quantity, filled: quantity, closedReason, position }, ['closedReason']),
  IntentionsWithdrawn: object(
    {
      withdrawn: { ...count, description: 'How many.' },
      intentions: arrayOf(withdrawnIntention, 'The first 1,000 of them.'),
      leftOut: { ...count, description: 'How many more there were.' },
      ...{ position: doneBefore, positionByShard: asOfEach },
    },
    ['withdrawn', 'intentions'],
  ),
  Instrument: view(instrument),
  AuctionResult: view({ instrument: symbol, price, volume: quantity, deals: count, position }, ['price']),
  Level: view({ price, quantity, intentions: count }),
  Deal: view(
    {
      ...{ id, outcome: confirmed, position: place, at: instant, instrument: symbol, price, quantity, takerSide: side },
      ...{ buyer: participant, seller: participant, buyerIntention: id, sellerIntention: id },
      shard: ofDeal,
    },
    // Of the other side, where the instrument hides counterparties.
    ['buyer', 'seller', 'buyerIntention', 'sellerIntention', 'shard'],
  ),
  AbortedDeal: view(
    {
      ...{ id, outcome: aborted, position: place, at: instant, reason: abortReason },
      ...{ initiatorIntention: id, responderIntention: id, shard: ofDeal },
    },
    ['initiatorIntention', 'responderIntention', 'shard'],
  ),
  Position: view({ participant, instrument: symbol, bought: quantity, sold: quantity, net: signed, cash: signed }),
  ...marketViews,
  ...ownViews,
  ...riskViews,
} as const;

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

export const instrumentsSchema = object(
  {
    instruments: arrayOf({ $ref: 'Instrument#' }),
    position: asOf,
    positionByShard: asOfEach,
    next: nextListed,
    ...stopped,
  },
  ['instruments'],
);

const levels = arrayOf({ $ref: 'Level#' }, 'Best first.');

export const bookSchema = object(
  { instrument: symbol, phase, position: asOf, bids: levels, asks: levels, checksum, shard: ofShard, ...stopped },
  [...['instrument', 'phase', 'position', 'bids', 'asks', 'checksum']],
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
  description:
    'One command a line, 64 KiB at most each, carried out in order. Without `command`, or with "post", a PostIntention; else ' +
    '{"command":"withdraw"|"reduce"|"replace",…} with `id`, or `clientIntentionId` (and `instrument`, where there are several shards), and ' +
    '`by`, or `price` and `quantity`, and `clientCommandId`; or {"command":"withdrawAll",…} with `instrument`, `side` or `all`; or ' +
    '{"command":"switch",…} with `withinMs`. Each may have `participant` and, but for the switch, `validUntil`. Blank lines count, and are not answered.',
};
export const answerStreamSchema = {
  type: 'string',
  description:
    'One line for each line, in order: {"line":1,"status":201,…IntentionAcknowledged}, {"line":2,"status":200,…IntentionChanged} or ' +
    '{"line":3,"status":422,"code":…,"detail":…}. Where the answer has a `status` of its own, it is called `intentionStatus` here.',
};
export const eventStreamSchema = {
  type: 'string',
  description:
    'Server-sent events: `id` is the log position, `event` its type, `data` the event as JSON with its position and stream. An `event: error` ' +
    'has problem details as its data, and is the last one. With `until`, so is an `event: upTo`: all that was asked for before its `position` has been sent.',
};
