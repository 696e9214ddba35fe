import { beforeAll, describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/events/event.js';
import { replay } from '../../../src/exchange/recovery/recovery.js';
import { outcomeNames } from '../../../src/domain/terms.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import {
  expectAuditFinds,
  expectNothingReserved,
  expectReplayGives,
  negotiatorsBarPlaces,
} from '../../support/reference/checks.js';
import { cutAt, goalOf, type Span } from '../../support/reference/cut.js';
import type { Listing, Step } from '../../support/reference/steps.js';
import { post } from '../../support/reference/steps-of.js';
import {
  acme,
  dealsIn,
  eventsIn,
  OPENING_MS,
  type Said,
  ExchangeHarness,
} from '../../support/reference/exchange-harness.js';

const bolt: Listing = { ...acme, symbol: 'BOLT', priceRule: 'midpoint', selfTrade: 'withdrawStanding' };

/** Something of everything that the exchange does; the comments tell the id that each post gets. */
function richRun(): Step[] {
  return [
    { kind: 'list', listing: acme },
    { kind: 'list', listing: bolt },
    post('alice', 'sell', 101, 5), // 1
    post('bob', 'sell', 102, 7), // 2
    post('carol', 'sell', 102, 4), // 3
    post('alice', 'sell', 104, 9), // 4
    post('dave', 'buy', 103, 14), // 5: sweeps 1 and 2, part of 3
    post('erin', 'buy', 99, 6), // 6
    post('bob', 'sell', 99, 2, { timeInForce: 'ioc' }), // 7: part of 6
    post('bob', 'buy', 102, 9, { timeInForce: 'ioc' }), // 8: the rest of 3, and its own rest is withdrawn
    post('dave', 'buy', 104, 20, { timeInForce: 'fok' }), // 9: too much, killed
    post('carol', 'sell', 104, 3), // 10
    post('dave', 'buy', 104, 12, { timeInForce: 'fok' }), // 11: 4 and 10, whole
    post('frank', 'sell', undefined, 3), // 12: most of what is left of 6
    post('frank', 'sell', 105, 8), // 13
    post('frank', 'buy', 97, 4, { postOnly: true }), // 14
    { kind: 'reduce', id: 13, participant: 'frank', byLots: 2 },
    { kind: 'replace', id: 13, participant: 'frank', priceTicks: 97, openLots: 3 }, // deals with 6, then 14, and is filled
    { kind: 'withdraw', id: 14, participant: 'frank' },
    post('alice', 'sell', 50, 4, { instrument: 'BOLT' }), // 15
    post('bob', 'sell', 51, 4, { instrument: 'BOLT' }), // 16
    post('alice', 'sell', 52, 4, { instrument: 'BOLT' }), // 17
    post('alice', 'buy', 55, 6, { instrument: 'BOLT' }), // 18: withdraws 15 and 17, deals with 16
    { kind: 'phase', instrument: 'BOLT', phase: 'call' },
    post('carol', 'buy', 56, 5, { instrument: 'BOLT' }), // 19
    post('dave', 'buy', undefined, 3, { instrument: 'BOLT' }), // 20
    post('erin', 'sell', 53, 4, { instrument: 'BOLT' }), // 21
    post('bob', 'sell', 54, 3, { instrument: 'BOLT' }), // 22
    post('gina', 'sell', undefined, 2, { instrument: 'BOLT' }), // 23
    post('gina', 'sell', 58, 2, { instrument: 'BOLT' }), // 24
    { kind: 'uncross', instrument: 'BOLT' },
    post('gina', 'buy', undefined, 40, { instrument: 'BOLT' }), // 25: buys out the sellers, its rest is withdrawn
    { kind: 'uncross', instrument: 'BOLT' },
    post('hugo', 'buy', undefined, 2, { instrument: 'BOLT' }), // 26
    post('hugo', 'buy', undefined, 3, { instrument: 'BOLT' }), // 27: both meet nobody, and are withdrawn by the change of phase
    { kind: 'phase', instrument: 'BOLT', phase: 'continuous' },
    post('erin', 'buy', 98, 1, { timeInForce: 'gtd', expiresAtMs: OPENING_MS + 900_000 }), // 28
    post('alice', 'sell', 98, 1), // 29
  ];
}

function doubtsToldOf(said: readonly Said[]): unknown[] {
  return said.filter(({ message }) => message.startsWith('deal in doubt is settled')).map(({ fields }) => fields);
}

describe('recovery of a log that ends after any one event', () => {
  const log = new MemoryLog();
  const spans: Span[] = [];
  let events: RecordedEvent[] = [];

  beforeAll(async () => {
    const harness = await ExchangeHarness.open(log);
    for (const [index, step] of richRun().entries()) {
      const from = harness.shard.head;
      const result = await harness.play(step, index % 3 === 2 ? 'durable' : 'recorded');
      expect(result).not.toHaveProperty('refused');
      spans.push({ from, until: harness.shard.head });
    }
    await harness.close();
    events = await eventsIn(log);
  });

  it('Recovery of a log that ends after any one event rests on a run with every kind of event that a run without faults writes', async () => {
    const types = new Set(events.map(({ event }) => event.type));
    for (const type of ['ProposalDeclined', 'DealAborted', 'IntentionExpired'] as const)
      expect(types).not.toContain(type);
    expect(types.size).toBe(14);
    expect(dealsIn(events).length).toBeGreaterThan(15);
    await expectAuditFinds(log);
  });

  it('Recovery of a log that ends after any one event ends each deal in doubt, and completes what was under way exactly as it would have been', async () => {
    for (let position = 1; position <= events.length; position++) {
      const cut = await cutAt(log, position);
      const { state } = await replay(cut);
      const doubts: string[] = [];
      state.market.deals.forEach(({ initiatorId, dealNumber }) => doubts.push(`${initiatorId}-${dealNumber}`));
      const goal = goalOf(position, spans, events);
      const expected = await replay(log, { until: goal });

      const harness = await ExchangeHarness.open(cut);
      await harness.exchange.log.flushed();
      const recovered = await eventsIn(cut);
      const at = { position, goal };
      expect({ at, deals: dealsIn(recovered) }).toEqual({ at, deals: dealsIn(events.slice(0, goal)) });
      expectNothingReserved(harness.market);
      expect({ at, rows: negotiatorsBarPlaces(harness.market) }).toEqual({
        at,
        rows: negotiatorsBarPlaces(expected.state.market),
      });
      const told = doubts.map((deal) => ({ deal, outcome: outcomeNames[0], settled: true }));
      expect(doubtsToldOf(harness.listener.said)).toMatchObject(told);
      expect(doubtsToldOf(harness.listener.said)).toHaveLength(doubts.length);
      await expectReplayGives(harness.market, cut);
      await expectAuditFinds(cut);
      await harness.close();
    }
  });

  it('Recovery of a log that ends after any one event adds nothing when a recovered log is recovered once more', async () => {
    for (let position = 1; position <= events.length; position++) {
      const cut = await cutAt(log, position);
      await (await ExchangeHarness.open(cut)).close();
      const head = await cut.head();
      await (await ExchangeHarness.open(cut)).close();
      const added = await eventsIn(cut, head);
      expect(added.map(({ event }) => event.type)).toEqual(['ShardStarted', 'BatchSealed']);
    }
  });
});
