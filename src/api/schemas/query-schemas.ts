/** JSON schemas of what stands in addresses, query strings and headers. */
import type { FieldSchema, PathSchema, RecordSchema } from './record-schema.js';
import {
  position,
  side,
  status,
  symbol,
  participant,
  id,
  clientIntentionId,
  record,
  limitsAfter,
  validUntil,
  moment,
} from './fields.js';
import type { ProblemCode } from '../problem.js';

/** Of what is there. */
export const symbolParams = named('UNKNOWN_INSTRUMENT', { symbol });
export const instrumentParams = named('UNKNOWN_INSTRUMENT', { instrument: symbol });
export const intentionParams = named('UNKNOWN_INTENTION', { id: { ...id, pattern: '^[1-9][0-9]{0,15}$' } });
export const clientIdParams = named('UNKNOWN_INTENTION', { clientIntentionId });
export const dealParams = named('UNKNOWN_DEAL', { id: { ...id, pattern: '^[1-9][0-9]{0,15}-[1-9][0-9]{0,15}$' } });
/** Of whom something is set; one who is new is made known by it. */
export const participantParams = named('INVALID_PARTICIPANT', { participant });
/** Of what may be listed: an address with a part of one or two dots is one without it (RFC 3986, 5.2.4), so nobody could reach it. */
export const newSymbolParams = named('INVALID_SYMBOL', {
  symbol: { ...symbol, pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,32}$' },
});

function named(misnamed: ProblemCode, properties: RecordSchema['properties']): PathSchema {
  return { ...record(properties, Object.keys(properties)), misnamed };
}

const limit: FieldSchema = { type: 'integer', minimum: 1, maximum: 1_000, default: 100 };
const intentionAfter: FieldSchema = {
  type: 'string',
  pattern: '^(0|[1-9][0-9]{0,14})$',
  description: 'Only those with a larger id: that of the last one you have.',
};
const dealAfter: FieldSchema = {
  ...position,
  description: 'The first ones after this position: that of the last one you have. Without it, the latest ones.',
};
const positionAfter: FieldSchema = {
  type: 'string',
  pattern: '^[A-Za-z0-9._@-]{1,32}/[A-Za-z0-9._-]{1,32}$',
  description: 'PARTICIPANT/INSTRUMENT of the last one you have; with one shard, it must be there.',
};

export const instrumentsQuery = record(
  {
    after: { ...symbol, description: 'Only those after this one: the last one you have.' },
    limit: { ...limit, default: 1_000 },
  },
  [],
);
/** Of what has no other terms. */
export const momentQuery = record(moment, []);
export const tickersQuery = record({ ...instrumentsQuery.properties, ...moment }, []);
export const depthQuery = record(
  { depth: { type: 'integer', minimum: 1, maximum: 1_000, default: 10 }, ...moment },
  [],
);
export const participantQuery = record({ participant }, []);
export const limitsQuery = record(
  {
    participant,
    after: { ...limitsAfter, description: 'Only those after this one: `next` of the page before.' },
    limit: { ...limit, default: 1_000 },
  },
  [],
);
export const positionsQuery = record({ participant, after: positionAfter, limit, ...moment }, []);
export const dealsQuery = record(
  {
    ...{ participant, instrument: symbol, intention: id, after: dealAfter, limit },
    before: {
      ...position,
      description: 'Only those before this position. With several shards, give an instrument or `after` too.',
    },
    ...moment,
  },
  [],
);
export const intentionsQuery = record(
  { participant, instrument: symbol, side, status, clientIntentionId, after: intentionAfter, limit, ...moment },
  [],
);
export const withdrawQuery = record({ validUntil }, []);
/** Whose client's id it is, and of which instrument's intention. */
const ofClient = {
  participant: { ...participant, description: 'The key’s own where it is left out; an operator names one.' },
  instrument: { ...symbol, description: 'The instrument that it was posted for.' },
};
export const changeByClientIdQuery = record(ofClient, []);
export const withdrawByClientIdQuery = record({ ...ofClient, validUntil }, []);
export const withdrawAllQuery = record(
  {
    ...{ instrument: symbol, side, participant, validUntil },
    all: {
      type: 'string',
      enum: ['true', 'false'],
      description: 'All of them: needed where neither instrument nor side is given.',
    },
  },
  [],
);
export const eventsQuery = record(
  {
    from: { ...position, description: 'First position to send; new events only where it is left out.' },
    until: {
      ...position,
      description:
        'Only events before this position, and before the head as it stands now: the answer then ends, with an event `upTo`, and waits for no new ones.',
    },
    shard: {
      type: 'integer',
      minimum: 0,
      description: 'Whose log. That of the stream unless said otherwise, and where none is named the first.',
    },
    stream: {
      type: 'string',
      description: 'Only this stream: intention-ID, deal-ID or shard-N.',
      examples: ['intention-7'],
    },
    type: {
      type: 'string',
      description: 'Only these types, separated by commas.',
      examples: ['DealConfirmed,DealAborted'],
    },
  },
  [],
);

export const eventsHeaders = record(
  {
    'Last-Event-ID': {
      type: 'string',
      pattern: '^[0-9]{1,15}$',
      description: 'Position of the last event that you have.',
    },
  },
  [],
);
