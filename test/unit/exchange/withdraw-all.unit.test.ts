import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AllWithdrawn, Answer, WithdrawAll } from '../../../src/exchange/commands.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { expectAuditFinds, expectReplayGives } from '../../support/reference/checks.js';
import { acme, eventsIn, ExchangeHarness } from '../../support/reference/exchange-harness.js';
import { post } from '../../support/reference/steps-of.js';

let log: MemoryLog;
let harness: ExchangeHarness;

beforeEach(async () => {
  log = new MemoryLog();
  harness = await ExchangeHarness.open(log);
  await harness.play({ kind: 'list', listing: acme });
  await harness.play({ kind: 'list', listing: { ...acme, symbol: 'BOLT' } });
});
afterEach(async () => {
  await harness.exchange.log.flushed();
  await expectReplayGives(harness.market, log);
  await expectAuditFinds(log);
  await harness.close();
});

async function idsOf(command: WithdrawAll): Promise<string[]> {
  const answer = await harness.exchange.withdrawAll(command);
  return answer.ok ? answer.intentions.map(({ id }) => id).sort() : [answer.code];
}

describe('withdrawing many', () => {
  it('Withdrawing many takes those that are open and chosen, and tells of each what was filled', async () => {
    await harness.play(post('alice', 'sell', 100, 5));
    await harness.play(post('alice', 'buy', 50, 5));
    await harness.play(post('alice', 'sell', 100, 5, { instrument: 'BOLT' }));
    await harness.play(post('bob', 'sell', 100, 5));
    await harness.play(post('carol', 'buy', 100, 2));
    await harness.play(post('dave', 'buy', 40, 5));
    await harness.play({ kind: 'withdraw', id: 6, participant: 'dave' });
    expect(await idsOf({ participant: 'alice', instrument: 'BOLT' })).toEqual(['3']);
    expect(await idsOf({ participant: 'alice', side: 'buy' })).toEqual(['2']);
    expect(await idsOf({ participant: 'nobody' })).toEqual([]);
    const answer = await harness.exchange.withdrawAll({ instrument: 'ACME' });
    expect(answer).toEqual({
      ...{ ok: true, withdrawn: 2, positions: new Map([[0, expect.any(Number)]]) },
      intentions: [
        { id: '1', filled: '20' },
        { id: '4', filled: '0' },
      ],
    });
    expect(harness.market.negotiators.size).toBe(0);
  });

  it('Withdrawing many because a connection has ended is recorded as that', async () => {
    await harness.play(post('alice', 'sell', 100, 5));
    await harness.play(post('alice', 'sell', 101, 5));
    await harness.exchange.withdrawAll({ participant: 'alice', side: 'sell', reason: 'disconnected' });
    const reasons = (await eventsIn(log)).flatMap(({ event }) =>
      event.type === 'IntentionWithdrawn' ? [event.reason] : [],
    );
    expect(reasons).toEqual(['disconnected', 'disconnected']);
  });

  it('Withdrawing many goes in turns of at most a thousand, and what is posted after it has begun stays', async () => {
    const posts = Array.from({ length: 2_500 }, (_, index) => ({
      ...{ clientIntentionId: `c-${index}`, participant: 'alice', instrument: 'ACME' as const, side: 'buy' as const },
      ...{ price: '1.00', quantity: '10' },
    }));
    await harness.exchange.postAll(posts);
    const withdrawn: number[] = [];
    let before = harness.market.negotiators.size;
    const end = harness.exchange.log.onDurable(() => {
      withdrawn.push(before - harness.market.negotiators.size);
      before = harness.market.negotiators.size;
    });
    const withdrawing: Promise<Answer<AllWithdrawn>> = harness.exchange.withdrawAll({ participant: 'alice' });
    // Its first turn has run: these take rows that have become free.
    await harness.exchange.postAll(
      posts.slice(0, 10).map((each) => ({ ...each, clientIntentionId: `late-${each.clientIntentionId}` })),
    );
    const answer = await withdrawing;
    end();
    expect(answer).toMatchObject({ ok: true, withdrawn: 2_500 });
    expect(answer).toHaveProperty('intentions.length', 1_000);
    expect(Math.max(...withdrawn)).toBeLessThanOrEqual(1_000);
    expect(harness.market.negotiators.size).toBe(10);
  });

  it('Withdrawing many takes none while another instrument’s auction collects, and leaves its books whole', async () => {
    await harness.play({ kind: 'phase', instrument: 'BOLT', phase: 'call' });
    await harness.play(post('alice', 'buy', undefined, 5, { instrument: 'BOLT' }));
    await harness.play(post('alice', 'sell', 90, 5, { instrument: 'BOLT' }));
    await harness.play(post('alice', 'sell', 100, 5));
    expect(await idsOf({ instrument: 'ACME' })).toEqual(['3']);
    expect(await harness.play({ kind: 'uncross', instrument: 'BOLT' })).toMatchObject({ deals: 1 });
  });
});
