import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventsIn, ExchangeHarness, acme } from '../../../support/reference/exchange-harness.js';
import { expectAuditFinds, expectReplayGives } from '../../../support/reference/checks.js';
import { post } from '../../../support/reference/steps-of.js';
import { MemoryLog } from '../../../support/log/memory-log.js';

const WITHIN_MS = 5_000;

/** A shard in which alice has so many open, and bob one. */
async function withOpen(count: number): Promise<{ log: MemoryLog; harness: ExchangeHarness }> {
  const log = new MemoryLog();
  const harness = await ExchangeHarness.open(log);
  await harness.play({ kind: 'list', listing: acme });
  await harness.play(post('bob', 'sell', 900, 1));
  for (let index = 0; index < count; index++) await harness.play(post('alice', 'sell', 500 + (index % 7), 1));
  await harness.quiet();
  return { log, harness };
}

const openOf = ({ market }: ExchangeHarness, participant: string): number => {
  let open = 0;
  market.negotiators.forEachRow((row) => {
    if (market.participantName(market.negotiators.participantId(row)) === participant) open++;
  });
  return open;
};

const reasonsIn = async (log: MemoryLog): Promise<string[]> =>
  (await eventsIn(log)).flatMap(({ event }) => (event.type === 'IntentionWithdrawn' ? [event.reason] : []));

describe('a dead man’s switch', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('A dead man’s switch that is not set again withdraws what its participant has open, without any command', async () => {
    const { log, harness } = await withOpen(3);
    await harness.exchange.setSwitch({ participant: 'alice', withinMs: WITHIN_MS });
    harness.advance(WITHIN_MS);
    await vi.advanceTimersByTimeAsync(WITHIN_MS);
    expect([openOf(harness, 'alice'), openOf(harness, 'bob')]).toEqual([0, 1]);
    await harness.exchange.log.flushed();
    expect(await reasonsIn(log)).toEqual(['switchLapsed', 'switchLapsed', 'switchLapsed']);
    await expectAuditFinds(log);
  });

  it('A dead man’s switch that is set again in time lapses later, and one that is taken off never', async () => {
    const { harness } = await withOpen(1);
    const { exchange } = harness;
    await exchange.setSwitch({ participant: 'alice', withinMs: WITHIN_MS });
    harness.advance(WITHIN_MS - 1);
    const again = await exchange.setSwitch({ participant: 'alice', withinMs: WITHIN_MS });
    expect(again).toMatchObject({ ok: true, lapsesAt: new Date(harness.nowMs + WITHIN_MS).toISOString() });
    harness.advance(WITHIN_MS - 1);
    await harness.quiet();
    expect(openOf(harness, 'alice')).toBe(1);
    expect(await exchange.setSwitch({ participant: 'alice', withinMs: 0 })).not.toHaveProperty('lapsesAt');
    harness.advance(10 * WITHIN_MS);
    await harness.quiet();
    expect(openOf(harness, 'alice')).toBe(1);
  });

  it('A dead man’s switch that is shortened lapses at the earlier time', async () => {
    const { harness } = await withOpen(1);
    await harness.exchange.setSwitch({ participant: 'alice', withinMs: 60_000 });
    await harness.exchange.setSwitch({ participant: 'alice', withinMs: 1_000 });
    harness.advance(1_000);
    await harness.quiet();
    expect(openOf(harness, 'alice')).toBe(0);
  });

  it('A dead man’s switch that falls due while the exchange is away lapses when it comes back', async () => {
    const { log, harness } = await withOpen(2);
    await harness.exchange.setSwitch({ participant: 'alice', withinMs: WITHIN_MS });
    await harness.close();
    const again = await ExchangeHarness.open(log, { nowMs: harness.nowMs + WITHIN_MS });
    await again.quiet();
    expect(openOf(again, 'alice')).toBe(0);
    await expectAuditFinds(log);
  });

  it('A dead man’s switch withdraws thousands in parts, between which commands are taken, and goes on after a crash', async () => {
    const { log, harness } = await withOpen(2_500);
    await harness.exchange.setSwitch({ participant: 'alice', withinMs: WITHIN_MS });
    harness.advance(WITHIN_MS);
    await harness.play(post('alice', 'sell', 600, 1), 'durable');
    expect(openOf(harness, 'alice')).toBe(1_501);
    // The process dies here.
    const again = await ExchangeHarness.open(log, { nowMs: harness.nowMs });
    await again.quiet();
    expect(openOf(again, 'alice')).toBe(501);
    again.advance(1);
    await again.quiet();
    expect(openOf(again, 'alice')).toBe(1);
    expect(await reasonsIn(log)).toHaveLength(2_500);
    await expectReplayGives(again.market, log);
    await expectAuditFinds(log);
  });

  it('A halt that withdraws is carried out in parts as well, and leaves alone what its instrument does not concern', async () => {
    const { log, harness } = await withOpen(1_200);
    await harness.play({ kind: 'list', listing: { ...acme, symbol: 'BOLT' } });
    await harness.play(post('alice', 'sell', 500, 1, { instrument: 'BOLT' }));
    const halt = { participant: 'alice', instrument: 'ACME', halted: true, withdraw: true };
    expect(await harness.exchange.setLimits(halt)).toMatchObject({ ok: true, halted: true });
    expect(openOf(harness, 'alice')).toBe(201);
    harness.advance(1);
    await harness.quiet();
    expect(openOf(harness, 'alice')).toBe(1);
    expect(await harness.play(post('alice', 'sell', 500, 1))).toEqual({ refused: 'HALTED' });
    expect(new Set(await reasonsIn(log))).toEqual(new Set(['halted']));
    await expectAuditFinds(log);
  });

  it('A dead man’s switch is refused for a time that is too short or too long, and for no name', async () => {
    const { harness } = await withOpen(0);
    for (const withinMs of [-1, 1, 999, 86_400_001, 1_000.5]) {
      expect(await harness.exchange.setSwitch({ participant: 'alice', withinMs })).toMatchObject({
        code: 'INVALID_COMMAND',
      });
    }
    expect(await harness.exchange.setSwitch({ participant: ' ', withinMs: 0 })).toMatchObject({
      code: 'INVALID_PARTICIPANT',
    });
  });
});

