import { describe, expect, it } from 'vitest';
import { explain } from '../../../../projections/why/explain.js';
import { explanationJson } from '../../../../projections/why/explanation-json.js';
import { explanationText } from '../../../../projections/why/explanation-text.js';
import { withoutCounterparties } from '../../../../projections/why/hidden.js';
import { logOf } from '../../../support/history/history-log.js';
import { Market, told } from './told.js';

describe('why an intention did not deal when it came', () => {
  it('Why an intention did not deal when it came is that nobody stood on the other side', async () => {
    const market = new Market();
    expect((await told(market, market.buy(1025, 100))).sentence('posted')).toBe(
      'Posted at 10.25. There were no sellers.',
    );
  });

  it('Why an intention did not deal when it came is that its limit did not reach the best', async () => {
    const market = new Market();
    market.sell(1030, 30);
    market.sell(1030, 20);
    market.sell(1031, 99);
    const { sentence } = await told(market, market.buy(1025, 100));
    expect(sentence('posted')).toBe(
      'Posted at 10.25. The best offer was 10.30, for 50: its limit of 10.25 did not reach it.',
    );
  });

  it('Why an intention did not deal when it came is that a call phase collected it', async () => {
    const market = new Market();
    market.sell(1020, 30);
    market.phase(market.acme, 'call');
    const { sentence, kinds } = await told(market, market.buy(1025, 100));
    expect(sentence('posted')).toBe('Posted at 10.25. It was collected for the auction.');
    expect(sentence('open')).toBe('Still open with 100, first in line among the buyers: it waits for the auction.');
    expect(kinds).toEqual(['posted', 'open']);
  });

  it('Why an intention did not deal when it came is that it had to be filled whole and could not', async () => {
    const market = new Market();
    market.sell(1020, 30);
    const buyer = market.buy(1025, 100, { timeInForce: 'fok' });
    market.withdraw(buyer, 'fillOrKill');
    const { sentence } = await told(market, buyer);
    expect(sentence('posted')).toContain('30 stood there within its limit, 70 too little to fill it at once.');
    expect(sentence('withdrawn')).toBe('Withdrawn with 100 open: it could not be filled whole at once (fill or kill).');
  });
});

describe('why an intention was filled', () => {
  it('Why an intention was filled names each deal, with whom, at which price, and who came to whom', async () => {
    const market = new Market();
    const seller = market.sell(1020, 60);
    const buyer = market.buy(1025, 100);
    const first = market.deal(seller, buyer, 1020, 60);
    const second = market.deal(buyer, market.sell(1015, 40), 1025, 40);
    const { text } = await told(market, buyer);
    expect(text).toBe(
      `
Intention 2: alice wanted to buy 100 ACME at 10.25, good till cancelled. It was filled whole.
     6  Posted at 10.25. The best offer was 10.20; 60 stood there within its limit, 40 too little to
        fill it at once.
     ${first + 2}  Bought 60 at 10.20 from bob’s intention 1, which stood there (deal 1-1).
     ${first + 2}  It came to rest with 40 open, first in line among the buyers.
    ${second + 2}  Bought 40 at 10.25 from bob’s intention 3, which arrived (deal 2-1).
    ${second + 3}  Filled whole.
`.trimStart(),
    );
  });

  it('Why an intention was filled tells the seller’s side in the seller’s words', async () => {
    const market = new Market();
    const seller = market.sell(1030, 10);
    const buyer = market.rival(1020, 5);
    market.withdraw(buyer);
    market.deal(seller, market.buy(1030, 10), 1030, 10);
    const { sentence } = await told(market, seller);
    expect(sentence('closest')).toBe(
      'While it stood, the closest bid that did not reach its limit was 10.20, 0.10 below it.',
    );
    expect(sentence('deal')).toBe('Sold 10 at 10.30 to alice’s intention 3, which arrived (deal 1-1).');
  });

  it('Why an intention was filled tells of so many deals one by one, and sums up the rest', async () => {
    const market = new Market();
    const buyer = market.buy(1025, 1000);
    for (let count = 0; count < 510; count++) market.deal(buyer, market.sell(1025, 1), 1025, 1);
    const { explanation, sentence } = await told(market, buyer);
    expect(explanation.reasons.length).toBeLessThan(510);
    expect(sentence('more')).toBe('And 10 more deals up to here, of 10 together.');
    expect(explanation.filledLots).toBe(510);
  });
});

