import { posted } from '../../../support/reference/posted.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoardSide } from '../../../../src/domain/board/board.js';
import { PriceLevels } from '../../../../src/domain/board/price-levels.js';
import { NegotiatorTable } from '../../../../src/domain/negotiators/negotiator-table.js';
import { Pricing, Side } from '../../../../src/domain/terms.js';

interface Standing {
  readonly row: number;
  /** Undefined for a market intention. */
  readonly price: number | undefined;
  lots: number;
}

type Step =
  | { readonly kind: 'add'; readonly price: number | undefined; readonly lots: number }
  | { readonly kind: 'remove'; readonly pick: number }
  | { readonly kind: 'shrink'; readonly pick: number; readonly by: number };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      price: fc.option(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 0x7fff_fffe })), {
        nil: undefined,
        freq: 9,
      }),
      lots: fc.integer({ min: 1, max: 0x7fff_ffff }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('shrink' as const), pick: fc.nat(), by: fc.integer({ min: 1, max: 50 }) }),
  },
);

/** Best first: market intentions, then price, and the order in which they came. */
function sorted(side: number, standing: readonly Standing[]): Standing[] {
  const rank = ({ price }: Standing): number =>
    price === undefined ? Number.NEGATIVE_INFINITY : side === Side.Buy ? -price : price;
  return [...standing].sort((one, other) => (rank(one) === rank(other) ? 0 : rank(one) - rank(other)));
}

function levels(side: number, standing: readonly Standing[]): [number, number, number][] {
  const limits = sorted(side, standing).filter(({ price }) => price !== undefined);
  const prices = [...new Set(limits.map(({ price }) => price ?? 0))];
  return prices.map((each) => {
    const queue = limits.filter(({ price }) => price === each);
    return [each, queue.reduce((sum, { lots }) => sum + lots, 0), queue.length];
  });
}

describe.each([
  { name: 'buyers', side: Side.Buy },
  { name: 'sellers', side: Side.Sell },
])('the board of $name', ({ side }) => {
  it('The board shows them best price first and oldest first, with the lots of every level, as a sorted array does', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 150, size: 'max' }), (script) => {
        const negotiators = new NegotiatorTable(4);
        const board = new BoardSide(side, negotiators, new PriceLevels(1));
        const standing: Standing[] = [];
        script.forEach((step, index) => {
          const picked = step.kind === 'add' ? undefined : standing[step.pick % Math.max(1, standing.length)];
          if (step.kind === 'add') {
            const { price, lots } = step;
            const pricing = price === undefined ? Pricing.Market : Pricing.Limit;
            const terms = { intentionId: index + 1, side, pricing, priceTicks: price ?? 0, quantityLots: lots };
            const row = negotiators.create(posted(terms), index);
            negotiators.place();
            board.add(row);
            standing.push({ row, price, lots });
          } else if (picked !== undefined && step.kind === 'remove') {
            board.remove(picked.row, picked.lots);
            negotiators.free(picked.row);
            standing.splice(standing.indexOf(picked), 1);
          } else if (picked !== undefined && step.kind === 'shrink' && step.by < picked.lots) {
            negotiators.setQuantityLots(picked.row, picked.lots - step.by);
            board.shrink(picked.row, step.by);
            picked.lots -= step.by;
          }
          expect(board.best()).toBe(sorted(side, standing)[0]?.row ?? -1);
        });
        expect(rowsOf(board)).toEqual(sorted(side, standing).map(({ row }) => row));
        expect(levelsOf(board)).toEqual(levels(side, standing));
        const market = standing.filter(({ price }) => price === undefined);
        expect(board.marketLots()).toBe(market.reduce((sum, { lots }) => sum + lots, 0));
      }),
    );
  });
});

function rowsOf(board: BoardSide): number[] {
  const rows: number[] = [];
  board.visitDownTo(Number.NEGATIVE_INFINITY, (row) => rows.push(row) > 0);
  return rows;
}

function levelsOf(board: BoardSide): [number, number, number][] {
  const shown: [number, number, number][] = [];
  board.visitLevels((...level) => shown.push(level) > 0);
  return shown;
}
