import { describe, expect, it } from 'vitest';
import { differencesBetween, fillText, orderText, positionText, type Statement } from '../../bots/statement.js';

const terms = { instrument: 'ACME', side: 'buy' };
const filled = { ...terms, status: 'filled', open: '0', filled: '7' };
const order = (number: number) => orderText({ ...filled, clientIntentionId: `maker-1f-${number}` });
const fill = (deal: string, quantity: string) => fillText({ ...terms, deal, order: '3', price: '99.90', quantity });
const position = (cash: string) => positionText({ instrument: 'ACME', bought: '7', sold: '0', cash });

const ledger: Statement = {
  orders: new Map([
    ['3', order(1)],
    ['5', order(2)],
  ]),
  fills: [fill('3-1', '4'), fill('3-2', '3')],
  positions: [position('-699.30')],
};

describe('a bot’s record beside the ledger', () => {
  it('Two statements of the same differ in nothing, in whatever order and with whatever zeros they are written', () => {
    const bot = { ...ledger, fills: ledger.fills.toReversed(), positions: [position('-699.3')] };
    expect(differencesBetween(bot, ledger)).toEqual([]);
  });

  it.each([
    ['a fill that the bot has not', { fills: [fill('3-1', '4')] }, `the ledger alone says ${fill('3-2', '3')}`],
    [
      'a fill that the bot has twice',
      { fills: [...ledger.fills, fill('3-2', '3')] },
      `the record alone says ${fill('3-2', '3')}`,
    ],
    [
      'an order that the bot has not',
      { orders: new Map([['3', order(1)]]) },
      `the ledger alone says order 5, ${order(2)}`,
    ],
    ['a position that the bot has not', { positions: [] }, `the ledger alone says ${position('-699.3')}`],
  ])('Two statements differ in %s', (_what, change, difference) => {
    expect(differencesBetween({ ...ledger, ...change }, ledger)).toEqual([difference]);
  });

  it('A post that neither the bot’s record nor the ledger has is missed by its number', () => {
    const lost = { ...ledger, orders: new Map([['5', order(2)]]) };
    expect(differencesBetween(lost, lost)).toEqual(['post 1 of the bot is not in the ledger']);
  });
});
