import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Dealer, type Session, sessions } from '../support/reference/arbitrary-steps.js';
import { expectAuditFinds, expectNothingReserved, expectReplayGives } from '../support/reference/checks.js';
import { failAt } from '../support/reference/faults.js';
import { ReferenceExchange } from '../support/reference/reference-exchange.js';
import { dealsIn, eventsIn, Venue } from '../support/reference/venue.js';
import { runs } from '../support/property/runs.js';

/** Plays a session in which negotiators throw at these points, and compares it with a reference in which nobody ever does. */
async function playWithFaults(session: Session, points: readonly number[]): Promise<void> {
  const venue = await Venue.open();
  const reference = new ReferenceExchange();
  const dealer = new Dealer();
  const fault = failAt(venue.shard, points);
  for (const listing of session.listings) {
    reference.take({ kind: 'list', listing }, venue.nowMs);
    await venue.play({ kind: 'list', listing });
  }
  for (const what of session.drawn) {
    if (what.kind === 'wait') venue.advance(what.byMs);
    const step = dealer.step(what, venue.nowMs);
    if (step === undefined) continue;
    const { intentionsPosted } = venue.market;
    const expected = reference.take(step, venue.nowMs);
    const result = await venue.play(step);
    if (step.kind === 'post' && venue.market.intentionsPosted > intentionsPosted) dealer.taken(step);
    if (!venue.shard.isServing) await venue.quiet();
    expect({ at: fault.at, step, result }).toEqual({ at: fault.at, step, result: expected });
    for (const { symbol } of session.listings) expect(venue.book(symbol)).toEqual(reference.book(symbol));
  }
  await venue.quiet();
  expect(dealsIn(await eventsIn(venue.log))).toEqual(reference.deals);
  expectNothingReserved(venue.market);
  await expectReplayGives(venue.market, venue.log);
  await expectAuditFinds(venue.log);
  await venue.close();
}

describe('negotiators that throw now and then, in any session', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('change no answer, no deal and no book', async () => {
    const points = fc.uniqueArray(fc.nat(150), { minLength: 1, maxLength: 3 });
    await fc.assert(fc.asyncProperty(sessions(50), points, playWithFaults), runs(80));
  });
});