describe('why an intention waited', () => {
  it('Why an intention waited is what stood before it, at its own price and at better ones', async () => {
    const market = new Market();
    market.rival(1025, 30);
    market.rival(1025, 20);
    market.rival(1026, 7);
    market.rival(1024, 99);
    const { sentence } = await told(market, market.buy(1025, 100));
    expect(sentence('open')).toBe(
      'Still open with 100, behind 50 at the same price and 7 at better ones: it waits for an offer of 10.25 or less; there are no sellers now.',
    );
  });

  it('Why an intention waited is how close the other side’s best ever came, and when', async () => {
    const market = new Market();
    const buyer = market.buy(1025, 100);
    const far = market.sell(1040, 10);
    const near = market.sell(1027, 10);
    const position = market.last;
    market.withdraw(near);
    market.amend(far, 1035, 10);
    const { explanation, sentence } = await told(market, buyer);
    expect(sentence('closest')).toBe(
      'While it stood, the closest offer that did not reach its limit was 10.27, 0.02 above it.',
    );
    expect(explanation.reasons).toContainEqual(expect.objectContaining({ kind: 'closest', position }));
    expect(sentence('open')).toContain('the best is 10.35 now.');
  });

  it('Why an intention waited is that arrivals dealt with those before it in the queue', async () => {
    const market = new Market();
    const before = market.rival(1025, 30);
    const buyer = market.buy(1025, 100);
    const first = market.deal(before, market.sell(1025, 10), 1025, 10);
    const last = market.deal(before, market.sell(1020, 15), 1025, 15);
    const { explanation, sentence } = await told(market, buyer);
    expect(sentence('taken')).toBe(
      `Sellers who reached its limit dealt 25 in 2 deals (from position ${first + 2} to ${last + 2}) with those who stood before it.`,
    );
    expect(explanation.reasons).not.toContainEqual(expect.objectContaining({ kind: 'overtaken' }));
  });

  it('Why an intention waited is that later arrivals with a better price were dealt with first', async () => {
    const market = new Market();
    const buyer = market.buy(1025, 100);
    const later = market.rival(1026, 10);
    market.deal(later, market.sell(1020, 10), 1026, 10);
    const { sentence } = await told(market, buyer);
    expect(sentence('overtaken')).toBe(
      'Sellers who reached its limit dealt 10 in one deal with those who came later and had a better price.',
    );
  });

  it('Why an intention waited does not count deals that were out of its reach', async () => {
    const market = new Market();
    const buyer = market.buy(1025, 100);
    const later = market.rival(1030, 10);
    market.deal(later, market.sell(1028, 10), 1030, 10);
    const other = market.list('OTHER');
    const elsewhere = market.post(market.carol, other, 'buy', 1030, 10);
    market.deal(elsewhere, market.post(market.bob, other, 'sell', 1010, 10), 1030, 10);
    expect((await told(market, buyer)).kinds).toEqual(['posted', 'rested', 'closest', 'open']);
  });

  it('Why an intention waited is that it lost its place when it was amended, and kept it when it was reduced', async () => {
    const market = new Market();
    const buyer = market.buy(1025, 100);
    market.rival(1025, 30);
    market.reduce(buyer, 10);
    const amended = market.amend(buyer, 1025, 95);
    market.rival(1001, 1);
    const { explanation, sentence, kinds } = await told(market, buyer);
    expect(kinds).toEqual(['posted', 'rested', 'reduced', 'amended', 'rested', 'open']);
    expect(sentence('reduced')).toBe('Made smaller by 10; it kept its place.');
    expect(sentence('amended')).toBe('Amended to 95 at 10.25: it lost its place. There were no sellers.');
    const rests = explanation.reasons.filter((reason) => reason.kind === 'rested');
    expect(rests).toMatchObject([{ samePriceLots: 0 }, { samePriceLots: 30, position: amended }]);
  });

  it('Why an intention waited is that a deal is in doubt', async () => {
    const market = new Market();
    const seller = market.sell(1020, 60);
    const buyer = market.buy(1025, 100);
    market.propose(seller, buyer, 1020, 60);
    const { sentence } = await told(market, buyer);
    expect(sentence('inDoubt')).toBe('Deal 1-1 with bob’s intention 1, for up to 60 at 10.20, is not decided yet.');
  });
});

