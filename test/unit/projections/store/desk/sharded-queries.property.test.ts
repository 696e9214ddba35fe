import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf, POSITIONS_PER_SHARD } from '../../../../../projections/store/places.js';
import type { StoreQueries } from '../../../../../projections/store/queries/queries.js';
import type { DealsQuery } from '../../../../../projections/store/queries/query-terms.js';
import type { AskedStore } from '../../../../../projections/store/desk/asked-stores.js';
import { ShardedQueries } from '../../../../../projections/store/desk/sharded-queries.js';
import type { DealView } from '../../../../../projections/tape/views.js';
import { runs } from '../../../../support/property/runs.js';

/** A stand-in for a shard's store: it holds deals and nothing else, and pages through them as the real one does. */
const fewDeals = (rows: readonly DealView[]): AskedStore => {
  const deals = ({ after, before = Number.MAX_SAFE_INTEGER, limit = 100 }: DealsQuery): readonly DealView[] => {
    const found = rows.filter(({ position }) => position > (after ?? -1) && position < before);
    return after === undefined ? found.slice(-limit) : found.slice(0, limit);
  };
  const queries = { deals } as unknown as StoreQueries; // nothing else is asked
  return { find: (ask) => ({ value: ask(queries), position: 0 }) };
};

/** Positions grow, times mostly do. */
const shardDeals = (shard: number) =>
  fc
    .array(fc.record({ step: fc.integer({ min: 1, max: 9 }), second: fc.integer({ min: 0, max: 30 }) }))
    .map((steps) => {
      let position = -1;
      return steps.map(({ step, second }) => {
        position += step;
        const at = new Date(1_700_000_000_000 + (position + second) * 1_000).toISOString();
        // Only what is looked at here; nothing asks for the rest.
        return { id: `${shard}-${position}`, position, at } as DealView;
      });
    });
const shards = fc.tuple(shardDeals(0), shardDeals(1), shardDeals(4));
const limits = fc.integer({ min: 1, max: 12 });

function queriesOf([zero, one, four]: readonly [DealView[], DealView[], DealView[]]): ShardedQueries {
  const stores = [
    [0, fewDeals(zero)],
    [1, fewDeals(one)],
    [4, fewDeals(four)],
  ] as const;
  return new ShardedQueries(new Map(stores), false);
}

const idsOf = (deals: readonly DealView[]): string[] => deals.map(({ id }) => id);

describe('the deals of several shards', () => {
  it('The deals of several shards come each once, shard after shard, whatever the size of the pages', () => {
    fc.assert(
      fc.property(shards, limits, (deals, limit) => {
        const queries = queriesOf(deals);
        const found: DealView[] = [];
        for (let after = -1; ; after = found.at(-1)?.position ?? 0) {
          const { value: page } = queries.deals({ after, limit });
          expect(page.length).toBeLessThanOrEqual(limit);
          found.push(...page);
          if (page.length === 0) break;
        }
        expect(idsOf(found)).toEqual(idsOf(deals.flat()));
      }),
      runs(100),
    );
  });

  it('The deals of several shards lie strictly between two places', () => {
    const place = fc.tuple(fc.constantFrom(0, 1, 2, 4, 5), fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(shards, place, place, (deals, from, to) => {
        const [after, before] = [placeOf(...from), placeOf(...to)];
        const { value: found } = queriesOf(deals).deals({ after, before, limit: 1_000 });
        const { value: all } = queriesOf(deals).deals({ after: -1, limit: 1_000 });
        expect(found).toEqual(all.filter(({ position }) => position > after && position < before));
      }),
      runs(200),
    );
  });

  it('The deals of several shards are the latest of all by time where no place is given, each shard’s in its own order', () => {
    fc.assert(
      fc.property(shards, limits, (deals, limit) => {
        const { value: found } = queriesOf(deals).deals({ limit });
        expect(found).toHaveLength(Math.min(limit, deals.flat().length));
        for (const [index, shard] of [0, 1, 4].entries()) {
          const own = found.filter(({ position }) => Math.floor(position / POSITIONS_PER_SHARD) === shard);
          const rows = deals[index] ?? [];
          expect(idsOf(own)).toEqual(idsOf(rows.slice(rows.length - own.length)));
          // What was left out is not later than what any other shard shows of its own.
          const left = rows.at(-own.length - 1)?.at;
          const isLater = (deal: DealView): boolean => left !== undefined && deal.at < left && !own.includes(deal);
          const others = found.filter(isLater);
          const hasTurnedBack = rows.some(({ at }, place) => at < (rows[place - 1]?.at ?? ''));
          if (!hasTurnedBack) expect(others).toEqual([]);
        }
      }),
      runs(200),
    );
  });
});

describe('one shard', () => {
  it('One shard is asked as it is, whatever its number', () => {
    const deal = { id: '7-1', position: 5, at: '' } as DealView; // only what is looked at here
    const queries = new ShardedQueries(new Map([[3, fewDeals([deal])]]), true);
    expect(queries.deals({}).value).toEqual([deal]);
    expect(queries.deals({ before: 6 }).value).toEqual([deal]);
  });
});
