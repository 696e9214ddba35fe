import { afterAll, describe, expect, it } from 'vitest';
import type { CandleInterval } from '../../../../../projections/tape/candles.js';
import type { CandleView } from '../../../../../projections/tape/views.js';
import {
  type CandlesQuery,
  InvalidQueryError,
  MAX_ROWS,
  type PositionsQuery,
} from '../../../../../projections/store/queries/query-terms.js';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import type { IntentionView } from '../../../../../projections/store/queries/views.js';
import { History } from '../../../../support/history/history.js';

/** 1,200 deals of alice's with bob, one of carol's with herself. */
function market(): History {
  const history = new History();
  const [alice, bob, carol] = [history.admit('alice'), history.admit('bob'), history.admit('carol')];
  const [acme, emca] = [history.list('ACME'), history.list('EMCA', { priceDecimals: 0, quantityDecimals: 2 })];
  const [sell, buy] = [history.post(alice, acme, 'sell', 100, 5000), history.post(bob, acme, 'buy', 100, 5000)];
  for (let count = 0; count < 1200; count++) history.deal(sell, buy, 100, 1);
  const own = history.post(carol, emca, 'sell', 7, 150);
  history.deal(own, history.post(carol, emca, 'buy', undefined, 150), 7, 150);
  for (let count = 0; count < 1200; count++) {
    const id = history.post(bob, acme, 'buy', 50, 3);
    if (count % 2 === 0) history.withdraw(id);
  }
  history.reduce(6, 1);
  history.amend(8, 60, 9);
  history.post(carol, emca, 'buy', 3, 5, { timeInForce: 'gtd', expiresAtMs: 1_800_000_000_000, postOnly: true });
  return history;
}

const store = new QueryStore(':memory:');
for (const batch of market().batches()) store.add(batch);
store.commit();
const { queries } = store;
afterAll(() => {
  store.close();
});

const hostileNumbers = [-1.5, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 60, -7];
const hostileTexts = [
  '',
  "' OR 1=1 --",
  '1; DROP TABLE deals',
  '-1',
  '1e3',
  '9'.repeat(400),
  '１',
  '\u0000',
  '%',
  '__proto__',
];

describe('deals', () => {
  it('Deals come latest first to the end, or from a position on, always in log order', () => {
    const all = queries.deals({ after: -1, limit: 1000 });
    expect(all).toHaveLength(1000);
    expect(all.map(({ position }) => position)).toEqual(
      all.map(({ position }) => position).sort((one, other) => one - other),
    );
    const rest = queries.deals({ after: all.at(-1)?.position, limit: 1000 });
    expect([...all.slice(-100), ...rest].slice(-100)).toEqual(queries.deals());
    const before = queries.deals({ before: rest[0]?.position, limit: 3 });
    expect(before).toEqual(all.slice(-3));
    expect(queries.deals({ after: all[3]?.position, before: all[6]?.position })).toEqual(all.slice(4, 6));
  });

  it('Deals are found by a participant, an instrument, an intention, or any of them together', () => {
    expect(queries.deals({ participant: 'alice', instrument: 'EMCA' })).toEqual([]);
    expect(queries.deals({ participant: 'alice', instrument: 'ACME', intention: '2', limit: 2 })).toHaveLength(2);
    expect(queries.deals({ participant: 'carol', intention: '2' })).toEqual([]);
    expect(queries.deals({ instrument: 'EMCA', intention: '2' })).toEqual([]);
    expect(queries.deals({ instrument: 'EMCA' })).toEqual(queries.deals({ participant: 'carol' }));
  });

  it('Deals with oneself are shown once', () => {
    expect(queries.deals({ participant: 'carol' })).toMatchObject([
      { id: '3-1', buyer: 'carol', seller: 'carol', price: '7', quantity: '1.50', takerSide: 'buy' },
    ]);
    expect(queries.positions({ participant: 'carol' })).toEqual([
      { participant: 'carol', instrument: 'EMCA', bought: '1.50', sold: '1.50', net: '0.00', cash: '0.00' },
    ]);
  });

  it('Deals are found by their id', () => {
    expect(queries.deal('1-1200')).toMatchObject({ id: '1-1200', outcome: 'confirmed', buyerIntention: '2' });
    expect(queries.deal('1-1201')).toBeUndefined();
  });
});

