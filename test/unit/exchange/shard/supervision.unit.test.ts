import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Message, MessageKind } from '../../../../src/domain/negotiators/mailbox.js';
import { replay } from '../../../../src/exchange/recovery/recovery.js';
import { Shard } from '../../../../src/exchange/shard/shard.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { expectAuditFinds, expectNothingReserved, expectReplayGives } from '../../../support/reference/checks.js';
import { cutAt } from '../../../support/reference/cut.js';
import { around, byMessages, failAt } from '../../../support/reference/faults.js';
import type { Book, Deal, Step } from '../../../support/reference/steps.js';
import { post } from '../../../support/reference/steps-of.js';
import { acme, dealsIn, eventsIn, ExchangeHarness } from '../../../support/reference/exchange-harness.js';

const REBUILT = 'negotiator failed and is rebuilt from its stream';
const call = { kind: 'phase', instrument: 'ACME', phase: 'call' } as const;

/** What stands before, and the one command in whose handshakes something goes wrong. */
const scenarios: Record<string, { readonly before: readonly Step[]; readonly command: Step }> = {
  'both sides filled': { before: [post('alice', 'sell', 10, 5)], command: post('bob', 'buy', 10, 5) },
  'the standing side filled in part': { before: [post('alice', 'buy', 10, 9)], command: post('bob', 'sell', 9, 5) },
  'the arriving side filled in part': { before: [post('alice', 'sell', 10, 2)], command: post('bob', 'buy', 10, 5) },
  'a fill-or-kill that needs three': {
    before: [post('alice', 'sell', 10, 2), post('carol', 'sell', 10, 2), post('dave', 'sell', 11, 4)],
    command: post('bob', 'buy', 11, 6, { timeInForce: 'fok' }),
  },
  'a market intention that takes all there is': {
    before: [post('alice', 'buy', 10, 2), post('carol', 'buy', 9, 2)],
    command: post('bob', 'sell', undefined, 6),
  },
  'an auction': {
    before: [
      call,
      post('alice', 'sell', 10, 2),
      post('bob', 'buy', 12, 5),
      post('carol', 'sell', undefined, 2),
      post('dave', 'buy', undefined, 3),
      post('erin', 'sell', 11, 5),
    ],
    command: { kind: 'uncross', instrument: 'ACME' },
  },
};

interface Ran {
  readonly deals: readonly Deal[];
  readonly book: Book;
  readonly points: number;
}

/** Runs a scenario with a fault at one point, then a later command, and checks all that must hold whatever went wrong. */
async function run(before: readonly Step[], command: Step, points: readonly number[]): Promise<Ran> {
  const harness = await ExchangeHarness.open(undefined, byMessages);
  await harness.play({ kind: 'list', listing: acme });
  for (const step of before) await harness.play(step);
  const fault = failAt(harness.shard, points);
  const commanded = harness.play(command, 'durable');
  const later = harness.play(post('zoe', 'sell', 500, 1), 'durable');
  await harness.quiet();
  expect(await commanded).not.toHaveProperty('refused');
  expect(await later).not.toHaveProperty('refused');
  const told = harness.listener.said.filter(({ level }) => level !== 'info').map(({ message }) => message);
  expect({ at: fault.at, told }).toEqual({ at: fault.at, told: fault.at.map(() => REBUILT) });
  expect(harness.exchange.status()).toMatchObject({ state: 'serving', parked: 0 });
  expectNothingReserved(harness.market);
  await expectReplayGives(harness.market, harness.log);
  await expectAuditFinds(harness.log);
  const ran = { deals: dealsIn(await eventsIn(harness.log)), book: harness.book('ACME'), points: fault.passed };
  await harness.close();
  return ran;
}

