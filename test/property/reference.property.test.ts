import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Dealer, type Session, sessions } from '../support/reference/arbitrary-steps.js';
import {
  expectAuditFinds,
  expectEachIsRebuiltFromItsStream,
  expectLedgerBalances,
  expectNothingReserved,
  expectReplayGives,
} from '../support/reference/checks.js';
import { ReferenceExchange } from '../support/reference/reference-exchange.js';
import type { Step, StepResult } from '../support/reference/steps.js';
import { dealsIn, eventsIn, ExchangeHarness } from '../support/reference/exchange-harness.js';
import { runs } from '../support/property/runs.js';

/** Plays a session against both, and compares every answer and every book on the way, every deal at the end. */
async function playBoth(session: Session): Promise<void> {
  const harness = await ExchangeHarness.open();
  const reference = new ReferenceExchange();
  const dealer = new Dealer();
  let posted = 0;
  const both = async (step: Step, index: number): Promise<void> => {
    const expected = reference.take(step, harness.nowMs);
    const actual = await harness.play(step, index % 4 === 0 ? 'durable' : 'recorded');
    expect({ step, result: actual }).toEqual({ step, result: expected });
    if (step.kind === 'post' && isNew(actual, posted)) {
      posted++;
      dealer.taken(step);
    }
    for (const { symbol } of session.listings) expect(harness.book(symbol)).toEqual(reference.book(symbol));
  };
  for (const listing of session.listings) {
    reference.take({ kind: 'list', listing }, harness.nowMs);
    await harness.play({ kind: 'list', listing });
  }
  for (const [index, what] of session.drawn.entries()) {
    if (what.kind === 'wait') harness.advance(what.byMs);
    const step = dealer.step(what, harness.nowMs);
    if (step !== undefined) await both(step, index);
  }
  await harness.exchange.log.flushed();
  expect(dealsIn(await eventsIn(harness.log))).toEqual(reference.deals);
  expectNothingReserved(harness.market);
  await expectReplayGives(harness.market, harness.log);
  await expectEachIsRebuiltFromItsStream(harness.market, harness.log);
  await expectLedgerBalances(harness.log);
  await expectAuditFinds(harness.log);
  await harness.close();
}

function isNew(result: StepResult, posted: number): boolean {
  return 'posted' in result && result.posted === posted + 1;
}

describe('the exchange, held against a reference as naive as can be', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('The exchange, held against a reference as naive as can be, answers every command alike, makes the same deals in the same order, and shows the same books', async () => {
    await fc.assert(fc.asyncProperty(sessions(60), playBoth), runs(150));
  });

  it('The exchange, held against a reference as naive as can be, answers, deals and shows alike in long sessions, too', async () => {
    await fc.assert(fc.asyncProperty(sessions(500, 300), playBoth), runs(8));
  });
});