describe('intentions', () => {
  it('Intentions come in the order of their ids, page by page', () => {
    const first = queries.intentions({ participant: 'bob', limit: 700 });
    const second = queries.intentions({ participant: 'bob', limit: 700, after: first.at(-1)?.id });
    const ids = [...first, ...second].map(({ id }) => Number(id));
    expect(ids).toEqual([2, ...Array.from({ length: 1200 }, (_, index) => index + 5)]);
  });

  it('Intentions of anybody, an instrument, a side or a status, or any of them together, are those of all that fit', () => {
    const all = [
      ...queries.intentions({ limit: MAX_ROWS }),
      ...queries.intentions({ limit: MAX_ROWS, after: String(MAX_ROWS) }),
    ];
    expect(all.map(({ id }) => Number(id))).toEqual(Array.from({ length: 1205 }, (_, index) => index + 1));
    for (const participant of [undefined, 'bob', 'carol', 'nobody'])
      for (const instrument of [undefined, 'ACME', 'EMCA', 'NONE'])
        for (const side of [undefined, 'buy', 'sell'] as const)
          for (const status of [undefined, 'open', 'filled', 'withdrawn'] as const) {
            const wanted = { participant, instrument, side, status };
            const fits = (each: IntentionView): boolean =>
              [participant ?? each.participant, instrument ?? each.instrument].join() ===
                [each.participant, each.instrument].join() &&
              [side ?? each.side, status ?? each.status].join() === [each.side, each.status].join();
            const expected = all.filter(fits).map(({ id }) => id);
            const first = queries.intentions({ ...wanted, limit: 500 }).map(({ id }) => id);
            expect(first, JSON.stringify(wanted)).toEqual(expected.slice(0, 500));
            const rest = queries.intentions({ ...wanted, limit: MAX_ROWS, after: first.at(-1) ?? '0' });
            expect(
              rest.map(({ id }) => id),
              JSON.stringify(wanted),
            ).toEqual(expected.slice(500));
          }
  });

  it('Intentions show how they were posted and their state now', () => {
    expect(queries.intention('6')).toMatchObject({ quantity: '2', postedQuantity: '3', status: 'open', open: '2' });
    expect(queries.intention('8')).toMatchObject({
      price: '0.60',
      postedPrice: '0.50',
      quantity: '9',
      postedQuantity: '3',
    });
    expect(queries.intention('4')).not.toHaveProperty('price');
    expect(queries.intention('4')).toMatchObject({
      type: 'market',
      timeInForce: 'ioc',
      status: 'filled',
      filled: '1.50',
    });
    expect(queries.intention('5')).toMatchObject({
      status: 'withdrawn',
      closedReason: 'requested',
      open: '0',
      quantity: '3',
    });
    expect(queries.intention('1205')).toMatchObject({
      timeInForce: 'gtd',
      expiresAt: '2027-01-15T08:00:00.000Z',
      postOnly: true,
    });
  });

  it('Intentions are what the exchange calls an intention’s view', () => {
    const view: IntentionView | undefined = queries.intention('1');
    expect(view?.id).toBe('1');
  });
});