describe('a negotiator that throws', () => {
  for (const [name, { before, command }] of Object.entries(scenarios)) {
    it(`A negotiator that throws ends its deals once and as if nothing had happened, wherever it throws: ${name}`, async () => {
      const undisturbed = await run(before, command, []);
      expect(undisturbed.deals.length).toBeGreaterThan(0);
      for (let point = 0; point < undisturbed.points; point++) {
        const { deals, book } = await run(before, command, [point]);
        expect({ point, deals, book }).toEqual({ point, deals: undisturbed.deals, book: undisturbed.book });
      }
    });
  }

  it('A negotiator that throws ends its deals once and as if nothing had happened when up to three throw, or one does three times', async () => {
    const named = Object.values(scenarios).map((scenario) => fc.constant(scenario));
    const points = fc.uniqueArray(fc.nat(40), { minLength: 2, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(...named), points, async ({ before, command }, at) => {
        const undisturbed = await run(before, command, []);
        const { deals, book } = await run(before, command, at);
        expect({ deals, book }).toEqual({ deals: undisturbed.deals, book: undisturbed.book });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a negotiator that throws again and again', () => {
  const messages = [
    { name: 'an announcement', kind: MessageKind.Announcement, fails: 1 },
    { name: 'an acceptance', kind: MessageKind.Acceptance, fails: 1 },
    { name: 'a proposal', kind: MessageKind.Proposal, fails: 4 },
    { name: 'a confirmation', kind: MessageKind.Confirmation, fails: 4 },
  ];
  const when = [{ when: 'before it has done anything' }, { when: 'after it has done all' }] as const;
  const cases = messages.flatMap((message) => when.map((each) => ({ ...message, ...each })));

  /** Alice’s and Carol’s sales stand, and so does Dave’s, at another level of the book; Bob’s purchase arrives. Alice or Bob fails. */
  it.each(cases)(
    'A negotiator that throws again and again is parked, and nothing else stops: at $name, $when',
    async ({ kind, fails, when: moment }) => {
      const harness = await ExchangeHarness.open(undefined, byMessages);
      await harness.play({ kind: 'list', listing: acme });
      for (const name of ['alice', 'carol']) await harness.play(post(name, 'sell', 10, 5));
      await harness.play(post('dave', 'sell', 12, 5));
      around(harness.shard.turns, 'receive', (call, [message]) => {
        const { kind: received, toId } = message as Message;
        const isIt = received !== MessageKind.Announcement || kind === MessageKind.Announcement;
        const fault = toId === fails && isIt ? new Error('always fails') : undefined;
        if (fault !== undefined && moment === 'before it has done anything') {
          harness.shard.turns.receiverId = fails;
          throw fault;
        }
        call();
        if (fault !== undefined) throw fault;
      });
      await harness.play(post('bob', 'buy', 10, 8));
      await harness.play(post('erin', 'buy', 12, 2), 'durable');
      await harness.quiet();

      expectNothingReserved(harness.market);
      expect(harness.exchange.status().state).toBe('serving');
      const events = (await eventsIn(harness.log)).map(({ event }) => event);
      const parked = events.filter((event) => event.type === 'IntentionWithdrawn' && event.reason === 'parked');
      const isGone = harness.market.negotiators.rowOf(fails) === -1;
      expect(isGone).toBe(true);
      const told = harness.listener.said.filter(({ level }) => level === 'error');
      expect(told).toHaveLength(harness.exchange.status().parked);
      if (parked.length > 0) {
        expect(parked).toMatchObject([{ intentionId: fails }]);
        expect(told).toMatchObject([{ fields: { intentionId: fails } }]);
      }
      // The one who did not fail deals with erin, who comes later.
      expect(dealsIn(await eventsIn(harness.log)).filter(({ responderId }) => responderId === 5)).not.toEqual([]);
      await expectReplayGives(harness.market, harness.log);
      await expectAuditFinds(harness.log);
      await harness.close();
    },
  );

  it('A negotiator that throws again and again leaves an auction to those who are left', async () => {
    const harness = await ExchangeHarness.open(undefined, byMessages);
    await harness.play({ kind: 'list', listing: acme });
    await harness.play(call);
    await harness.play(post('alice', 'sell', 10, 5));
    await harness.play(post('carol', 'sell', 10, 5));
    await harness.play(post('bob', 'buy', 10, 5));
    around(harness.shard.turns, 'receive', (go, [message]) => {
      if ((message as Message).toId === 1) {
        harness.shard.turns.receiverId = 1;
        throw new Error('always fails');
      }
      go();
    });
    const answer = await harness.play({ kind: 'uncross', instrument: 'ACME' }, 'durable');
    expect(answer).toEqual({ volumeLots: 5, priceTicks: 10, deals: 1 });
    expect(dealsIn(await eventsIn(harness.log))).toEqual([{ initiatorId: 2, responderId: 3, priceTicks: 10, lots: 5 }]);
    await expectReplayGives(harness.market, harness.log);
    await expectAuditFinds(harness.log, ['AUCTION_DISTURBED']);
    await harness.close();
  });

  it('A negotiator that throws again and again ends an auction short of its volume when those who are left do not cross at its price', async () => {
    const harness = await ExchangeHarness.open(undefined, byMessages);
    await harness.play({ kind: 'list', listing: acme });
    await harness.play(call);
    await harness.play(post('alice', 'sell', 10, 5));
    await harness.play(post('carol', 'sell', 11, 5));
    await harness.play(post('bob', 'buy', 10, 5));
    around(harness.shard.turns, 'receive', (go, [message]) => {
      if ((message as Message).toId === 1) {
        harness.shard.turns.receiverId = 1;
        throw new Error('always fails');
      }
      go();
    });
    await harness.play({ kind: 'uncross', instrument: 'ACME' }, 'durable');
    await harness.play({ kind: 'phase', instrument: 'ACME', phase: 'continuous' }, 'durable');
    await harness.play(post('dave', 'buy', 11, 5), 'durable');
    expect(dealsIn(await eventsIn(harness.log))).toEqual([{ initiatorId: 2, responderId: 4, priceTicks: 11, lots: 5 }]);
    await expectReplayGives(harness.market, harness.log);
    await expectAuditFinds(harness.log, ['AUCTION_DISTURBED']);
    await harness.close();
  });
});

describe('a negotiator that throws while the shard recovers', () => {
  it('A negotiator that throws while the shard recovers is rebuilt like any other, and what was under way is completed', async () => {
    const { before, command } = scenarios['a market intention that takes all there is'] as (typeof scenarios)[string];
    const log = new MemoryLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    for (const step of before) await harness.play(step);
    await harness.exchange.log.flushed();
    const from = (await log.head()) + 2; // after the post, and the admission of its participant
    await harness.play(command, 'durable');
    await harness.close();
    const deals = dealsIn(await eventsIn(log));

    for (let position = from; position < (await log.head()); position++) {
      for (let point = 0; point < 60; point++) {
        const cut = await cutAt(log, position);
        const fault = await recoverWithFault(cut, point, deals);
        if (fault === 'none') break;
      }
    }
  });

  /** Opens the log, with something that goes wrong at a point of its recovery. */
  async function recoverWithFault(log: MemoryLog, point: number, deals: readonly Deal[]): Promise<'none' | 'one'> {
    const doubts = (await replay(log)).state.market.deals.size;
    const { start } = Shard.prototype;
    let at: readonly string[] = [];
    const started = vi.spyOn(Shard.prototype, 'start').mockImplementation(function (this: Shard) {
      ({ at } = failAt(this, [point]));
      start.call(this);
    });
    const harness = await ExchangeHarness.open(log, byMessages);
    started.mockRestore();
    await harness.quiet();
    expect({ at, deals: dealsIn(await eventsIn(log)) }).toEqual({ at, deals });
    expectNothingReserved(harness.market);
    const settled = harness.listener.said.filter(({ message }) => message === 'deal in doubt is settled: confirmed');
    expect(settled).toHaveLength(doubts);
    await expectReplayGives(harness.market, log);
    await expectAuditFinds(log);
    await harness.close();
    return at.length === 0 ? 'none' : 'one';
  }
});

describe('a replacement', () => {
  it('A replacement whose negotiator is parked amid its deals is answered with what was filled by then', async () => {
    const outcomes = new Set<string>();
    for (let point = 0; point < 40; point++) {
      const harness = await ExchangeHarness.open(undefined, { ...byMessages, maxRestarts: 0 });
      await harness.play({ kind: 'list', listing: acme });
      for (const step of [post('alice', 'sell', 10, 5), post('carol', 'sell', 10, 5), post('bob', 'buy', 9, 12)]) {
        await harness.play(step);
      }
      failAt(harness.shard, [point]);
      const result = await harness.play({ kind: 'replace', id: 3, participant: 'bob', priceTicks: 10, openLots: 12 });
      await harness.exchange.log.flushed();
      const settled = (await eventsIn(harness.log)).flatMap(({ stream, event }) =>
        stream === 'intention-3' && event.type === 'DealSettled' ? [event.quantityLots] : [],
      );
      const filledLots = settled.reduce((sum, lots) => sum + lots, 0);
      expect({ point, ...result }).toMatchObject({ point, filledLots });
      if ('status' in result) outcomes.add(`${result.status} ${filledLots}`);
      await harness.close();
    }
    expect([...outcomes].sort()).toEqual(['open 10', 'open 5', 'withdrawn 0', 'withdrawn 10', 'withdrawn 5']);
  });
});