describe('why a deal came to nothing', () => {
  it('Why a deal came to nothing is that one side declined, and for what reason', async () => {
    const market = new Market();
    const seller = market.sell(1020, 60);
    const buyer = market.buy(1025, 100);
    market.refusal(seller, buyer, 1020, 60);
    expect((await told(market, buyer)).sentence('aborted')).toBe(
      'Deal 1-1 with bob’s intention 1 came to nothing: it declined, because it is in doubt about another deal.',
    );
    expect((await told(market, seller)).sentence('aborted')).toContain('the other side declined');
  });

  it('Why a deal came to nothing is that nobody answered in time; a late decision is no reason', async () => {
    const market = new Market();
    const seller = market.sell(1020, 60);
    const buyer = market.buy(1025, 60);
    const deal = market.propose(seller, buyer, 1020, 60);
    market.accept(seller, deal, 60);
    market.abort(seller, deal, 'responderDeadline');
    market.confirm(seller, deal, 60);
    market.settle(seller, seller, deal, 0);
    market.settle(buyer, seller, deal, 0);
    const { sentence, explanation } = await told(market, buyer);
    expect(sentence('aborted')).toBe('Deal 1-1 with bob’s intention 1 came to nothing: no decision came in time.');
    expect(sentence('deal')).toBeUndefined();
    expect(explanation.filledLots).toBe(0);
  });
});

describe('why an intention is gone', () => {
  it.each([
    ['requested', 'Withdrawn on request with 100 open.'],
    ['parked', 'Withdrawn with 100 open: its negotiator failed again and again and was parked.'],
  ] as const)('Why an intention is gone is that it was withdrawn: %s', async (reason, sentence) => {
    const market = new Market();
    const buyer = market.buy(1025, 100);
    market.withdraw(buyer, reason);
    expect((await told(market, buyer)).sentence('withdrawn')).toBe(sentence);
  });

  it('Why an intention is gone is that it may not stay', async () => {
    const market = new Market();
    const ioc = market.buy(1025, 100, { timeInForce: 'ioc' });
    market.withdraw(ioc, 'immediateOrCancel');
    const atMarket = market.buy(undefined, 100);
    market.withdraw(atMarket, 'marketRemainder');
    expect((await told(market, ioc)).text).toContain('what cannot deal at once does not stay (immediate or cancel).');
    const { text } = await told(market, atMarket);
    expect(text).toContain('alice wanted to buy 100 ACME at market, immediate or cancel. Nothing was filled, the');
    expect(text).toContain('the rest of a market intention does not stay.');
  });

  it('Why an intention is gone is that its time was over', async () => {
    const market = new Market();
    const buyer = market.buy(1025, 100, { timeInForce: 'gtd', expiresAtMs: market.atMs });
    market.expire(buyer);
    expect((await told(market, buyer)).sentence('expired')).toBe('Its time was over: it expired with 100 open.');
  });

  it('Why an intention is gone is that another intention of the same participant came, which says so too', async () => {
    const market = new Market();
    const buyer = market.buy(1025, 100);
    const own = market.post(market.alice, market.acme, 'sell', 1020, 10);
    market.withdraw(buyer, 'selfTrade');
    expect((await told(market, buyer)).sentence('withdrawn')).toBe(
      'Withdrawn with 100 open: intention 2 of the same participant arrived and would have dealt with it.',
    );
    expect((await told(market, own)).sentence('ownWithdrawn')).toMatch(
      /^Intention 1 of the same participant stood in its way/,
    );
  });
});

