/** JSON schemas of what streams say and of how they are asked for. Each message of a channel is named by its `type`. */
import { postRefusalNames } from '../../exchange/commands.js';
import type { FieldSchema, RecordSchema } from './record-schema.js';
import { limitTerms, withinMs } from './risk-schemas.js';
import {
  arrayOf,
  closedReason,
  count,
  id,
  instant,
  object,
  participant,
  phase,
  position,
  price,
  quantity,
  record,
  side,
  signed,
  status,
  symbol,
} from './fields.js';

type Properties = Readonly<Record<string, object>>;

const before: FieldSchema = { ...position, description: 'It shows all events before this log position.' };
const ofEvent: FieldSchema = { ...position, description: 'Of the event, in the log.' };
const shard: FieldSchema = { ...count, description: 'Only where there are several: in whose log the position is.' };
const checksum: FieldSchema = {
  ...count,
  maximum: 0xffff_ffff,
  description:
    'CRC-32 of `price:quantity` of the ten best bids, best first, and then of the ten best asks, all joined by `|`.',
};
const level = object({ price, quantity, intentions: count });
const levels = arrayOf(level, 'Best first.');
const changed = arrayOf(level, 'As they are now; a level that is gone has quantity 0 and no intentions.');

/** A message of a channel: its type, where it stands, and what else it has. */
function message(channel: string, type: string, fields: Properties, optional: readonly string[] = []): object {
  const named = { channel: { type: 'string', enum: [channel] }, type: { type: 'string', enum: [type] } };
  const properties = { ...named, position: ofEvent, shard, ...fields };
  const lacks = ['shard', ...optional];
  return object(
    properties,
    Object.keys(properties).filter((name) => !lacks.includes(name)),
  );
}

const intention = {
  ...{ id, clientIntentionId: id, instrument: symbol, side, status },
  ...{ open: quantity, reserved: quantity, filled: quantity },
};

const whose: FieldSchema = { ...participant, description: 'Only in a stream of all participants.' };

function own(type: string, fields: Properties, optional: readonly string[] = []): object {
  return message('own', type, { participant: whose, at: instant, ...fields }, ['participant', ...optional]);
}

const refusalCode = {
  type: 'string',
  enum: postRefusalNames,
  description: 'Of the limit. Of refusals by LIMIT_RATE only the first in a second is told.',
};

/** By channel and type. */
export const streamMessages = {
  book: {
    snapshot: message('book', 'snapshot', {
      ...{ position: before, instrument: symbol, phase, bids: levels, asks: levels, checksum },
    }),
    diff: message(
      ...(['book', 'diff'] as const),
      {
        ...{ position: before, instrument: symbol, phase, bids: changed, asks: changed, checksum },
        from: { ...position, description: 'The position of the message before.' },
      },
      ['phase'],
    ),
  },
  trades: {
    trade: message('trades', 'trade', { instrument: symbol, at: instant, price, quantity, takerSide: side }),
  },
  ticker: {
    ticker: message(
      ...(['ticker', 'ticker'] as const),
      {
        ...{ position: before, instrument: symbol, last: price, change: signed, changePercent: signed },
        ...{ high: price, low: price, volume: quantity, deals: count, bestBid: price, bestAsk: price },
      },
      ['last', 'change', 'changePercent', 'high', 'low', 'bestBid', 'bestAsk'],
    ),
  },
  own: {
    posted: own('posted', { ...intention, intention: { $ref: 'Intention#' } }),
    dealt: own('dealt', { ...intention, deal: id, price, quantity, takerSide: side, counterparty: participant }, [
      'counterparty',
    ]),
    reserved: own('reserved', { ...intention, deal: id, price, quantity }),
    released: own('released', { ...intention, deal: id }),
    reduced: own('reduced', { ...intention, by: quantity }),
    amended: own('amended', { ...intention, price }),
    withdrawn: own('withdrawn', { ...intention, reason: closedReason }),
    expired: own('expired', intention),
    refused: own('refused', { clientIntentionId: id, instrument: symbol, code: refusalCode }),
    switchSet: own('switchSet', { withinMs, lapsesAt: instant }, ['lapsesAt']),
    switchLapsed: own('switchLapsed', {}),
    limitsSet: own('limitsSet', limitTerms, ['instrument', 'openQuantity', 'netPosition', 'intentionsPerSecond']),
    upTo: message('own', 'upTo', { position: { ...before, description: 'Nothing else happened before it.' } }),
  },
} as const;

const rate: FieldSchema = {
  type: 'string',
  enum: ['batch', '100ms'],
  default: 'batch',
  description: 'A diff for each batch of the log that changed the book, or at most ten a second.',
};
const after: FieldSchema = {
  ...position,
  description: 'Only what is about events after this position: that of the last message that you have.',
};
const from: FieldSchema = {
  ...position,
  description:
    'Instead of `after`: from this position on. With the position of an account, there is no gap and nothing twice. Without both, what is new.',
};

export const bookStreamQuery: RecordSchema = record({ rate }, []);
export const tradesStreamQuery: RecordSchema = record({ after, from }, []);
export const ownStreamQuery: RecordSchema = record(
  {
    ...{ after, from },
    participant: {
      ...participant,
      description: 'Whose. The key’s own; an operator or auditor names one, or none for all.',
    },
    shard: { ...count, description: 'Where there are several, whose log: the first unless said otherwise.' },
  },
  [],
);

/** A body that is server-sent events can only be described. */
export function streamBody(channel: keyof typeof streamMessages): object {
  const types = Object.keys(streamMessages[channel]).join(', ');
  return {
    type: 'string',
    description:
      `Server-sent events: \`event\` is the type (${types}), \`data\` the message as JSON, \`id\` its position. An \`event: error\` has ` +
      'problem details as its data, and is the last one.',
  };
}
