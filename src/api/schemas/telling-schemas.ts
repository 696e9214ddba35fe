/** JSON schemas of what is told of the past of an intention or a deal: why it was filled or not, and its chart. */
import { arrayOf, asOf, count, flag, id, object, ofShard, participant, position, price } from './fields.js';
import { pricing, quantity, side, status, symbol, timeInForce, view } from './fields.js';
import type { FieldSchema } from './record-schema.js';

const text: FieldSchema = { type: 'string', description: 'A sentence for people.' };
const lifeline: FieldSchema = { ...id, description: 'An intention’s id, or `ledger`.' };
const standing = { position: asOf, shard: ofShard };

const reason = {
  type: 'object',
  description:
    'What happened, in the order of the log: prices and quantities as decimal strings, others’ ids as strings.',
  required: ['position', 'kind', 'text'],
  properties: {
    position,
    kind: {
      type: 'string',
      enum: [
        ...['posted', 'amended', 'rested', 'deal', 'aborted', 'closest', 'taken', 'overtaken', 'reduced', 'phase'],
        ...['auction', 'ownWithdrawn', 'filled', 'withdrawn', 'expired', 'inDoubt', 'open', 'more'],
      ],
    },
    text,
  },
  additionalProperties: { type: ['string', 'integer', 'boolean'] },
};

export const whySchema = object(
  {
    ...{ intention: id, participant, instrument: symbol, side, type: pricing, price, quantity, timeInForce },
    ...{ state: status, filled: quantity, open: quantity, summary: text, reasons: arrayOf(reason), ...standing },
  },
  [
    ...['intention', 'participant', 'instrument', 'side', 'type', 'quantity', 'timeInForce'],
    ...['state', 'filled', 'open', 'summary', 'reasons', 'position'],
  ],
);

const outcome: FieldSchema = { type: 'string', enum: ['confirmed', 'aborted'] };

const chartRow = view(
  {
    position,
    kind: { type: 'string', enum: ['event', 'message', 'auction', 'deal', 'restart'] },
    text: { ...text, description: 'What the chart says there.' },
    at: { ...lifeline, description: 'Of an event: in whose stream it stands, an intention’s id or `ledger`.' },
    type: { type: 'string', description: 'Of an event: its type.' },
    from: { ...lifeline, description: 'Of a message: who says it, an intention’s id or `ledger`.' },
    to: { ...lifeline, description: 'Of a message: to whom.' },
    message: {
      type: 'string',
      enum: [
        ...['announcement', 'proposal', 'acceptance', 'decline', 'decision'],
        ...['confirmation', 'abort', 'lookUp'],
      ],
    },
    repeated: { ...flag, description: 'Of a message: it was sent again, after a restart.' },
    faint: { ...flag, description: 'Of a message: drawn faintly, because it is a hint, a look-up, or sent again.' },
    quantity: {
      ...quantity,
      description:
        'Of an event: what was posted, reserved, filled, reduced by, newly open, or left when it closed, as its type says. Of a message: ' +
        'what it is about. Where a deal begins: what its counterparty has left then.',
    },
    freed: { ...quantity, description: 'Of an event: what it frees of a reservation without filling it.' },
    price: { ...price, description: 'At what price, where there is one.' },
    outcome: { ...outcome, description: 'Of a decision and what tells of it, and of a late decision.' },
    reason: { type: 'string', description: 'Why it was declined, aborted or withdrawn: the reason of that event.' },
    deal: { ...id, description: 'Where a deal begins in an intention’s chart: its id.' },
    counterparty: { ...id, description: 'Where a deal begins: the other intention in it, when this log knows it.' },
    volume: { ...quantity, description: 'Of an auction: what it dealt.' },
    epoch: { type: 'integer', minimum: 1, description: 'Of a restart: the epoch of the writer that took over.' },
  },
  [
    ...['at', 'type', 'from', 'to', 'message', 'repeated', 'faint', 'quantity', 'freed', 'price', 'outcome', 'reason'],
    ...['deal', 'counterparty', 'volume', 'epoch'],
  ],
);

const chartLifeline = view(
  {
    heading: text,
    terms: text,
    intention: { ...id, description: 'The intention whose lifeline it is.' },
    ...{ participant, side },
  },
  ['intention', 'participant', 'side'],
);

export const chartSchema = object(
  {
    deal: { ...id, description: 'Of a deal’s chart.' },
    intention: { ...id, description: 'The intention, or the deal’s initiator.' },
    counterparty: { ...id, description: 'The deal’s responder.' },
    ...{ instrument: symbol, title: text },
    lifelines: arrayOf(chartLifeline, 'What stands over each lifeline, from the left.'),
    outcome: { type: 'string', enum: ['confirmed', 'aborted', 'open'] },
    rows: arrayOf(chartRow),
    omittedDeals: { ...count, description: 'Deals that are left out, because there are too many for one chart.' },
    ...standing,
  },
  ['intention', 'instrument', 'title', 'lifelines', 'rows', 'omittedDeals', 'position'],
);

const json = (schema: object): object => ({ 'application/json': { schema } });
const plain = { 'text/plain': { schema: { type: 'string', description: 'The same for people, 100 columns wide.' } } };

export const whyContent = { content: { ...json(whySchema), ...plain } };

export const chartContent = {
  content: {
    ...json(chartSchema),
    'image/svg+xml': { schema: { type: 'string', description: 'A picture.' } },
    'text/vnd.mermaid': { schema: { type: 'string', description: 'A Mermaid `sequenceDiagram`.' } },
    ...plain,
  },
};