describe('what an auction did for an intention', () => {
  function auction(): { market: Market; first: number; second: number; low: number } {
    const market = new Market();
    market.phase(market.acme, 'call');
    const first = market.rival(1030, 15);
    const second = market.buy(1030, 15);
    const low = market.buy(1005, 15);
    const seller = market.sell(1010, 20);
    market.uncross(market.acme, 1030, 20);
    market.deal(first, seller, 1030, 15);
    market.deal(second, seller, 1030, 5);
    market.phase(market.acme, 'continuous');
    return { market, first, second, low };
  }

  it('What an auction did for an intention is to fill it', async () => {
    const { market, first } = auction();
    const { sentence, kinds } = await told(market, first);
    expect(sentence('auction')).toBe('The auction dealt 20 at 10.30, and filled it.');
    expect(sentence('deal')).toBe('Bought 15 at 10.30 from bob’s intention 4, in the auction (deal 1-1).');
    expect(kinds).toEqual(['posted', 'auction', 'deal', 'filled']);
  });

  it('What an auction did for an intention is to fill it in part, as there were others before it', async () => {
    const { market, second } = auction();
    expect((await told(market, second)).sentence('auction')).toBe(
      'The auction dealt 20 at 10.30. It got 5 of 15: buyers wanted more than that, and 15 stood before it.',
    );
  });

  it('What an auction did for an intention is nothing where its limit did not reach the price', async () => {
    const { market, low } = auction();
    const { sentence, kinds } = await told(market, low);
    expect(sentence('auction')).toBe('The auction dealt 20 at 10.30; its limit did not reach that price.');
    expect(sentence('rested')).toBe('It came to rest with 15 open, behind 10 at better prices.');
    expect(kinds).toEqual(['posted', 'auction', 'phase', 'rested', 'open']);
  });

  it('What an auction did for an intention is nothing where nothing could be dealt', async () => {
    const market = new Market();
    market.phase(market.acme, 'call');
    const buyer = market.buy(1025, 100);
    market.uncross(market.acme, 0, 0);
    expect((await told(market, buyer)).sentence('auction')).toBe(
      'The auction found no price at which anything could be dealt.',
    );
  });
});

describe('an explanation', () => {
  it('An explanation gives the facts as JSON, in decimals and names', async () => {
    const market = new Market();
    const seller = market.sell(1020, 60);
    const buyer = market.buy(1025, 100);
    const position = market.deal(seller, buyer, 1020, 60) + 2;
    const { json } = await told(market, buyer);
    expect(json).toMatchObject({
      intention: '2',
      participant: 'alice',
      instrument: 'ACME',
      side: 'buy',
      type: 'limit',
      price: '10.25',
      quantity: '100',
      timeInForce: 'gtc',
      state: 'open',
      filled: '60',
      open: '40',
    });
    expect(json.reasons[0]).toMatchObject({
      kind: 'posted',
      bestPrice: '10.20',
      bestQuantity: '60',
      reachableQuantity: '60',
    });
    expect(json.reasons[1]).toEqual({
      position,
      kind: 'deal',
      text: 'Bought 60 at 10.20 from bob’s intention 1, which stood there (deal 1-1).',
      price: '10.20',
      quantity: '60',
      how: 'standing',
      initiator: '1',
      dealNumber: 1,
      other: '1',
      participant: 'bob',
    });
  });

  it('An explanation is of the log up to a position, and does not exist before the intention does', async () => {
    const market = new Market();
    const buyer = market.buy(1025, 100);
    const posted = market.last;
    market.withdraw(buyer);
    expect((await told(market, buyer, posted + 1)).explanation.state).toBe('open');
    expect(await explain(logOf(market), buyer, { until: posted })).toBeUndefined();
    expect(await explain(logOf(market), 99)).toBeUndefined();
  });

  it('An explanation is not changed by being asked for', async () => {
    const market = new Market();
    market.sell(1030, 10);
    const buyer = market.buy(1025, 100);
    market.rival(1026, 5);
    market.seal();
    const first = await told(market, buyer);
    expect((await told(market, buyer)).explanation).toEqual(first.explanation);
  });
});

