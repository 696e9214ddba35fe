import { describe, expect, it } from 'vitest';
import type { Trade } from '../../../../../src/client/market/market-types.js';
import { withTrades } from '../../../../../src/web/market/tape/tape.js';

const trade = (position: number): Trade => ({
  ...{ position, at: '2026-11-29T10:00:00.000Z', price: '10.25', quantity: '1', takerSide: 'buy' },
});
const positions = (tape: readonly Trade[]): readonly number[] => tape.map(({ position }) => position);

describe('withTrades', () => {
  it('The tape of trades puts new trades first and leaves the oldest out', () => {
    expect(positions(withTrades([trade(3), trade(2)], [trade(4), trade(5)], 3))).toEqual([5, 4, 3]);
  });

  it('The tape of trades takes no trade twice', () => {
    const tape = [trade(3), trade(2)];
    expect(withTrades(tape, [trade(2), trade(3)], 9)).toBe(tape);
    expect(positions(withTrades(tape, [trade(3), trade(4)], 9))).toEqual([4, 3, 2]);
  });
});
