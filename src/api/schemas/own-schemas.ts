/** JSON schemas of what a participant asks of its own affairs at once, and of promises that wait for their decision. */
import { arrayOf, asOf, asOfEach, count, moment, flag, id, instant, object, participant, place } from './fields.js';
import { price, quantity, record, symbol, view } from './fields.js';
import type { FieldSchema } from './record-schema.js';

/** Those that have a name in the OpenAPI document. */
export const ownViews = {
  Doubt: view(
    {
      ...{ deal: id, initiatorIntention: id, responderIntention: id, instrument: symbol, price, quantity },
      state: {
        type: 'string',
        enum: ['proposed', 'accepted'],
        description: 'Whose promise stands: the initiator’s alone, or the responder’s too.',
      },
      position: { ...place, description: `Of the latest promise. ${place.description ?? ''}` },
      at: instant,
      ageMs: { ...count, description: 'How long ago that was, by the server’s clock.' },
      settledBy: {
        type: 'string',
        enum: ['responder', 'initiator', 'initiatorsShard'],
        description:
          'Who has the next word. responder: it accepts or declines. initiator: it confirms or aborts. initiatorsShard: the decision ' +
          'stands in the log of another shard, or will.',
      },
      shard: { ...count, description: 'Only where there are several shards: the one whose log holds the promise.' },
    },
    ['shard'],
  ),
} as const;

export const doubtsSchema = object(
  { doubts: arrayOf({ $ref: 'Doubt#' }, 'Oldest first.'), position: asOf, positionByShard: asOfEach },
  ['doubts'],
);

export const accountSchema = object(
  {
    participant,
    intentions: arrayOf({ $ref: 'Intention#' }, 'All that are open, 50,000 at most, in the order of their ids.'),
    positions: arrayOf({ $ref: 'Position#' }, 'By instrument.'),
    deals: arrayOf({ $ref: 'Deal#' }, 'Its own after `after`, oldest first, 1,000 at most; none without `after`.'),
    moreDeals: { ...flag, description: 'Whether there are more: go on with `after`.' },
    moreIntentions: { ...flag, description: 'Only where more than 50,000 are open: these are the first.' },
    switch: {
      ...object({ withinMs: count, lapsesAt: instant }),
      description:
        'Its dead man’s switch, where one is set; of several shards the first to lapse. Not told of the past.',
    },
    limits: arrayOf(
      { $ref: 'Limits#' },
      'What an operator lets it do; absent where nothing is limited. Not told of the past.',
    ),
    position: asOf,
    positionByShard: asOfEach,
  },
  ['participant', 'intentions', 'positions', 'deals', 'moreDeals'],
);

const shard: FieldSchema = { ...count, description: 'Only of this shard. All of them unless said otherwise.' };

export const accountQuery = record(
  {
    participant: {
      ...participant,
      description: 'The key’s own where it is left out; an operator or auditor names one.',
    },
    after: {
      type: 'string',
      pattern: '^(?:[0-9]{1,15}|[0-9]{1,6}/[0-9]{1,15}(?:,[0-9]{1,6}/[0-9]{1,15})*)$',
      description:
        'The position of the last event that you know of, to be told the deals after it. Where there are several shards, of each: ' +
        'SHARD/POSITION,SHARD/POSITION; of one that is not named there come no deals.',
      examples: ['1200'],
    },
    shard,
    ...moment,
  },
  [],
);
