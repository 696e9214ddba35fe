import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Message, MessageKind } from '../../../../src/domain/negotiators/mailbox.js';
import type { Event } from '../../../../src/events/event.js';
import {
  expectAuditFinds,
  expectEachIsRebuiltFromItsStream,
  expectNothingReserved,
  expectReplayGives,
} from '../../../support/reference/checks.js';
import { around, byMessages, lose } from '../../../support/reference/faults.js';
import type { Step } from '../../../support/reference/steps.js';
import { post } from '../../../support/reference/steps-of.js';
import { acme, dealsIn, eventsIn, ExchangeHarness } from '../../../support/reference/exchange-harness.js';

/** Every harness's clock here runs with the timers that vitest holds. */
async function opened(...before: readonly Step[]): Promise<ExchangeHarness> {
  const harness = await ExchangeHarness.open(undefined, { ...byMessages, clock: Date.now });
  await harness.play({ kind: 'list', listing: acme });
  for (const step of before) await harness.play(step);
  return harness;
}

async function finished(harness: ExchangeHarness): Promise<readonly Event[]> {
  await harness.quiet();
  expectNothingReserved(harness.market);
  await expectReplayGives(harness.market, harness.log);
  await expectEachIsRebuiltFromItsStream(harness.market, harness.log);
  const events = (await eventsIn(harness.log)).map(({ event }) => event);
  await harness.close();
  return events;
}

function typesOf(events: readonly Event[], intentionOrDeal: RegExp): string[] {
  return events.filter(({ type }) => intentionOrDeal.test(type)).map(({ type }) => type);
}

const HANDSHAKE = /Proposal|Deal/;

describe('deadlines', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_700_000_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('Deadlines abort a deal whose proposal was lost, and the arrival goes on without it', async () => {
    const harness = await opened(post('alice', 'sell', 10, 5), post('carol', 'sell', 10, 5));
    lose(harness.shard, MessageKind.Proposal);
    void harness.play(post('bob', 'buy', 10, 5)); // answered once its turn is over
    expect(harness.exchange.status().state).toBe('recovering');
    await vi.advanceTimersByTimeAsync(1_000);
    const events = await finished(harness);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'DealAborted', initiatorId: 1, reason: 'initiatorDeadline' }),
    );
    expect(dealsIn(await eventsIn(harness.log))).toEqual([{ initiatorId: 2, responderId: 3, priceTicks: 10, lots: 5 }]);
    await expectAuditFinds(harness.log);
  });

  it('Deadlines abort a deal whose acceptance was lost: the initiator first, then the responder as the ledger says', async () => {
    const harness = await opened(post('alice', 'sell', 10, 5));
    lose(harness.shard, MessageKind.Acceptance);
    void harness.play(post('bob', 'buy', 10, 5)); // answered once its turn is over
    await vi.advanceTimersByTimeAsync(1_000);
    const events = await finished(harness);
    expect(typesOf(events, HANDSHAKE)).toEqual([
      'ProposalMade',
      'ProposalAccepted',
      'DealAborted',
      'DealSettled',
      'DealSettled',
    ]);
    await expectAuditFinds(harness.log);
  });

  it('Deadlines settle a responder whose confirmation was lost, as the ledger says', async () => {
    const harness = await opened(post('alice', 'sell', 10, 5));
    lose(harness.shard, MessageKind.Confirmation);
    void harness.play(post('bob', 'buy', 10, 7)); // answered once its turn is over
    await vi.advanceTimersByTimeAsync(2_999);
    expect(harness.exchange.status().state).toBe('recovering');
    await vi.advanceTimersByTimeAsync(1);
    const events = await finished(harness);
    expect(typesOf(events, HANDSHAKE)).toEqual([
      'ProposalMade',
      'ProposalAccepted',
      'DealConfirmed',
      'DealSettled',
      'DealSettled',
    ]);
    expect(harness.book('ACME')).toEqual({ bids: [[10, 2, 1]], asks: [] });
    await expectAuditFinds(harness.log);
  });

  it('Deadlines settle a responder that hears neither confirmation nor abort', async () => {
    const harness = await opened(post('alice', 'sell', 10, 5));
    lose(harness.shard, MessageKind.Acceptance);
    lose(harness.shard, MessageKind.Abort);
    void harness.play(post('bob', 'buy', 10, 5)); // answered once its turn is over
    await vi.advanceTimersByTimeAsync(3_000);
    const events = await finished(harness);
    expect(events.filter(({ type }) => type === 'DealAborted')).toHaveLength(1);
    await expectAuditFinds(harness.log);
  });

  it('Deadlines let the responder decide when the initiator stays silent, and the initiator settles as decided', async () => {
    const harness = await opened(post('alice', 'sell', 10, 5));
    lose(harness.shard, MessageKind.Acceptance);
    around(harness.shard.turns.mailbox, 'send', (call, [message]) =>
      (message as Message).kind === MessageKind.InitiatorDeadline && Date.now() < 1_700_000_003_500
        ? undefined
        : call(),
    );
    void harness.play(post('bob', 'buy', 10, 5)); // answered once its turn is over
    await vi.advanceTimersByTimeAsync(5_000);
    const events = await finished(harness);
    expect(events).toContainEqual(expect.objectContaining({ type: 'DealAborted', reason: 'responderDeadline' }));
    expect(events.filter(({ type }) => type === 'DealSettled')).toHaveLength(2);
    await expectAuditFinds(harness.log);
  });

  it('Deadlines hold back later commands until the deal has ended, and then take them in order', async () => {
    const harness = await opened(post('alice', 'sell', 10, 5));
    lose(harness.shard, MessageKind.Proposal);
    void harness.play(post('bob', 'buy', 10, 5)); // answered once its turn is over
    let answers = 0;
    const note = (): unknown => answers++;
    const later = [
      harness.play(post('zoe', 'sell', 900, 1)).then(note),
      harness.play({ kind: 'withdraw', id: 2, participant: 'bob' }).then(note),
      harness.play(post('zoe', 'sell', 901, 1)).then(note),
    ];
    await vi.advanceTimersByTimeAsync(999);
    expect(answers).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(later);
    const events = await finished(harness);
    expect(typesOf(events, /Intention/)).toEqual([
      'IntentionPosted',
      'IntentionPosted',
      'IntentionPosted',
      'IntentionWithdrawn',
      'IntentionPosted',
    ]);
  });

  it('Deadlines expire a good-till-date intention at its time, without any command', async () => {
    const harness = await opened(
      post('alice', 'sell', 10, 5, { timeInForce: 'gtd', expiresAtMs: 1_700_000_002_000 }),
      post('bob', 'sell', 11, 5, { timeInForce: 'gtd', expiresAtMs: 1_700_000_001_000 }),
    );
    await vi.advanceTimersByTimeAsync(999);
    expect(harness.book('ACME').asks).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(harness.book('ACME').asks).toEqual([[10, 5, 1]]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(harness.book('ACME').asks).toEqual([]);
    const events = await finished(harness);
    const expired = events.filter(({ type }) => type === 'IntentionExpired');
    expect(expired).toMatchObject([
      { intentionId: 2, atMs: 1_700_000_001_000 },
      { intentionId: 1, atMs: 1_700_000_002_000 },
    ]);
    await expectAuditFinds(harness.log);
  });

  it('Deadlines never let a deal be made with what has expired, even where no timer has run', async () => {
    const harness = await opened(post('alice', 'sell', 10, 5, { timeInForce: 'gtd', expiresAtMs: 1_700_000_001_000 }));
    vi.setSystemTime(1_700_000_001_000);
    await harness.play(post('bob', 'buy', 10, 5));
    const events = await finished(harness);
    expect(typesOf(events, /Intention|Deal/)).toEqual(['IntentionPosted', 'IntentionExpired', 'IntentionPosted']);
  });
});

