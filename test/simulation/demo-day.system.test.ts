import { expect, it } from 'vitest';
import { cast } from '../../src/app/demo/cast.js';
import { expectBounds, symbols } from '../support/demo/bounds.js';
import { SimulatedDemo } from '../support/demo/simulated-demo.js';
import { runs } from '../support/property/runs.js';
import { expectAuditFinds, expectReplayGives } from '../support/reference/checks.js';

const MINUTE_MS = 60_000;
const { numRuns: HOURS } = runs(8);
const MINUTES = HOURS * 60;

it('The demonstration market runs for a working day within bounds, is audited clean and replays to the same state', async () => {
  const demo = await SimulatedDemo.open();
  const { market } = demo.shard;
  for (let minute = 1; minute <= MINUTES; minute++) {
    await demo.clock.advance(MINUTE_MS);
    expectBounds(demo);
  }
  await demo.close();
  const { rebuilt, parked, intentions, openIntentions } = demo.exchange.status();
  expect(Math.min(rebuilt, parked)).toBeGreaterThan(100);
  // Some five intentions a second, for what are some ten commands.
  expect(intentions / (MINUTES * 60)).toBeGreaterThan(3);
  expect(intentions / (MINUTES * 60)).toBeLessThan(8);
  expect(openIntentions).toBeLessThan(70);
  const acted = new Map<string, number>();
  const auctions = new Map<number, number>();
  for (const { event } of await demo.events()) {
    if (event.type === 'IntentionPosted') {
      const who = market.participantName(event.participantId);
      acted.set(who, (acted.get(who) ?? 0) + 1);
    }
    if (event.type === 'AuctionUncrossed' && event.volumeLots > 0)
      auctions.set(event.instrumentId, (auctions.get(event.instrumentId) ?? 0) + 1);
  }
  for (const { who } of cast) expect([who, (acted.get(who) ?? 0) > 50 * HOURS]).toEqual([who, true]);
  for (const index of symbols.keys()) expect(auctions.get(index + 1)).toBeGreaterThan(5 * HOURS);
  await expectReplayGives(market, demo.log);
  await expectAuditFinds(demo.log);
});
