import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Message } from '../../../src/domain/mailbox.js';
import type { Event } from '../../../src/events/event.js';
import {
  expectAuditFinds,
  expectEachIsRebuiltFromItsStream,
  expectNothingReserved,
  expectReplayGives,
} from '../../support/reference/checks.js';
import { around, lose } from '../../support/reference/faults.js';
import type { Step } from '../../support/reference/steps.js';
import { post } from '../../support/reference/steps-of.js';
import { acme, dealsIn, eventsIn, Venue } from '../../support/reference/venue.js';

/** Every venue's clock here runs with the timers that vitest holds. */
async function opened(...before: readonly Step[]): Promise<Venue> {
  const venue = await Venue.open(undefined, { clock: Date.now });
  await venue.play({ kind: 'list', listing: acme });
  for (const step of before) await venue.play(step);
  return venue;
}

async function finished(venue: Venue): Promise<readonly Event[]> {
  await venue.quiet();
  expectNothingReserved(venue.market);
  await expectReplayGives(venue.market, venue.log);
  await expectEachIsRebuiltFromItsStream(venue.market, venue.log);
  const events = (await eventsIn(venue.log)).map(({ event }) => event);
  await venue.close();
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

  it('abort a deal whose proposal was lost, and the arrival goes on without it', async () => {
    const venue = await opened(post('alice', 'sell', 10, 5), post('carol', 'sell', 10, 5));
    lose(venue.shard, Message.Proposal);
    await venue.play(post('bob', 'buy', 10, 5));
    expect(venue.exchange.status().state).toBe('recovering');
    await vi.advanceTimersByTimeAsync(1_000);
    const events = await finished(venue);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'DealAborted', initiatorId: 1, reason: 'initiatorDeadline' }),
    );
    expect(dealsIn(await eventsIn(venue.log))).toEqual([{ initiatorId: 2, responderId: 3, priceTicks: 10, lots: 5 }]);
    await expectAuditFinds(venue.log);
  });

  it('abort a deal whose acceptance was lost: the initiator first, then the responder as the ledger says', async () => {
    const venue = await opened(post('alice', 'sell', 10, 5));
    lose(venue.shard, Message.Acceptance);
    await venue.play(post('bob', 'buy', 10, 5));
    await vi.advanceTimersByTimeAsync(1_000);
    const events = await finished(venue);
    expect(typesOf(events, HANDSHAKE)).toEqual([
      'ProposalMade',
      'ProposalAccepted',
      'DealAborted',
      'DealSettled',
      'DealSettled',
    ]);
    await expectAuditFinds(venue.log);
  });

  it('settle a responder whose confirmation was lost, as the ledger says', async () => {
    const venue = await opened(post('alice', 'sell', 10, 5));
    lose(venue.shard, Message.Confirmation);
    await venue.play(post('bob', 'buy', 10, 7));
    await vi.advanceTimersByTimeAsync(2_999);
    expect(venue.exchange.status().state).toBe('recovering');
    await vi.advanceTimersByTimeAsync(1);
    const events = await finished(venue);
    expect(typesOf(events, HANDSHAKE)).toEqual([
      'ProposalMade',
      'ProposalAccepted',
      'DealConfirmed',
      'DealSettled',
      'DealSettled',
    ]);
    expect(venue.book('ACME')).toEqual({ bids: [[10, 2, 1]], asks: [] });
    await expectAuditFinds(venue.log);
  });

  it('settle a responder that hears neither confirmation nor abort', async () => {
    const venue = await opened(post('alice', 'sell', 10, 5));
    lose(venue.shard, Message.Acceptance);
    lose(venue.shard, Message.Abort);
    await venue.play(post('bob', 'buy', 10, 5));
    await vi.advanceTimersByTimeAsync(3_000);
    const events = await finished(venue);
    expect(events.filter(({ type }) => type === 'DealAborted')).toHaveLength(1);
    await expectAuditFinds(venue.log);
  });

  it('let the responder decide when the initiator stays silent, and the initiator settles as decided', async () => {
    const venue = await opened(post('alice', 'sell', 10, 5));
    lose(venue.shard, Message.Acceptance);
    around(venue.shard.desk.mailbox, 'send', (call, [kind]) =>
      kind === Message.InitiatorDeadline && Date.now() < 1_700_000_003_500 ? undefined : call(),
    );
    await venue.play(post('bob', 'buy', 10, 5));
    await vi.advanceTimersByTimeAsync(5_000);
    const events = await finished(venue);
    expect(events).toContainEqual(expect.objectContaining({ type: 'DealAborted', reason: 'responderDeadline' }));
    expect(events.filter(({ type }) => type === 'DealSettled')).toHaveLength(2);
    await expectAuditFinds(venue.log);
  });

  it('hold back later commands until the deal has ended, and then take them in order', async () => {
    const venue = await opened(post('alice', 'sell', 10, 5));
    lose(venue.shard, Message.Proposal);
    await venue.play(post('bob', 'buy', 10, 5));
    let answers = 0;
    const note = (): unknown => answers++;
    const later = [
      venue.play(post('zoe', 'sell', 900, 1)).then(note),
      venue.play({ kind: 'withdraw', id: 2, participant: 'bob' }).then(note),
      venue.play(post('zoe', 'sell', 901, 1)).then(note),
    ];
    await vi.advanceTimersByTimeAsync(999);
    expect(answers).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(later);
    const events = await finished(venue);
    expect(typesOf(events, /Intention/)).toEqual([
      'IntentionPosted',
      'IntentionPosted',
      'IntentionPosted',
      'IntentionWithdrawn',
      'IntentionPosted',
    ]);
  });

  it('expire a good-till-date intention at its time, without any command', async () => {
    const venue = await opened(
      post('alice', 'sell', 10, 5, { timeInForce: 'gtd', expiresAtMs: 1_700_000_002_000 }),
      post('bob', 'sell', 11, 5, { timeInForce: 'gtd', expiresAtMs: 1_700_000_001_000 }),
    );
    await vi.advanceTimersByTimeAsync(999);
    expect(venue.book('ACME').asks).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(venue.book('ACME').asks).toEqual([[10, 5, 1]]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(venue.book('ACME').asks).toEqual([]);
    const events = await finished(venue);
    const expired = events.filter(({ type }) => type === 'IntentionExpired');
    expect(expired).toMatchObject([
      { intentionId: 2, atMs: 1_700_000_001_000 },
      { intentionId: 1, atMs: 1_700_000_002_000 },
    ]);
    await expectAuditFinds(venue.log);
  });

  it('never let a deal be made with what has expired, even where no timer has run', async () => {
    const venue = await opened(post('alice', 'sell', 10, 5, { timeInForce: 'gtd', expiresAtMs: 1_700_000_001_000 }));
    vi.setSystemTime(1_700_000_001_000);
    await venue.play(post('bob', 'buy', 10, 5));
    const events = await finished(venue);
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
    { side: 'responder', lost: Message.Acceptance, filled: 0 },
    { side: 'responder', lost: Message.Confirmation, filled: 5 },
    { side: 'initiator', lost: Message.Acceptance, filled: 0 },
  ])('settles that deal and is gone: $side, message $lost lost', async ({ side, lost, filled }) => {
    const venue = await opened(post('alice', 'sell', 10, 5, side === 'initiator' ? soon : {}));
    lose(venue.shard, lost);
    await venue.play(post('bob', 'buy', 10, 9, side === 'responder' ? soon : {}));
    await vi.advanceTimersByTimeAsync(500);
    await vi.advanceTimersByTimeAsync(5_000);
    const events = await finished(venue);
    const id = side === 'responder' ? 2 : 1;
    expect(venue.market.negotiators.rowOf(id)).toBe(-1);
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'DealSettled', intentionId: id, quantityLots: filled }),
    );
  });

  it('is rebuilt as it stood when it throws as well', async () => {
    const venue = await opened(post('alice', 'sell', 10, 9, soon));
    lose(venue.shard, Message.Acceptance);
    await venue.play(post('bob', 'buy', 10, 5));
    await vi.advanceTimersByTimeAsync(500);
    await venue.exchange.flushed();
    await expectEachIsRebuiltFromItsStream(venue.market, venue.log);
    let thrown = 0;
    around(venue.shard.desk.recorder, 'dealAborted', (call) => {
      if (thrown++ === 0) throw new Error('made to fail');
      return call();
    });
    await vi.advanceTimersByTimeAsync(5_000);
    await finished(venue);
    expect(thrown).toBe(1);
    expect(venue.market.negotiators.rowOf(1)).toBe(-1);
  });
});
