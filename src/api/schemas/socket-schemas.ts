/** JSON schemas of the messages of a WebSocket: what a program says, and what it is answered. Streams say what stream-schemas.ts says. */
import {
  clientCommandId,
  clientIntentionId,
  count,
  flag,
  id,
  newPrice,
  newQuantity,
  object,
  participant,
  position,
  record,
  side,
  symbol,
  validUntil,
} from './fields.js';
import { MOST_ID_CHARACTERS, type RequestVerb } from '../socket-request.js';
import { eventsQuery } from './query-schemas.js';
import type { FieldSchema, RecordSchema } from './record-schema.js';
import { switchSchema, switchSetSchema } from './risk-schemas.js';
import { postIntentionSchema } from './schemas.js';
import { bookStreamQuery, ownStreamQuery, tradesStreamQuery } from './stream-schemas.js';

type Fields = RecordSchema['properties'];

function subscription(channel: string, fields: Fields, required: readonly string[]): RecordSchema {
  const named: FieldSchema = { type: 'string', enum: [channel] };
  return record({ channel: named, ...fields }, ['channel', ...required]);
}

const { shard, stream, type } = eventsQuery.properties;
const after: FieldSchema = {
  ...position,
  description: 'Only events after this position: that of the last one that you have.',
};
const from: FieldSchema = {
  ...position,
  description: 'Instead of `after`: from this position on. Without both, what is new.',
};

/** What a subscription says, by its channel. */
export const subscriptions: Readonly<Record<string, RecordSchema>> = {
  book: subscription('book', { instrument: symbol, ...bookStreamQuery.properties }, ['instrument']),
  trades: subscription('trades', { instrument: symbol, ...tradesStreamQuery.properties }, ['instrument']),
  ticker: subscription('ticker', { instrument: symbol }, ['instrument']),
  own: subscription('own', ownStreamQuery.properties, []),
  events: subscription(
    'events',
    { after, from, ...(shard && { shard }), ...(stream && { stream }), ...(type && { type }) },
    [],
  ),
};

/** The last message of a subscription that the server has ended. */
export const endedSchema = record(
  {
    channel: { type: 'string', enum: Object.keys(subscriptions) },
    type: { type: 'string', enum: ['ended'] },
    instrument: symbol,
    participant,
    shard: count,
    stream: { type: 'string' },
    code: { type: 'string' },
    detail: { type: 'string' },
  },
  ['channel', 'type', 'code', 'detail'],
  'As it was subscribed to, and why it has ended. To go on, subscribe again, after the last position that you have.',
);

const about = { id, clientIntentionId, instrument: symbol, participant, validUntil };
const verb = (name: string): FieldSchema => ({ type: 'string', enum: [name] });
const oneName = [{ required: ['id'] }, { required: ['clientIntentionId'] }];

/** Commands of every kind, as lines of a stream and topics have them too. */
const commands: readonly object[] = [
  { ...object({ command: verb('withdraw'), ...about }, ['command']), oneOf: oneName },
  {
    ...object({ command: verb('reduce'), by: newQuantity, clientCommandId, ...about }, ['command', 'by']),
    oneOf: oneName,
  },
  {
    ...object({ command: verb('replace'), price: newPrice, quantity: newQuantity, clientCommandId, ...about }, [
      'command',
    ]),
    oneOf: oneName,
    anyOf: [{ required: ['price'] }, { required: ['quantity'] }],
  },
  {
    ...object({ command: verb('withdrawAll'), instrument: symbol, side, all: flag, participant, validUntil }, [
      'command',
    ]),
    anyOf: [{ required: ['instrument'] }, { required: ['side'] }, { required: ['all'] }],
  },
  object({ command: verb('switch'), ...switchSchema.properties }, ['command', 'withinMs']),
];

/** A post, with or without its verb. */
const post = {
  ...postIntentionSchema,
  properties: { command: verb('post'), ...postIntentionSchema.properties },
};

const requestId = {
  oneOf: [{ type: 'integer' }, { type: 'string', maxLength: MOST_ID_CHARACTERS }],
  description: 'Chosen by the program: its answer has the same.',
};
const subscribed = { oneOf: Object.values(subscriptions) };

const shown = {
  oneOf: [
    object({ key: { type: 'string' } }),
    object({ signatureInput: { type: 'string' }, signature: { type: 'string' } }),
  ],
  description:
    'A key; or the headers Signature-Input and Signature (RFC 9421) of the very request that opened the WebSocket, as texts. A signature opens one.',
};

const onDisconnect = {
  oneOf: [{ type: 'boolean' }, object({ participant })],
  description:
    'Whether all that the key’s participant has open is withdrawn when this connection ends, however it ends; false takes back whatever ' +
    'was asked for on it. An operator names whose, one a message.',
};

function request(name: RequestVerb, schema: object): object {
  return object({ id: requestId, [name]: schema });
}

/** What a program may say, by its verb. */
export const requestSchemas: Readonly<Record<RequestVerb, object>> = {
  command: request('command', { oneOf: [post, ...commands] }),
  subscribe: request('subscribe', subscribed),
  unsubscribe: request('unsubscribe', subscribed),
  authenticate: request('authenticate', shown),
  withdrawOnDisconnect: request('withdrawOnDisconnect', onDisconnect),
  ping: request('ping', object({})),
};

/** The answer to a request. */
export const answerSchema = object({
  id: {
    ...requestId,
    oneOf: [...requestId.oneOf, { type: 'null' }],
    description: 'Of the request; null where it had none.',
  },
  status: { type: 'integer', description: 'As HTTP has it.' },
  body: {
    anyOf: [
      { $ref: 'IntentionAcknowledged#' },
      { $ref: 'IntentionChanged#' },
      { $ref: 'IntentionsWithdrawn#' },
      { ...switchSetSchema, description: 'The switch as it is set.' },
      { $ref: 'Problem#' },
      { ...object({ role: { type: 'string' }, participant }, ['role']), description: 'Who is let in.' },
      { ...subscribed, description: 'What is now subscribed to, or no more.' },
      {
        ...object({ participants: { type: 'array', items: participant } }),
        description: 'Whose intentions are withdrawn when the connection ends.',
      },
      { ...object({}), description: 'To a ping.' },
    ],
  },
});

/** An event of the log. */
export const eventSchema = {
  ...object({ channel: verb('events'), position, stream: { type: 'string' }, type: { type: 'string' } }),
  additionalProperties: true,
  description: 'As the feed of events has it; the documents list the fields of each type.',
};
