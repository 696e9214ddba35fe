import { describe, expect, it } from 'vitest';
import { type BookState, ladderOf } from '../../../../../src/web/market/book/ladder-rows.js';

const level = (price: string, quantity: string) => ({ price, quantity, intentions: 1 });
const book: BookState = {
  phase: 'continuous',
  position: 10,
  bids: [level('10.20', '1.5'), level('10.15', '3.0'), level('10.10', '6.0')],
  asks: [level('10.25', '2.0')],
};
const nobody = new Map<string, string>();

describe('ladderOf', () => {
  it('The ladder of a book shows the best levels, their sums and their parts of the largest one', () => {
    const { bids, asks, moreBids, moreAsks, spread } = ladderOf(book, { levels: 2, own: nobody });
    expect(bids.map(({ price, total, share }) => ({ price, total, share }))).toEqual([
      { price: '10.20', total: '1.5', share: 0.5 },
      { price: '10.15', total: '4.5', share: 1 },
    ]);
    expect(asks.map(({ total }) => total)).toEqual(['2.0']);
    expect({ moreBids, moreAsks, spread }).toEqual({ moreBids: 1, moreAsks: 0, spread: '0.05' });
  });

  it('The ladder of a book marks one’s own part by side and price', () => {
    const own = new Map([['buy 10.15', '1.0']]);
    expect(ladderOf(book, { levels: 3, own }).bids.map((row) => row.own)).toEqual([undefined, '1.0', undefined]);
  });

  it('The ladder of a book gives the same object for each row that is as it was, so that it is not drawn again', () => {
    const options = { levels: 3, own: nobody };
    const before = ladderOf(book, options);
    const changed = { ...book, bids: [level('10.20', '1.5'), level('10.15', '2.5'), level('10.10', '6.0')] };
    const after = ladderOf(changed, options, before);
    expect(after.bids[0]).toBe(before.bids[0]);
    expect(after.bids[1]).not.toBe(before.bids[1]);
    expect(after.asks[0]).toBe(before.asks[0]);
  });

  it('The ladder of a book says when bids and asks overlap, as they may in a call', () => {
    const crossed = { ...book, asks: [level('10.20', '1.0')] };
    expect(ladderOf(crossed, { levels: 3, own: nobody })).toMatchObject({ isCrossed: true, spread: '0.00' });
    expect(ladderOf({ ...book, asks: [] }, { levels: 3, own: nobody })).toMatchObject({ isCrossed: false });
  });
});
