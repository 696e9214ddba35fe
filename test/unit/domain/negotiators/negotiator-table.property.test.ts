import { posted } from '../../../support/reference/posted.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NegotiatorRow, NegotiatorTable } from '../../../../src/domain/negotiators/negotiator-table.js';

const terms = fc.record({
  participantId: fc.integer({ min: 1, max: 0x7fff_ffff }),
  instrumentId: fc.integer({ min: 1, max: 0x7fff_ffff }),
  side: fc.nat(1),
  pricing: fc.nat(1),
  limitTicks: fc.integer({ min: 0, max: 0x7fff_fffe }),
  quantityLots: fc.integer({ min: 1, max: 0x7fff_ffff }),
  timeInForce: fc.nat(3),
  postOnly: fc.boolean(),
});

type Terms = typeof terms extends fc.Arbitrary<infer Value> ? Value : never;

function create(negotiators: NegotiatorTable, id: number, position: number, each: Terms): number {
  const { limitTicks: priceTicks, ...rest } = each;
  const event = posted({ ...rest, intentionId: id, priceTicks });
  return negotiators.create(event, position);
}

function all(negotiators: NegotiatorTable): Map<number, NegotiatorRow> {
  const rows = new Map<number, NegotiatorRow>();
  negotiators.forEachRow((row) => {
    expect(negotiators.rowOf(negotiators.id(row))).toBe(row);
    rows.set(negotiators.id(row), negotiators.describe(row));
  });
  return rows;
}

describe('the table of negotiators', () => {
  /** Terms create one, a number frees one of those that live. */
  const script = fc.array(fc.oneof({ weight: 3, arbitrary: terms }, { weight: 1, arbitrary: fc.nat() }), {
    maxLength: 120,
  });

  it('The table of negotiators remembers each one’s terms while others come and go, and uses the rows of those that are gone again', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const negotiators = new NegotiatorTable(2);
        const live = new Map<number, NegotiatorRow>();
        let most = 0;
        steps.forEach((step, index) => {
          if (typeof step === 'number') {
            const id = [...live.keys()][step % Math.max(1, live.size)];
            if (id === undefined) return;
            negotiators.free(negotiators.rowOf(id));
            live.delete(id);
          } else {
            const id = index + 1;
            const position = 2 ** 33 + index;
            create(negotiators, id, position, step);
            expect(negotiators.rowOf(id)).toBe(negotiators.arrivingRow);
            negotiators.place();
            const fresh = { filledLots: 0, reservedLots: 0, proposals: 0, revision: 1 };
            live.set(id, { intentionId: id, postedPosition: position, placePosition: position, ...step, ...fresh });
            most = Math.max(most, live.size);
          }
          expect(negotiators.size).toBe(live.size);
        });
        expect(all(negotiators)).toEqual(live);
        expect(negotiators.dump().used).toBe(most);
      }),
    );
  });

  it('The table of negotiators is the same after it has been dumped and loaded, and goes on alike', () => {
    fc.assert(
      fc.property(script, terms, (steps, next) => {
        const negotiators = new NegotiatorTable(2);
        const ids: number[] = [];
        steps.forEach((step, index) => {
          if (typeof step === 'number') {
            const [id] = ids.splice(step % Math.max(1, ids.length), 1);
            if (id !== undefined) negotiators.free(negotiators.rowOf(id));
          } else {
            create(negotiators, index + 1, index, step);
            negotiators.place();
            ids.push(index + 1);
          }
        });
        const loaded = new NegotiatorTable();
        loaded.load(structuredClone(negotiators.dump()));
        expect(all(loaded)).toEqual(all(negotiators));
        expect(create(loaded, 1_000, 0, next)).toBe(create(negotiators, 1_000, 0, next));
      }),
    );
  });
});