describe('hostile questions', () => {
  it('Hostile questions get a bounded number of rows', () => {
    expect(queries.deals({ limit: Number.MAX_SAFE_INTEGER })).toHaveLength(MAX_ROWS);
    expect(queries.intentions({ participant: 'bob', limit: 1e9 })).toHaveLength(MAX_ROWS);
    expect(queries.positions({ limit: 1e9 }).length).toBeLessThanOrEqual(MAX_ROWS);
    expect(queries.candles({ instrument: 'ACME', interval: '1m', limit: 1e9 })?.candles).toHaveLength(1);
    expect(queries.trades({ instrument: 'ACME', limit: 1e9 })?.trades).toHaveLength(MAX_ROWS);
    expect(queries.account({ participant: 'alice', after: -1, limit: 1e9 }).deals).toHaveLength(MAX_ROWS);
  });

  it('Hostile questions are refused when their numbers are none', () => {
    for (const number of hostileNumbers) {
      expect(() => queries.deals({ limit: number })).toThrow(InvalidQueryError);
      expect(() => queries.deals({ after: number })).toThrow(InvalidQueryError);
      expect(() => queries.deals({ before: number })).toThrow(InvalidQueryError);
      expect(() => queries.intentions({ participant: 'bob', limit: number })).toThrow(InvalidQueryError);
      expect(() => queries.positions({ limit: number })).toThrow(InvalidQueryError);
      expect(() => queries.deals({ at: number })).toThrow(InvalidQueryError);
      for (const wrong of [{ fromMs: number }, { untilMs: number }, { at: number }, { limit: number }]) {
        expect(() => queries.candles({ instrument: 'ACME', interval: '1m', ...wrong })).toThrow(InvalidQueryError);
      }
      for (const wrong of [{ after: number }, { before: number }, { at: number }, { limit: number }]) {
        expect(() => queries.trades({ instrument: 'ACME', ...wrong })).toThrow(InvalidQueryError);
      }
      expect(() => queries.ticker('ACME', { nowMs: number })).toThrow(InvalidQueryError);
      expect(() => queries.account({ participant: 'bob', after: number })).toThrow(InvalidQueryError);
    }
    expect(() => queries.deals({ limit: 0 })).toThrow(InvalidQueryError);
  });

  it('Hostile questions find nothing when their texts name nothing', () => {
    for (const text of hostileTexts) {
      expect(queries.deal(text)).toBeUndefined();
      expect(queries.intention(text)).toBeUndefined();
      expect(queries.intentionByClientId(text, text)).toBeUndefined();
      expect(queries.intentionByClientId('bob', text)).toBeUndefined();
      expect(queries.deals({ participant: text })).toEqual([]);
      expect(queries.deals({ instrument: text })).toEqual([]);
      expect(queries.deals({ intention: text })).toEqual([]);
      expect(queries.intentions({ participant: text })).toEqual([]);
      expect(queries.positions({ participant: text })).toEqual([]);
      expect(queries.candles({ instrument: text, interval: '1m' })).toBeUndefined();
      expect(queries.trades({ instrument: text })).toBeUndefined();
      expect(queries.ticker(text, { nowMs: 0 })).toBeUndefined();
      expect(queries.account({ participant: text, after: -1 })).toMatchObject({
        intentions: [],
        positions: [],
        deals: [],
      });
      const candles: CandlesQuery = { instrument: 'ACME', interval: text as CandleInterval }; // which it is not
      expect(() => queries.candles(candles)).toThrow(InvalidQueryError);
      expect(() => queries.positions({ after: { participant: text, instrument: 'ACME' } })).toThrow(InvalidQueryError);
    }
    expect(() => queries.intentions({ participant: 'bob', after: 'x' })).toThrow(InvalidQueryError);
    expect(queries.deals()).toHaveLength(100);
  });
});

it('A store pages through positions by name, from names that nobody here has', () => {
  const names = (query: PositionsQuery): string[] =>
    queries.positions({ ...query, byName: true }).map(({ participant, instrument }) => `${participant}/${instrument}`);
  expect(names({})).toEqual(['alice/ACME', 'bob/ACME', 'carol/EMCA']);
  expect(names({ limit: 1 })).toEqual(['alice/ACME']);
  expect(names({ after: { participant: 'alice', instrument: 'ZZZ' } })).toEqual(['bob/ACME', 'carol/EMCA']);
  expect(names({ after: { participant: 'aaron', instrument: 'X' }, participant: 'bob' })).toEqual(['bob/ACME']);
  expect(names({ participant: 'nobody' })).toEqual([]);
  expect(queries.positions({ byName: true })).toEqual(queries.positions());
});

it('A store pages through positions', () => {
  const [first] = queries.positions({ limit: 1 });
  expect(first).toMatchObject({ participant: 'alice', net: '-1200', cash: '1200.00' });
  expect(queries.positions({ after: first })).toMatchObject([{ participant: 'bob' }, { participant: 'carol' }]);
  expect(queries.positions({ participant: 'bob', after: first })).toMatchObject([{ participant: 'bob' }]);
});

it('A store shows candles from a time on, or the latest', () => {
  const candles = (query: Partial<CandlesQuery>): readonly CandleView[] | undefined =>
    queries.candles({ instrument: 'ACME', interval: '1m', ...query })?.candles;
  const [candle] = candles({}) ?? [];
  expect(candle).toMatchObject({ open: '1.00', volume: '1200', deals: 1200 });
  const startMs = Date.parse(candle?.start ?? '');
  expect(candles({ fromMs: startMs })).toEqual([candle]);
  expect(candles({ fromMs: startMs + 1 })).toEqual([]);
  expect(candles({ untilMs: startMs })).toEqual([]);
});
