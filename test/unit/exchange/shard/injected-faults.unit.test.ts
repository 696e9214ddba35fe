import { expect, it } from 'vitest';
import type { DealInDoubt } from '../../../../src/exchange/shard/injected-faults.js';
import { expectAuditFinds, expectNothingReserved, expectReplayGives } from '../../../support/reference/checks.js';
import { acme, dealsIn, eventsIn, ExchangeHarness } from '../../../support/reference/exchange-harness.js';
import type { Step } from '../../../support/reference/steps.js';
import { post } from '../../../support/reference/steps-of.js';

/** Alice’s sale stands, then Bob buys; each acceptance is asked about. */
async function play(isFailing: (deal: DealInDoubt, asked: number) => boolean, last: Step = post('bob', 'buy', 10, 5)) {
  const asked: DealInDoubt[] = [];
  const faults = (deal: DealInDoubt): boolean => isFailing(deal, asked.push(deal));
  const harness = await ExchangeHarness.open(undefined, { faults });
  await harness.play({ kind: 'list', listing: acme });
  await harness.play(post('alice', 'sell', 10, 5));
  await harness.play(last, 'durable');
  await harness.quiet();
  const status = harness.exchange.status();
  expectNothingReserved(harness.market);
  await expectReplayGives(harness.market, harness.log);
  await expectAuditFinds(harness.log);
  const events = await eventsIn(harness.log);
  await harness.close();
  return { asked, status, deals: dealsIn(events), types: events.map(({ event }) => event.type) };
}

it('A negotiator that is made to fail once is rebuilt, counted, and its deal is what it would have been', async () => {
  const undisturbed = await play(() => false);
  const disturbed = await play((_deal, asked) => asked === 1);
  expect(undisturbed.status).toMatchObject({ rebuilt: 0, parked: 0 });
  expect(disturbed.status).toMatchObject({ state: 'serving', rebuilt: 1, parked: 0 });
  expect(disturbed.asked).toEqual(Array(2).fill({ initiatorId: 1, isOfWhole: false }));
  expect(disturbed.deals).toEqual(undisturbed.deals);
  expect(disturbed.deals).toHaveLength(1);
});

it('A negotiator that is made to fail however often it is rebuilt is parked, and its deal is aborted', async () => {
  const { status, deals, types, asked } = await play(() => true);
  expect(status).toMatchObject({ state: 'serving', rebuilt: 3, parked: 1, openIntentions: 1 });
  expect(asked).toHaveLength(4);
  expect(deals).toEqual([]);
  expect(types).toContain('DealAborted');
});

it('Who lets negotiators fail is told where a deal belongs to what is dealt whole', async () => {
  const { asked, deals } = await play(() => false, post('bob', 'buy', 10, 5, { timeInForce: 'fok' }));
  expect(asked).toEqual([{ initiatorId: 1, isOfWhole: true }]);
  expect(deals).toHaveLength(1);
});
