import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { replay } from '../../src/exchange/recovery/recovery.js';
import type { MemoryLog } from '../support/log/memory-log.js';
import { sessions } from '../support/reference/arbitrary-steps.js';
import {
  expectAuditFinds,
  expectEachIsRebuiltFromItsStream,
  expectLedgerBalances,
  expectNothingReserved,
  expectReplayGives,
  negotiatorsBarPlaces,
} from '../support/reference/checks.js';
import { cutAt, goalOf } from '../support/reference/cut.js';
import { type PlayedSession, playSession } from '../support/reference/play-session.js';
import { dealsIn, eventsIn, ExchangeHarness } from '../support/reference/exchange-harness.js';
import { runs } from '../support/property/runs.js';

/** Opens what a crash has left, and checks all that must hold then. */
async function recover(cut: MemoryLog, goal: number, { log, events, nowMs }: PlayedSession): Promise<void> {
  const expected = await replay(log, { until: goal });
  const harness = await ExchangeHarness.open(cut, { nowMs });
  await harness.exchange.log.flushed();
  expect(dealsIn(await eventsIn(cut))).toEqual(dealsIn(events.slice(0, goal)));
  expectNothingReserved(harness.market);
  expect(negotiatorsBarPlaces(harness.market)).toEqual(negotiatorsBarPlaces(expected.state.market));
  await expectReplayGives(harness.market, cut);
  await expectEachIsRebuiltFromItsStream(harness.market, cut);
  await expectLedgerBalances(cut);
  await expectAuditFinds(cut);
  await harness.close();
}

describe('a crash after any event of any session', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('A crash after any event of any session loses nothing and settles everything, and so does a second crash while the first is recovered', async () => {
    const cuts = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(sessions(60), cuts, async (session, drawn) => {
        const run = await playSession(session);
        for (const [first, second] of drawn) {
          const position = 1 + (first % run.events.length);
          const goal = goalOf(position, run.spans, run.events);
          const once = await cutAt(run.log, position);
          const left = await once.head();
          await recover(once, goal, run);

          const added = (await once.head()) - left;
          const twice = await cutAt(once, left + (second % (added + 1)));
          await recover(twice, goal, run);
        }
      }),
      runs(50),
    );
  });
});
