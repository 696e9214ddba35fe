import {
  abortReasonNames,
  declineReasonNames,
  outcomeNames,
  phaseNames,
  priceRuleNames,
  pricingNames,
  selfTradeNames,
  sideNames,
  timeInForceNames,
  withdrawReasonNames,
} from '../domain/terms.js';
import { GROUP_SIZE } from './bytes.js';

/**
 * The event catalogue: the one table from which `npm run codegen` makes the TypeScript types, the journal that the domain
 * writes to, the binary codec, the JSON form and the reader.
 *
 * `code` is the first byte of an event on disk, 1 … 255, and names both its type and its version; it is never used again for
 * anything else. To change an event, add an entry with a new code and `version: 2`, and give the old entry
 * `upcast`: the values that the fields it lacks take. The old entry stays permanently, so old logs stay readable.
 *
 * Field kinds:
 * - `integer`: 0 … 2^53−1, in as few bytes as it needs (see bytes.ts);
 * - `text`: UTF-8, its length in bytes before it;
 * - `flag`: one byte, 0 or 1;
 * - `digest`: 32 bytes, shown as 64 hexadecimal digits;
 * - a list of names: one byte, the index in that list.
 */
export type FieldKind = 'integer' | 'text' | 'flag' | 'digest' | readonly string[];

export type StreamKind = 'intention' | 'deal' | 'shard';

export interface EventSchema {
  readonly code: number;
  readonly type: string;
  readonly version: number;
  /** Which stream it stands in: `intention-<intentionId>`, `deal-<initiatorId>-<dealNumber>` or `shard-<shard>`. */
  readonly stream: StreamKind;
  /** What it says, for the documentation of the generated interfaces. */
  readonly says: string;
  readonly fields: Readonly<Record<string, FieldKind>>;
  /** Only in a version that is no longer written: the values of the fields that the current version has and this one lacks. */
  readonly upcast?: Readonly<Record<string, number | string | boolean>>;
}

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
    code: 16,
    type: 'IntentionPosted',
    version: 1,
    stream: 'intention',
    says: 'A wish to buy or sell stands from here on. `priceTicks` is 0 for a market intention, `expiresAtMs` 0 where it does not expire.',
    fields: {
      intentionId: 'integer',
      revision: 'integer',
      clientIntentionId: 'text',
      participantId: 'integer',
      instrumentId: 'integer',
      side: sideNames,
      pricing: pricingNames,
      priceTicks: 'integer',
      quantityLots: 'integer',
      timeInForce: timeInForceNames,
      postOnly: 'flag',
      expiresAtMs: 'integer',
      atMs: 'integer',
    },
  },
  {
    code: 17,
    type: 'ProposalMade',
    version: 1,
    stream: 'intention',
    says: 'Initiator: proposes deal `intentionId-dealNumber` to the counterparty and reserves the quantity.',
    fields: {
      intentionId: 'integer',
      revision: 'integer',
      dealNumber: 'integer',
      counterpartyId: 'integer',
      priceTicks: 'integer',
      quantityLots: 'integer',
    },
  },
  {
    code: 18,
    type: 'ProposalAccepted',
    version: 1,
    stream: 'intention',
    says: 'Responder: accepts all or part of the proposal and reserves that quantity. In doubt until the deal is decided.',
    fields: {
      intentionId: 'integer',
      revision: 'integer',
      initiatorId: 'integer',
      dealNumber: 'integer',
      priceTicks: 'integer',
      quantityLots: 'integer',
    },
  },
  {
    code: 19,
    type: 'ProposalDeclined',
    version: 1,
    stream: 'intention',
    says: 'Responder: declines the proposal and reserves nothing.',
    fields: {
      intentionId: 'integer',
      revision: 'integer',
      initiatorId: 'integer',
      dealNumber: 'integer',
      reason: declineReasonNames,
    },
  },
  {
    code: 20,
    type: 'DealSettled',
    version: 1,
    stream: 'intention',
    says: 'Either side: takes over the deal’s decision, fills `quantityLots` (0 when aborted) and frees what is left of its reservation.',
    fields: {
      intentionId: 'integer',
      revision: 'integer',
      initiatorId: 'integer',
      dealNumber: 'integer',
      outcome: outcomeNames,
      priceTicks: 'integer',
      quantityLots: 'integer',
    },
  },
  {
    code: 21,
    type: 'IntentionReduced',
    version: 1,
    stream: 'intention',
    says: 'Made smaller by `byLots`; it keeps its place.',
    fields: { intentionId: 'integer', revision: 'integer', byLots: 'integer', atMs: 'integer' },
    upcast: { clientCommandId: '' },
  },
  {
    code: 22,
    type: 'IntentionAmended',
    version: 1,
    stream: 'intention',
    says: 'New limit and new open quantity; it loses its place and may deal at once.',
    fields: {
      intentionId: 'integer',
      revision: 'integer',
      priceTicks: 'integer',
      openLots: 'integer',
      atMs: 'integer',
    },
    upcast: { clientCommandId: '' },
  },
  {
    code: 23,
    type: 'IntentionWithdrawn',
    version: 1,
    stream: 'intention',
    says: 'What was left is withdrawn.',
    fields: { intentionId: 'integer', revision: 'integer', reason: withdrawReasonNames, atMs: 'integer' },
  },
  {
    code: 24,
    type: 'IntentionExpired',
    version: 1,
    stream: 'intention',
    says: 'Its time is over; what was left is gone.',
    fields: { intentionId: 'integer', revision: 'integer', atMs: 'integer' },
  },
  {
    code: 25,
    type: 'IntentionReduced',
    version: 2,
    stream: 'intention',
    says: 'Made smaller by `byLots`; it keeps its place. By 0: it stays as it was, and the command is remembered by its id.',
    fields: {
      intentionId: 'integer',
      revision: 'integer',
      byLots: 'integer',
      clientCommandId: 'text',
      atMs: 'integer',
    },
  },
  {
    code: 26,
    type: 'IntentionAmended',
    version: 2,
    stream: 'intention',
    says: 'New limit and new open quantity; it loses its place and may deal at once.',
    fields: {
      intentionId: 'integer',
      revision: 'integer',
      priceTicks: 'integer',
      openLots: 'integer',
      clientCommandId: 'text',
      atMs: 'integer',
    },
  },
  {
    code: 32,
    type: 'DealConfirmed',
    version: 1,
    stream: 'deal',
    says: 'The decision: the deal stands. The first decision of a deal in log order is the truth, permanently.',
    fields: {
      initiatorId: 'integer',
      dealNumber: 'integer',
      revision: 'integer',
      responderId: 'integer',
      instrumentId: 'integer',
      initiatorSide: sideNames,
      initiatorParticipantId: 'integer',
      responderParticipantId: 'integer',
      priceTicks: 'integer',
      quantityLots: 'integer',
    },
  },
  {
    code: 33,
    type: 'DealAborted',
    version: 1,
    stream: 'deal',
    says: 'The decision: there is no deal.',
    fields: {
      initiatorId: 'integer',
      dealNumber: 'integer',
      revision: 'integer',
      responderId: 'integer',
      reason: abortReasonNames,
    },
  },
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