describe('a refusal by a limit', () => {
  it('A refusal by a limit stands in the log, of a rate once a second, and the same post may be taken later', async () => {
    const { log, harness } = await withOpen(0);
    await harness.exchange.setLimits({ participant: 'alice', intentionsPerSecond: 1 });
    const [first, second, third] = [1, 2, 3].map(() => post('alice', 'sell', 500, 1));
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were made');
    expect(await harness.play(first)).toEqual({ posted: 2 });
    for (const refused of [second, third]) expect(await harness.play(refused)).toEqual({ refused: 'LIMIT_RATE' });
    expect(await harness.play(first)).toEqual({ posted: 2 });
    harness.advance(1_000);
    expect(await harness.play(second)).toEqual({ posted: 3 });
    expect(await harness.play(third)).toEqual({ refused: 'LIMIT_RATE' });
    await harness.quiet();
    const refused = (await eventsIn(log)).flatMap(({ event }) =>
      event.type === 'PostRefused' ? [[event.code, event.clientIntentionId]] : [],
    );
    expect(refused).toEqual([
      ['LIMIT_RATE', second.clientId],
      ['LIMIT_RATE', third.clientId],
    ]);
  });

  it('A refusal by a limit is none for who reduces or withdraws', async () => {
    const { harness } = await withOpen(1);
    await harness.exchange.setLimits({ participant: 'alice', halted: true, openQuantity: '0', netPosition: '0' });
    const about = { id: 2, participant: 'alice' } as const;
    expect(await harness.play({ kind: 'replace', ...about, priceTicks: 400, openLots: 1 })).toEqual({
      refused: 'HALTED',
    });
    expect(await harness.play({ kind: 'withdraw', ...about })).toMatchObject({ status: 'withdrawn' });
  });
});