describe('an intention that expires while a deal of it is in flight', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_700_000_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const soon = { timeInForce: 'gtd', expiresAtMs: 1_700_000_000_500 } as const;

  it.each([
    { side: 'responder', lost: MessageKind.Acceptance, filled: 0 },
    { side: 'responder', lost: MessageKind.Confirmation, filled: 5 },
    { side: 'initiator', lost: MessageKind.Acceptance, filled: 0 },
  ])(
    'An intention that expires while a deal of it is in flight settles that deal and is gone: $side, message $lost lost',
    async ({ side, lost, filled }) => {
      const harness = await opened(post('alice', 'sell', 10, 5, side === 'initiator' ? soon : {}));
      lose(harness.shard, lost);
      void harness.play(post('bob', 'buy', 10, 9, side === 'responder' ? soon : {})); // answered once its turn is over
      await vi.advanceTimersByTimeAsync(500);
      await vi.advanceTimersByTimeAsync(5_000);
      const events = await finished(harness);
      const id = side === 'responder' ? 2 : 1;
      expect(harness.market.negotiators.rowOf(id)).toBe(-1);
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'DealSettled', intentionId: id, quantityLots: filled }),
      );
    },
  );

  it('An intention that expires while a deal of it is in flight is rebuilt as it stood when it throws as well', async () => {
    const harness = await opened(post('alice', 'sell', 10, 9, soon));
    lose(harness.shard, MessageKind.Acceptance);
    void harness.play(post('bob', 'buy', 10, 5)); // answered once its turn is over
    await vi.advanceTimersByTimeAsync(500);
    await harness.exchange.log.flushed();
    await expectEachIsRebuiltFromItsStream(harness.market, harness.log);
    let thrown = 0;
    around(harness.shard.turns.recorder, 'dealAborted', (call) => {
      if (thrown++ === 0) throw new Error('made to fail');
      return call();
    });
    await vi.advanceTimersByTimeAsync(5_000);
    await finished(harness);
    expect(thrown).toBe(1);
    expect(harness.market.negotiators.rowOf(1)).toBe(-1);
  });
});
