import fc from 'fast-check';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { DirectoryFold } from '../../../../../projections/directory/directory.js';
import { shownInstrument } from '../../../../../projections/directory/views.js';
import { positionView, type PositionView } from '../../../../../projections/ledger/postings.js';
import { listText } from '../../../../../projections/store/queries/list-text.js';
import type { ListName } from '../../../../../projections/store/desk/sharded-queries.js';
import type { IntentionView } from '../../../../../projections/store/queries/views.js';
import { dealView, type DealView } from '../../../../../projections/tape/views.js';
import { listOf, views } from '../../../../../src/api/schemas/schemas.js';
import { runs } from '../../../../support/property/runs.js';

/** What a server makes of the rows by the schema that documents them. */
async function bySchema(view: keyof typeof views, answer: object): Promise<string> {
  const app = fastify();
  for (const [name, schema] of Object.entries(views)) app.addSchema({ $id: name, ...schema });
  const [name = ''] = Object.keys(answer);
  app.get('/', { schema: { response: { 200: listOf(name, view) } } }, (_request, reply) => reply.send(answer));
  const { body } = await app.inject('/');
  await app.close();
  return body;
}

const text = fc.string({ unit: 'binary', maxLength: 20 });
const decimal = fc.bigInt({ min: 0n, max: 10n ** 18n }).map(String);
const number = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const count = fc.nat({ max: 1_000_000 });
const instant = fc
  .date({ noInvalidDate: true, min: new Date(0), max: new Date(8e12) })
  .map((date) => date.toISOString());
const side = fc.constantFrom('buy' as const, 'sell' as const);

const lots = fc.bigInt({ min: 0n, max: 10n ** 18n });

// As they come from the store.
const deal: fc.Arbitrary<DealView> = fc
  .record({
    ...{ position: count, atMs: count, dealNumber: count, instrumentId: count, initiatorSide: fc.nat({ max: 1 }) },
    ...{ initiatorId: count, initiatorParticipantId: count, responderId: count, responderParticipantId: count },
    ...{ priceTicks: count, quantityLots: count },
  })
  .map((decided) => dealView(new DirectoryFold(), decided));
const position: fc.Arbitrary<PositionView> = fc
  .record({ boughtLots: lots, soldLots: lots, netLots: lots, cashTurnover: lots, name: text, instrumentId: count })
  .map(({ name, instrumentId, ...held }) => {
    const instrument = shownInstrument(new DirectoryFold(), instrumentId);
    return positionView(instrument, name, { ...held, instrumentId, participantId: 1 });
  });
const intention: fc.Arbitrary<IntentionView> = fc.record(
  {
    ...{ closedPosition: number, closedAt: instant, closedReason: fc.constantFrom('requested', 'parked') },
    ...{ postedQuantity: decimal, postedPrice: decimal, postedPosition: number, postedAt: instant, filled: decimal },
    ...{ reserved: decimal, open: decimal, postOnly: fc.boolean(), expiresAt: instant, quantity: decimal },
    ...{ price: decimal, side, instrument: text, participant: text, clientIntentionId: text, id: decimal },
    status: fc.constantFrom('open', 'filled', 'withdrawn', 'expired'),
    timeInForce: fc.constantFrom('gtc', 'ioc', 'fok', 'gtd'),
    type: fc.constantFrom('limit', 'market'),
  },
  {
    requiredKeys: [
      ...(['postedQuantity', 'postedPosition', 'postedAt', 'filled', 'reserved', 'open', 'postOnly'] as const),
      ...(['quantity', 'side', 'instrument', 'participant', 'clientIntentionId', 'id', 'status'] as const),
      ...(['timeInForce', 'type'] as const),
    ],
  },
); // the names of its choices are the view's

const lists: readonly [ListName, string, keyof typeof views, fc.Arbitrary<object>][] = [
  ['deals', 'deals', 'Deal', deal],
  ['intentions', 'intentions', 'Intention', intention],
  ['intentionsByClientId', 'intentions', 'Intention', intention],
  ['positions', 'positions', 'Position', position],
];

describe('the text of a list', () => {
  it.each(lists)(
    'The text of a list is byte for byte what its schema makes of the rows: %s',
    async (query, name, view, row) => {
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 5 }), fc.array(number, { maxLength: 3 }), async (rows, heads) => {
          const found = { value: rows, heads: new Map(heads.entries()) };
          const decoded = (isOnly: boolean): string => new TextDecoder().decode(listText(query, found, isOnly));
          const positionByShard = Object.fromEntries(found.heads);
          expect(decoded(false)).toBe(await bySchema(view, { [name]: rows, positionByShard }));
          const [only] = heads;
          if (only !== undefined) expect(decoded(true)).toBe(await bySchema(view, { [name]: rows, position: only }));
        }),
        runs(30),
      );
    },
  );
});
