import { describe, expect, it } from 'vitest';
import type { PostIntention } from '../../../src/exchange/commands.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { cutAt } from '../../support/reference/cut.js';
import { acme, eventsIn, ExchangeHarness } from '../../support/reference/exchange-harness.js';
import { post } from '../../support/reference/steps-of.js';

const buying: PostIntention = {
  ...{ clientIntentionId: 'b-1', participant: 'bob', instrument: 'ACME', side: 'buy', price: '5.10', quantity: '100' },
};

async function opened(log = new MemoryLog(), listing = acme): Promise<ExchangeHarness> {
  const harness = await ExchangeHarness.open(log);
  await harness.play({ kind: 'list', listing });
  return harness;
}

/** The command's answer; the second one, after a restart, is the same. */
async function answerTo(harness: ExchangeHarness, command: PostIntention): Promise<unknown> {
  const answer = await harness.exchange.post(command);
  expect(await harness.exchange.post(command)).toEqual(answer);
  await harness.close();
  const again = await ExchangeHarness.open(harness.log, { nowMs: harness.nowMs });
  expect(await again.exchange.post(command)).toEqual(answer);
  await again.close();
  return answer;
}

describe('what is answered of a post', () => {
  it('What is answered of a post that rests is that nothing was dealt', async () => {
    const answer = await answerTo(await opened(), buying);
    expect(answer).toMatchObject({ status: 'open', filled: '0', open: '100', deals: [] });
    expect(answer).not.toHaveProperty('averagePrice');
    expect(answer).not.toHaveProperty('closedReason');
  });

  it('What is answered of a post that deals are its deals, in the order of the log, and what they cost on average', async () => {
    const harness = await opened();
    await harness.play(post('alice', 'sell', 100, 2));
    await harness.play(post('carol', 'sell', 101, 1));
    const answer = await answerTo(harness, buying);
    const events = await eventsIn(harness.log);
    const [first, second] = events
      .filter(({ event }) => event.type === 'DealConfirmed')
      .map(({ position }) => position);
    expect(answer).toMatchObject({
      ...{ status: 'open', filled: '30', open: '70', averagePrice: '5.01666667' },
      deals: [
        { id: '1-1', price: '5.00', quantity: '20', position: first },
        { id: '2-1', price: '5.05', quantity: '10', position: second },
      ],
    });
  });

  it('What is answered of a post that is filled at one price has that price for its average', async () => {
    const harness = await opened();
    await harness.play(post('alice', 'sell', 100, 20));
    const answer = await answerTo(harness, buying);
    expect(answer).toMatchObject({ status: 'filled', filled: '100', open: '0', averagePrice: '5.00' });
  });

  it.each([
    ['ioc', 'immediateOrCancel', '20'],
    ['fok', 'fillOrKill', '0'],
  ] as const)(
    'What is answered of a post that is %s says why its rest was withdrawn',
    async (timeInForce, closedReason, filled) => {
      const harness = await opened();
      await harness.play(post('alice', 'sell', 100, 2));
      const answer = await answerTo(harness, { ...buying, timeInForce });
      expect(answer).toMatchObject({ status: 'withdrawn', filled, open: '0', closedReason });
    },
  );

  const atAnyPrice: PostIntention = { ...buying, type: 'market', price: undefined };

  it('What is answered of a market post in a call phase is that it is open, also when that phase ends right after it', async () => {
    const harness = await opened();
    await harness.play({ kind: 'phase', instrument: 'ACME', phase: 'call' });
    await harness.exchange.post({ ...atAnyPrice, clientIntentionId: 'm-1', side: 'sell' });
    const answer = await harness.exchange.post(atAnyPrice);
    expect(answer).toMatchObject({ status: 'open', open: '100' });
    await harness.play({ kind: 'phase', instrument: 'ACME', phase: 'continuous' }, 'durable');
    const events = await eventsIn(harness.log);
    expect(events.flatMap(({ event }) => (event.type === 'IntentionWithdrawn' ? [event.intentionId] : []))).toEqual([
      2, 1,
    ]);
    expect(await harness.exchange.post(atAnyPrice)).toEqual(answer);
    await harness.close();
  });

  it('What is answered of a market post stays when its instrument goes to a call phase right after it, and another leaves one', async () => {
    const harness = await opened();
    await harness.play({ kind: 'list', listing: { ...acme, symbol: 'BOLT' } });
    await harness.play({ kind: 'phase', instrument: 'BOLT', phase: 'call' });
    await harness.exchange.post({ ...atAnyPrice, clientIntentionId: 'm-1', instrument: 'BOLT' });
    const answer = await harness.exchange.post(atAnyPrice);
    expect(answer).toMatchObject({ status: 'withdrawn', closedReason: 'marketRemainder' });
    await harness.play({ kind: 'phase', instrument: 'BOLT', phase: 'continuous' });
    await harness.play({ kind: 'phase', instrument: 'ACME', phase: 'call' });
    expect(await harness.exchange.post(atAnyPrice)).toEqual(answer);
    await harness.close();
  });

  it('What is answered of a post in whose turn its participant’s own was withdrawn is all that came after that, too', async () => {
    const harness = await opened(new MemoryLog(), { ...acme, selfTrade: 'withdrawStanding' });
    await harness.play(post('bob', 'sell', 99, 1));
    await harness.play(post('alice', 'sell', 100, 2));
    expect(await answerTo(harness, buying)).toMatchObject({ filled: '20', open: '80' });
  });

  it('What is answered of a post is all of its turn wherever a crash came amid it, once it is posted again', async () => {
    const log = new MemoryLog();
    const harness = await opened(log);
    for (const lots of [1, 2, 3]) await harness.play(post('alice', 'sell', 100, lots));
    const answer = await harness.exchange.post(buying);
    await harness.close();
    const posted = 'position' in answer ? answer.position : Number.NaN;
    const expected = { status: 'open', filled: '60', open: '40', deals: [{ id: '1-1' }, { id: '2-1' }, { id: '3-1' }] };
    expect(answer).toMatchObject(expected);
    for (let position = posted + 1; position < (await log.head()); position++) {
      const again = await ExchangeHarness.open(await cutAt(log, position), { nowMs: harness.nowMs });
      expect(await again.exchange.post(buying)).toMatchObject(expected);
      await again.close();
    }
  });

  it('What is answered of a post that deals with very many are the first 1,000 deals, and how many more there were', async () => {
    const harness = await opened();
    for (let index = 0; index < 1_003; index++) await harness.play(post('alice', 'sell', index < 1_000 ? 100 : 102, 1));
    const answer = await answerTo(harness, { ...buying, quantity: '10040' });
    expect(answer).toMatchObject({ filled: '10030', open: '10', averagePrice: '5.0002991', dealsLeftOut: 3 });
    expect(answer).toHaveProperty('deals.length', 1_000);
  });
});
