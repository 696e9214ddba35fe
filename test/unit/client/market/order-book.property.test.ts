import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookChecksum } from '../../../../src/client/market/checksum.js';
import { ParleyError } from '../../../../src/client/wire/error.js';
import type { BookDiff, BookSnapshot } from '../../../../src/client/market/market-types.js';
import { OrderBook } from '../../../../src/client/market/order-book.js';
import type { BookLevel } from '../../../../src/client/types.js';

type Side = ReadonlyMap<number, BookLevel>;

interface Model {
  readonly bids: Side;
  readonly asks: Side;
}

const DECIMALS = 2;
const level = fc.record({ ticks: fc.integer({ min: 90, max: 1_105 }), lots: fc.nat(5), isBid: fc.boolean() });
const batches = fc.array(fc.array(level, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 30 });

describe('an order book that is kept from messages', () => {
  it('A book kept from messages is the server’s book after each diff, whatever changed and wherever it began', () => {
    fc.assert(
      fc.property(batches, fc.nat(29), (all, begin) => {
        let model: Model = { bids: new Map(), asks: new Map() };
        const book = new OrderBook('ACME');
        for (const [index, changes] of all.entries()) {
          const next = changed(model, changes);
          if (index === Math.min(begin, all.length - 1)) book.apply(snapshotOf(next, index));
          else if (index > begin) book.apply(diffOf(model, next, index));
          model = next;
        }
        expect(book.bids).toEqual(listed(model.bids, -1));
        expect(book.asks).toEqual(listed(model.asks, 1));
        expect(book.position).toBe(10 * (all.length - 1));
        expect(book.bestBid).toEqual(listed(model.bids, -1)[0]);
        expect(book.bestAsk).toEqual(listed(model.asks, 1)[0]);
      }),
    );
  });

  it('A book refuses a diff that does not begin where it stands, and is empty then', () => {
    const { book, next } = standing();
    expect(() => book.apply({ ...next, from: next.from - 1 })).toThrow(ParleyError);
    expect(book.position).toBe(-1);
    expect(book.bids).toEqual([]);
  });

  it('A book refuses a diff whose checksum is not that of the book after it', () => {
    const { book, next } = standing();
    expect(() => book.apply({ ...next, checksum: next.checksum ^ 1 })).toThrow('out of step');
    expect(book.asks).toEqual([]);
  });

  it('A book refuses a diff before there was a snapshot', () => {
    expect(() => new OrderBook('ACME').apply(standing().next)).toThrow('OUT_OF_STEP');
  });
});

function standing() {
  const before = changed({ bids: new Map(), asks: new Map() }, [{ ticks: 1_000, lots: 3, isBid: true }]);
  const after = changed(before, [{ ticks: 1_001, lots: 2, isBid: false }]);
  const book = new OrderBook('ACME');
  book.apply(snapshotOf(before, 0));
  return { book, next: diffOf(before, after, 1) };
}

function changed(model: Model, changes: readonly { ticks: number; lots: number; isBid: boolean }[]): Model {
  const next = { bids: new Map(model.bids), asks: new Map(model.asks) };
  for (const { ticks, lots, isBid } of changes) {
    const side = isBid ? next.bids : next.asks;
    const price = (ticks / 10 ** DECIMALS).toFixed(DECIMALS);
    if (lots === 0) side.delete(ticks);
    else side.set(ticks, { price, quantity: String(lots), intentions: lots });
  }
  return next;
}

function listed(side: Side, sign: number): BookLevel[] {
  return [...side].sort(([one], [other]) => sign * (one - other)).map(([, each]) => each);
}

function snapshotOf({ bids, asks }: Model, batch: number): BookSnapshot {
  const shown = { bids: listed(bids, -1), asks: listed(asks, 1) };
  const checksum = bookChecksum(shown);
  return {
    channel: 'book',
    type: 'snapshot',
    instrument: 'ACME',
    phase: 'continuous',
    position: 10 * batch,
    ...shown,
    checksum,
  };
}

function diffOf(before: Model, after: Model, batch: number): BookDiff {
  const { checksum } = snapshotOf(after, batch);
  const sides = { bids: diffOfSide(before.bids, after.bids), asks: diffOfSide(before.asks, after.asks) };
  return {
    channel: 'book',
    type: 'diff',
    instrument: 'ACME',
    from: 10 * (batch - 1),
    position: 10 * batch,
    ...sides,
    checksum,
  };
}

function diffOfSide(before: Side, after: Side): BookLevel[] {
  const gone = [...before]
    .filter(([ticks]) => !after.has(ticks))
    .map(([, each]) => ({ ...each, quantity: '0', intentions: 0 }));
  return [...gone, ...[...after].filter(([ticks, each]) => before.get(ticks) !== each).map(([, each]) => each)];
}