describe('an explanation as text', () => {
  it('An explanation as text is wrapped to the columns that there are', async () => {
    const market = new Market();
    market.sell(1030, 30);
    const id = market.buy(1025, 100);
    const read = await explain(logOf(market), id);
    if (read === undefined) throw new Error('the log knows the intention');
    const { explanation, names } = read;
    const wide = explanationText(explanation, names);
    expect(explanationText(explanation, names, 500)).toBe(wide);
    for (const columns of [40, 60, 80]) {
      const text = explanationText(explanation, names, columns);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
      expect(text.replaceAll(/\s+/g, ' ')).toBe(wide.replaceAll(/\s+/g, ' '));
    }
  });
});

describe('why an intention was guarded against', () => {
  const limits = { openQuantity: '', netPosition: '', intentionsPerSecond: 1, halted: false, withdraws: false };

  it('Why an intention came late is told by the refusals of its post, with the limit that refused it', async () => {
    const market = new Market();
    const whose = { participantId: market.alice, instrumentId: market.acme };
    market.append({ type: 'LimitsSet', ...whose, ...limits, atMs: market.atMs++ });
    const refused = { type: 'PostRefused', ...whose, clientIntentionId: 'late', code: 'LIMIT_RATE' } as const;
    const position = market.append({ ...refused, atMs: market.atMs++ });
    const buyer = market.buy(1025, 100, { clientIntentionId: 'late' });
    const { text, sentence } = await told(market, buyer);
    expect(sentence('refused')).toBe(
      'A post of it was refused: the participant has posted as many intentions in this second as its limit allows.',
    );
    expect(text).toMatch(new RegExp(`${position}  A post of it was refused`));
  });

  it('Why an intention was withdrawn is told of a switch that lapsed and of a halt', async () => {
    const market = new Market();
    const [first, second] = [market.buy(1025, 100), market.buy(1025, 50)];
    market.withdraw(first, 'switchLapsed');
    market.withdraw(second, 'halted');
    expect((await told(market, first)).sentence('withdrawn')).toBe(
      'Withdrawn with 100 open: its participant’s dead man’s switch was not set again in time, and lapsed.',
    );
    expect((await told(market, second)).sentence('withdrawn')).toBe(
      'Withdrawn with 50 open: an operator halted its participant.',
    );
  });

  it('Why an intention was filled is told without the counterparties, where they are hidden from who asks', async () => {
    const market = new Market();
    const seller = market.sell(1020, 60);
    const buyer = market.buy(1025, 60);
    market.deal(seller, buyer, 1020, 60);
    const found = await explain(logOf(market), buyer);
    if (found === undefined) throw new Error('it was posted');
    const hidden = withoutCounterparties(found.explanation);
    const json = explanationJson(hidden, found.names);
    expect(json.reasons.find(({ kind }) => kind === 'deal')?.text).toBe(
      'Bought 60 at 10.20 from a counterparty, which stood there (deal 1-1).',
    );
    expect(JSON.stringify(json)).not.toMatch(/bob|"other"/);
    expect(JSON.stringify(explanationJson(found.explanation, found.names))).toMatch(/bob.*"other":"1"/);
  });
});
