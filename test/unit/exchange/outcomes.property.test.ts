import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer, IntentionAcknowledged } from '../../../src/exchange/commands.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { runs } from '../../support/property/runs.js';
import { Dealer, type Session, sessions } from '../../support/reference/arbitrary-steps.js';
import { cutAt } from '../../support/reference/cut.js';
import { ExchangeHarness } from '../../support/reference/exchange-harness.js';
import { byMessages, failWhen } from '../../support/reference/faults.js';
import type { PostStep } from '../../support/reference/steps.js';

type Acknowledged = Extract<Answer<IntentionAcknowledged>, { ok: true }>;

interface Posted {
  readonly step: PostStep;
  readonly answer: Acknowledged;
}

/** What has been seen in all sessions together. */
const seen = new Map<string, number>();
const sometimes = [
  'filled',
  'withdrawn',
  'open',
  'immediateOrCancel',
  'fillOrKill',
  'marketRemainder',
  'several deals',
];

function note({ status, closedReason, deals }: Acknowledged): void {
  for (const what of [status, closedReason ?? '', deals.length > 1 ? 'several deals' : '']) {
    seen.set(what, (seen.get(what) ?? 0) + 1);
  }
}

/** Plays a session, and gives each intention that was posted with its first answer. */
async function play(harness: ExchangeHarness, session: Session): Promise<Posted[]> {
  const dealer = new Dealer();
  const posted: Posted[] = [];
  for (const listing of session.listings) await harness.play({ kind: 'list', listing });
  for (const [index, what] of session.drawn.entries()) {
    if (what.kind === 'wait') harness.advance(what.byMs);
    const step = dealer.step(what, harness.nowMs);
    if (step === undefined) continue;
    const { intentionsPosted } = harness.market;
    const { answer } = await harness.ask(step, index % 3 === 0 ? 'durable' : 'recorded');
    if (step.kind !== 'post' || harness.market.intentionsPosted === intentionsPosted) continue;
    dealer.taken(step);
    posted.push({ step, answer: answer as Acknowledged }); // it was posted
    note(answer as Acknowledged); // likewise
  }
  return posted;
}

async function expectRepeated(harness: ExchangeHarness, posted: readonly Posted[]): Promise<void> {
  const { intentionsPosted } = harness.market;
  const repeated = await Promise.all(posted.map(({ step }) => harness.ask(step, 'durable')));
  expect(repeated.map(({ answer }) => answer)).toEqual(posted.map(({ answer }) => answer));
  expect(harness.market.intentionsPosted).toBe(intentionsPosted);
}

/** Where a deal stands differs once a crash has put events between. */
function withoutPositions({ position: _own, deals, ...answer }: Acknowledged): object {
  return { ...answer, deals: deals.map(({ position: _position, ...deal }) => deal) };
}

describe('the answer to a post', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  afterAll(() => {
    expect(sometimes.filter((what) => !seen.has(what))).toEqual([]);
  });

  it('The answer to a post is the same when it is posted again, at once and after a restart', async () => {
    const property = fc.asyncProperty(sessions(60), async (session) => {
      const log = new MemoryLog();
      const harness = await ExchangeHarness.open(log);
      const posted = await play(harness, session);
      await expectRepeated(harness, posted);
      await harness.close();
      const again = await ExchangeHarness.open(log, { nowMs: harness.nowMs });
      await expectRepeated(again, posted);
      await again.close();
    });
    await fc.assert(property, runs(80));
  });

  it('The answer to a post tells of the whole turn where a crash came amid it, and recovery went on', async () => {
    const property = fc.asyncProperty(
      sessions(40),
      fc.nat(),
      fc.integer({ min: 1, max: 9 }),
      async (session, pick, after) => {
        const log = new MemoryLog();
        const harness = await ExchangeHarness.open(log);
        const posted = await play(harness, session);
        await harness.close();
        const dealing = posted.filter(({ answer }) => answer.deals.length > 0);
        const cutting = dealing[pick % dealing.length];
        if (cutting === undefined) return;
        const position = Math.min(cutting.answer.position + after, await log.head());
        const again = await ExchangeHarness.open(await cutAt(log, position), { nowMs: harness.nowMs });
        for (const { step, answer } of posted.filter((each) => each.answer.position < position)) {
          const repeated = (await again.ask(step, 'durable')).answer;
          expect(withoutPositions(repeated as Acknowledged)).toEqual(withoutPositions(answer));
        }
        await again.close();
      },
    );
    await fc.assert(property, runs(80));
  });

  it('The answer to a post waits for its turn to end where a negotiator throws amid it, and is the same again', async () => {
    vi.useRealTimers();
    const property = fc.asyncProperty(
      sessions(30),
      fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 8 }),
      async (session, points) => {
        const log = new MemoryLog();
        const harness = await ExchangeHarness.open(log, byMessages);
        failWhen(harness.shard, (point) => points.includes(point));
        const posted = await play(harness, session);
        await expectRepeated(harness, posted);
        await harness.close();
        const again = await ExchangeHarness.open(log, { nowMs: harness.nowMs });
        await expectRepeated(again, posted);
        await again.close();
      },
    );
    await fc.assert(property, runs(60));
  });
});
