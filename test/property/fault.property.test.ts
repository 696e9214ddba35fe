import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Dealer, type Session, sessions } from '../support/reference/arbitrary-steps.js';
import { expectAuditFinds, expectNothingReserved, expectReplayGives } from '../support/reference/checks.js';
import { byMessages, failAt } from '../support/reference/faults.js';
import { ReferenceExchange } from '../support/reference/reference-exchange.js';
import { dealsIn, eventsIn, ExchangeHarness } from '../support/reference/exchange-harness.js';
import { runs } from '../support/property/runs.js';

/** Plays a session in which negotiators throw at these points, and compares it with a reference in which nobody ever does. */
async function playWithFaults(session: Session, points: readonly number[]): Promise<void> {
  const harness = await ExchangeHarness.open(undefined, byMessages);
  const reference = new ReferenceExchange();
  const dealer = new Dealer();
  const fault = failAt(harness.shard, points);
  for (const listing of session.listings) {
    reference.take({ kind: 'list', listing }, harness.nowMs);
    await harness.play({ kind: 'list', listing });
  }
  for (const what of session.drawn) {
    if (what.kind === 'wait') harness.advance(what.byMs);
    const step = dealer.step(what, harness.nowMs);
    if (step === undefined) continue;
    const { intentionsPosted } = harness.market;
    const expected = reference.take(step, harness.nowMs);
    const result = await harness.play(step);
    if (step.kind === 'post' && harness.market.intentionsPosted > intentionsPosted) dealer.taken(step);
    if (!harness.shard.admission.isServing) await harness.quiet();
    expect({ at: fault.at, step, result }).toEqual({ at: fault.at, step, result: expected });
    for (const { symbol } of session.listings) expect(harness.book(symbol)).toEqual(reference.book(symbol));
  }
  await harness.quiet();
  expect(dealsIn(await eventsIn(harness.log))).toEqual(reference.deals);
  expectNothingReserved(harness.market);
  await expectReplayGives(harness.market, harness.log);
  await expectAuditFinds(harness.log);
  await harness.close();
}

describe('negotiators that throw now and then, in any session', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('Negotiators that throw now and then, in any session, change no answer, no deal and no book', async () => {
    const points = fc.uniqueArray(fc.nat(150), { minLength: 1, maxLength: 3 });
    await fc.assert(fc.asyncProperty(sessions(50), points, playWithFaults), runs(80));
  });
});
