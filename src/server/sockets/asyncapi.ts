/**
 * The AsyncAPI 3 document of the WebSocket, made from the schemas by which messages are read and told (src/api), so it cannot say anything
 * else than they do.
 */
import { closeCodeSays } from '../../api/close-codes.js';
import { views } from '../../api/schemas/schemas.js';
import { answerSchema, endedSchema, eventSchema, requestSchemas } from '../../api/schemas/socket-schemas.js';
import { streamMessages } from '../../api/schemas/stream-schemas.js';
import { SOCKET_PATH } from '../limits/http-server.js';
import { problemSchema, withoutFastifyRefs } from '../routes/openapi.js';

type Json = Readonly<Record<string, unknown>>;

/** Of what is spoken on it: the second number grows with what is added. */
const VERSION = '1.0';

/** What the server tells beside answers, by the names of the messages. */
const told: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    Object.entries(streamMessages).flatMap(([channel, types]) =>
      Object.entries(types).map(([type, schema]): [string, object] => [`${channel}.${type}`, schema]),
    ),
  ),
  'events.event': eventSchema,
  ended: endedSchema,
};

export function asyncApiDocument(): Json {
  const requests = prefixed(requestSchemas, 'request');
  const messages = { ...requests, answer: answerSchema, ...told };
  return withoutFastifyRefs({
    asyncapi: '3.0.0',
    info: {
      title: 'Parley: commands and streams over a WebSocket',
      version: VERSION,
      description:
        'Text messages of one JSON object each, 64 KiB at most, without compression. A request is answered under its id; commands are ' +
        'answered when what they did is durable, not in the order in which they came. Messages of streams have a channel, and answers have none. A program that sends ' +
        'no Authorization with its request authenticates in its first message, within ten seconds.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      exchange: { host: '{host}', protocol: 'ws', variables: { host: { default: 'localhost:7070' } } },
    },
    channels: {
      socket: { address: SOCKET_PATH, messages: references(Object.keys(messages)) },
    },
    operations: {
      ask: {
        ...{ action: 'receive', channel, messages: list(Object.keys(requests)) },
        reply: { channel, messages: list(['answer']) },
      },
      tell: { action: 'send', channel, messages: list(Object.keys(told)) },
    },
    components: {
      messages: Object.fromEntries(Object.entries(messages).map(([name, payload]) => [name, { name, payload }])),
      schemas: { ...views, Problem: problemSchema },
    },
    'x-close-codes': closeCodeSays,
  });
}

const channel = { $ref: '#/channels/socket' };

function prefixed(schemas: Readonly<Record<string, object>>, prefix: string): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [`${prefix}.${name}`, schema]));
}

function references(names: readonly string[]): Json {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
}

function list(names: readonly string[]): object[] {
  return names.map((name) => ({ $ref: `#/channels/socket/messages/${name}` }));
}
