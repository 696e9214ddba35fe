/** JSON schemas of where things are on a shard’s time line, of the moments next to one, and of who asks. */
import { roles } from '../access.js';
import {
  arrayOf,
  asOf,
  count,
  flag,
  instant,
  moment,
  object,
  participant,
  position,
  price,
  quantity,
} from './fields.js';
import { record, symbol, view } from './fields.js';
import type { FieldSchema } from './record-schema.js';

const ofShard: FieldSchema = { ...count, description: 'Only where there are several shards: whose log it is.' };
const shard: FieldSchema = { ...count, description: 'Whose log: the first unless said otherwise.' };

export const callerSchema = view(
  {
    role: { type: 'string', enum: roles },
    participant: { ...participant, description: 'Of a participant: who acts with this key.' },
    keys: { ...flag, description: 'Whether the exchange has keys. Where it has none, everybody is an operator.' },
  },
  ['participant'],
);

export const timelineQuery = record(
  {
    shard,
    from: { ...position, description: 'Where it begins; at the first event unless said otherwise.' },
    until: { ...position, description: 'Only what stands before this position; up to the head unless said otherwise.' },
    buckets: {
      ...{ type: 'integer', minimum: 1, maximum: 1_000, default: 200 },
      description: 'In how many equal stretches the deals are counted.',
    },
  },
  [],
);

export const momentOfShardQuery = record({ shard, ...moment }, []);

const restartOrAuction: FieldSchema = {
  ...{ type: 'string', enum: ['restart', 'auction'] },
  description: 'restart: a writer of the log began. auction: an auction was uncrossed.',
};

const markSchema = view(
  {
    ...{ position, at: instant, kind: restartOrAuction },
    epoch: { ...count, description: 'Of a restart: the writer’s, 1 for the log’s first.' },
    instrument: { ...symbol, description: 'Of an auction, like all that follows.' },
    price: { ...price, description: 'Absent where nothing could be dealt.' },
    volume: quantity,
    deals: { ...count, description: 'How many the auction came to.' },
  },
  ['epoch', 'instrument', 'price', 'volume', 'deals'],
);

export const timelineSchema = object(
  {
    shard: ofShard,
    position: { ...asOf, description: 'The head of the log: it holds all events before this position.' },
    ...{ from: position, until: position },
    deals: arrayOf(
      count,
      'How many deals were decided in each stretch; stretch i begins at from + ⌊i × (until − from) / buckets⌋.',
    ),
    marks: arrayOf(
      markSchema,
      'Restarts and auctions, in the order of the log: 500 at most. Where there are more, as many of them, evenly; at least half are restarts if there are so many.',
    ),
    marksLeftOut: { ...count, description: 'How many more there are, if any.' },
  },
  ['position', 'from', 'until', 'deals', 'marks'],
);

const moments: Readonly<Record<string, FieldSchema>> = {
  shard: ofShard,
  position: { ...position, description: 'The moment is that before this position.' },
  at: { ...instant, description: 'What the log’s clock said then; absent before its first event.' },
  previousBatch: { ...position, description: 'Where the last batch begins that begins before.' },
  nextBatch: { ...position, description: 'Where the first batch ends that ends after.' },
  previousDeal: { ...position, description: 'The moment right after the decision of the last deal before.' },
  nextDeal: { ...position, description: 'The moment right after the decision of the next deal.' },
};

export const momentSchema = view(
  moments,
  Object.keys(moments).filter((name) => name !== 'position'),
);
