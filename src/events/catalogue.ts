import {
  phaseNames,
  priceRuleNames,
  selfTradeNames,
  abortReasonNames,
  counterpartiesNames,
  declineReasonNames,
  outcomeNames,
  postRefusalNames,
  pricingNames,
  sideNames,
  timeInForceNames,
  withdrawReasonNames,
} from '../domain/terms.js';
import { GROUP_SIZE } from './bytes.js';
import type { EventSchema, FieldKind } from './event-schema.js';
import { dealEvents, intentionEvents } from './intention-events.js';

export type { EventSchema, FieldKind, StreamKind } from './event-schema.js';

/**
 * The event catalogue: the one table from which `npm run codegen` makes the TypeScript types, the journal that the domain
 * writes to, the binary codec, the JSON form and the reader.
 *
 * `code` is the first byte of an event on disk, 1 … 255, and names both its type and its version; it is never used again for
 * anything else. To change an event, add an entry with a new code and `version: 2`, and give the old entry
 * `upcast`: the values that the fields it lacks take. The old entry stays permanently, so old logs stay readable.
 */
export const catalogue: readonly EventSchema[] = [
  {
    code: 1,
    type: 'ShardStarted',
    version: 1,
    stream: 'shard',
    says: 'A writer took over the shard: it has fenced every older epoch, replayed the log, and settles what is in doubt next.',
    fields: { revision: 'integer', shard: 'integer', epoch: 'integer', atMs: 'integer' },
  },
  {
    code: 2,
    type: 'BatchSealed',
    version: 1,
    stream: 'shard',
    says: 'Ends a batch. `digest` is SHA-256 over the digest before it and the canonical bytes of the batch’s other events.',
    fields: { revision: 'integer', digest: 'digest' },
  },
  {
    code: 3,
    type: 'ParticipantAdmitted',
    version: 1,
    stream: 'shard',
    says: 'Gives a participant’s name its number, the first time it is seen.',
    fields: { revision: 'integer', participantId: 'integer', name: 'text', atMs: 'integer' },
  },
  {
    code: 4,
    type: 'InstrumentListed',
    version: 1,
    stream: 'shard',
    says: 'Lists an instrument, or changes the band, price rule or self-trade rule of a listed one. Sizes are in units of the last shown decimal.',
    fields: {
      revision: 'integer',
      instrumentId: 'integer',
      symbol: 'text',
      priceDecimals: 'integer',
      tickSize: 'integer',
      quantityDecimals: 'integer',
      lotSize: 'integer',
      minPriceTicks: 'integer',
      maxPriceTicks: 'integer',
      priceRule: priceRuleNames,
      selfTrade: selfTradeNames,
      atMs: 'integer',
    },
    upcast: { counterparties: 0 },
  },
  {
    code: 5,
    type: 'PhaseChanged',
    version: 1,
    stream: 'shard',
    says: 'The instrument collects intentions for an auction (call), or deals as they arrive (continuous).',
    fields: { revision: 'integer', instrumentId: 'integer', phase: phaseNames, atMs: 'integer' },
  },
  {
    code: 6,
    type: 'AuctionUncrossed',
    version: 1,
    stream: 'shard',
    says: 'The auction’s price and volume. The deals that follow, at that price, add up to the volume.',
    fields: {
      revision: 'integer',
      instrumentId: 'integer',
      priceTicks: 'integer',
      volumeLots: 'integer',
      atMs: 'integer',
    },
  },
  {
    code: 7,
    type: 'LossAccepted',
    version: 1,
    stream: 'shard',
    says: 'An operator let the shard go on although `evidence` knows that its log once held every event before `knownPosition`, or others than it holds now.',
    fields: { revision: 'integer', knownPosition: 'integer', evidence: 'text', atMs: 'integer' },
  },
  {
    code: 8,
    type: 'InstrumentListed',
    version: 2,
    stream: 'shard',
    says: 'Lists an instrument, or changes the band or the rules of a listed one. Sizes are in units of the last shown decimal.',
    fields: {
      revision: 'integer',
      instrumentId: 'integer',
      symbol: 'text',
      priceDecimals: 'integer',
      tickSize: 'integer',
      quantityDecimals: 'integer',
      lotSize: 'integer',
      minPriceTicks: 'integer',
      maxPriceTicks: 'integer',
      priceRule: priceRuleNames,
      selfTrade: selfTradeNames,
      counterparties: counterpartiesNames,
      atMs: 'integer',
    },
  },
  {
    code: 9,
    type: 'SwitchSet',
    version: 1,
    stream: 'shard',
    says: 'The participant’s dead man’s switch lapses at `lapsesAtMs` unless it is set again before; `withinMs` 0 takes it off.',
    fields: {
      revision: 'integer',
      participantId: 'integer',
      withinMs: 'integer',
      lapsesAtMs: 'integer',
      atMs: 'integer',
    },
  },
  {
    code: 10,
    type: 'SwitchLapsed',
    version: 1,
    stream: 'shard',
    says: 'The switch was not set again in time: it is off, and what the participant had open is withdrawn next.',
    fields: { revision: 'integer', participantId: 'integer', atMs: 'integer' },
  },
  {
    code: 11,
    type: 'LimitsSet',
    version: 1,
    stream: 'shard',
    says: 'The participant’s limits in an instrument (0: in every one), in place of those before. `withdraws`: what is open there is withdrawn next.',
    fields: {
      revision: 'integer',
      participantId: 'integer',
      instrumentId: 'integer',
      openQuantity: 'text',
      netPosition: 'text',
      intentionsPerSecond: 'integer',
      halted: 'flag',
      withdraws: 'flag',
      atMs: 'integer',
    },
  },
  {
    code: 12,
    type: 'PostRefused',
    version: 1,
    stream: 'shard',
    says: 'A limit of the participant refused a post. Of `LIMIT_RATE` only the first in a second is recorded.',
    fields: {
      revision: 'integer',
      participantId: 'integer',
      instrumentId: 'integer',
      clientIntentionId: 'text',
      code: postRefusalNames,
      atMs: 'integer',
    },
  },
  ...intentionEvents,
  ...dealEvents,
];

/** A schema's fields in the order in which they stand on disk: up to eight integers in a group behind the control word, then the rest. */
export interface Layout {
  readonly schema: EventSchema;
  readonly grouped: readonly string[];
  readonly rest: readonly (readonly [string, FieldKind])[];
}

export function layoutOf(schema: EventSchema): Layout {
  const fields = Object.entries(schema.fields);
  const integers = fields.filter(([, kind]) => kind === 'integer').map(([name]) => name);
  const grouped = integers.slice(0, GROUP_SIZE);
  return { schema, grouped, rest: fields.filter(([name]) => !grouped.includes(name)) };
}
