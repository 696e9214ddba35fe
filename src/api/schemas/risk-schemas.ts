/** JSON schemas of switches and limits. */
import {
  arrayOf,
  count,
  flag,
  instant,
  object,
  participant,
  position,
  quantity,
  record,
  symbol,
  view,
  limitsAfter,
} from './fields.js';
import type { FieldSchema } from './record-schema.js';

export const withinMs: FieldSchema = {
  type: 'integer',
  minimum: 0,
  maximum: 86_400_000,
  not: { type: 'integer', minimum: 1, maximum: 999 },
  description: 'How soon it must be set again: 1,000 to 86,400,000. 0 takes it off.',
  examples: [30_000],
};

export const switchSchema = record({ withinMs, participant }, ['withinMs']);

/** As they are given: zero means that none may be. */
export const limitQuantity: FieldSchema = { ...quantity, pattern: '^(0|[1-9][0-9]{0,15})(\\.[0-9]{1,12})?$' };

const openQuantity: FieldSchema = {
  ...limitQuantity,
  description: 'The most that may be open in one instrument, buys and sells together.',
};
const netPosition: FieldSchema = {
  ...limitQuantity,
  description: 'How far the position in one instrument may go either way if all that is open dealt.',
};
const intentionsPerSecond: FieldSchema = {
  ...count,
  maximum: 1_000_000_000,
  description: 'How many intentions may be posted in a second; 0: no limit.',
};

export const limitsSchema = record(
  {
    instrument: { ...symbol, description: 'Each instrument on its own where it is left out.' },
    openQuantity,
    netPosition,
    intentionsPerSecond,
    halted: { ...flag, description: 'Nothing may be posted, replaced or made larger.' },
    withdraw: { ...flag, description: 'Withdraws what is open there, once.' },
  },
  [],
  'In place of what was set there before: what is absent is not limited. An empty object takes the limits off.',
);

const positionByShard = {
  type: 'object',
  additionalProperties: position,
  description: 'Instead of `position`, where there are several shards: that of each, by its number.',
};

const switchFields = { participant, withinMs: { ...withinMs, description: '0: it is off.' }, lapsesAt: instant };

/** What limits say. */
export const limitTerms = { instrument: symbol, openQuantity, netPosition, intentionsPerSecond, halted: flag };
const limitFields = { participant, ...limitTerms };

/** Those that have a name in the OpenAPI document. */
export const riskViews = {
  Limits: view(limitFields, ['instrument', 'openQuantity', 'netPosition', 'intentionsPerSecond']),
} as const;

export const switchSetSchema = object({ ...switchFields, position, positionByShard }, ['participant', 'withinMs']);
export const limitsSetSchema = object({ ...limitFields, position, positionByShard }, ['participant', 'halted']);

const next = { ...limitsAfter, description: 'Only where more are set: go on with it as `after`.' };

export const limitsListSchema = object({ limits: arrayOf({ $ref: 'Limits#' }), position, positionByShard, next }, [
  'limits',
]);
