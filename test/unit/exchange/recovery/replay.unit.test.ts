import { describe, expect, it } from 'vitest';
import { BrokenHistoryError } from '../../../../src/domain/market-directory.js';
import { replay } from '../../../../src/exchange/recovery/recovery.js';
import { stateDigest } from '../../../../src/exchange/recovery/state-digest.js';
import { History } from '../../../support/history/history.js';
import { logOf } from '../../../support/history/history-log.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import type { Step } from '../../../support/reference/steps.js';
import { post } from '../../../support/reference/steps-of.js';
import { acme, ExchangeHarness } from '../../../support/reference/exchange-harness.js';

/** Alice sells 10 at 100, Bob buys 4 at 100: intentions 1 and 2, not dealt yet. */
function crossing(): History {
  const history = new History();
  const [alice, bob] = [history.admit('alice'), history.admit('bob')];
  const listed = history.list('ACME');
  history.post(alice, listed, 'sell', 100, 10);
  history.post(bob, listed, 'buy', 100, 4);
  return history;
}

describe('a replay', () => {
  it('A replay gives what the log says, up to any position', async () => {
    const history = crossing();
    const { head } = history;
    history.deal(1, 2, 100, 4);
    const log = logOf(history);
    expect((await replay(log, { until: head })).state.market).toMatchObject({ dealsConfirmed: 0, intentionsPosted: 2 });
    expect((await replay(log)).state.market).toMatchObject({ dealsConfirmed: 1, lotsDealt: 4 });
    expect((await replay(log, { until: 0 })).state.market).toMatchObject({ intentionsPosted: 0, epoch: 0 });
    expect((await replay(log, { until: 10 ** 6 })).head).toBe(history.head);
  });

  it('A replay tells how far it is', async () => {
    const history = crossing();
    history.seal();
    history.deal(1, 2, 100, 4);
    const told: [number, number][] = [];
    await replay(logOf(history), { onReplay: (position, head) => told.push([position, head]) });
    expect(told).toEqual([
      [7, 13],
      [13, 13],
    ]);
  });

  it('A replay counts a decision that comes late, and lets the first one stand', async () => {
    const history = crossing();
    const number = history.propose(1, 2, 100, 4);
    history.accept(1, number, 4);
    history.abort(1, number, 'initiatorDeadline');
    history.confirm(1, number, 4);
    history.settle(1, 1, number, 0);
    history.settle(2, 1, number, 0);
    const { market } = (await replay(logOf(history))).state;
    expect(market).toMatchObject({ dealsConfirmed: 0, dealsAborted: 1, lateDecisions: 1, lotsDealt: 0 });
    expect(market.deals.size).toBe(0);
  });

  const impossible: Record<string, (history: History) => void> = {
    'a withdrawal of an intention that was never posted': (history) => history.withdraw(9),
    'an instrument that has no lot': (history) => history.list('ODD', { lotSize: 0 }),
    'an instrument with more decimals than there are': (history) => history.list('ODD', { priceDecimals: 2 ** 40 }),
    'limits that are no decimals': (history) =>
      history.append({
        ...{ type: 'LimitsSet', participantId: 1, instrumentId: 0, openQuantity: ' ', netPosition: '' },
        ...{ intentionsPerSecond: 0, halted: false, withdraws: false, atMs: 9 },
      }),
    'a withdrawal of one that is gone': (history) => {
      history.withdraw(1);
      history.withdraw(1);
    },
    'a reduction of one that is filled': (history) => {
      history.deal(1, 2, 100, 4);
      history.reduce(2, 1);
    },
    'a proposal by somebody who is gone': (history) => {
      history.withdraw(1);
      history.propose(1, 2, 100, 4);
    },
    'a settlement of a deal that was never proposed': (history) =>
      history.append({
        type: 'DealSettled',
        intentionId: 1,
        initiatorId: 1,
        dealNumber: 7,
        outcome: 'aborted',
        priceTicks: 100,
        quantityLots: 0,
      }),
    'a settlement by somebody who has no part in the deal': (history) => {
      const number = history.propose(1, 2, 100, 4);
      history.settle(2, 1, number, 4);
    },
    'a client id that is posted twice': (history) => history.post(1, 1, 'sell', 101, 1, { clientIntentionId: 'c-1' }),
    'a phase of an instrument that is not listed': (history) => history.phase(9, 'call'),
  };

  it.each(Object.entries(impossible))('A replay refuses a log that tells of %s', async (_what, tell) => {
    const history = crossing();
    tell(history);
    await expect(replay(logOf(history))).rejects.toThrow(BrokenHistoryError);
  });

  it('A replay that fails releases the log', async () => {
    const broken = crossing();
    broken.withdraw(9);
    const log = new MemoryLog({ shard: 3 });
    let isClosed = false;
    const writing = Object.assign(logOf(broken), {
      open: async () => {
        const writer = await log.open();
        const close = writer.close.bind(writer);
        writer.close = async (): Promise<void> => {
          isClosed = true;
          await close();
        };
        return writer;
      },
    });
    await expect(ExchangeHarness.open(writing)).rejects.toThrow(BrokenHistoryError);
    expect(isClosed).toBe(true);
  });
});

describe('the state digest', () => {
  const steps: readonly Step[] = [
    { kind: 'list', listing: acme },
    post('alice', 'sell', 100, 5),
    post('bob', 'sell', 100, 5),
    post('carol', 'buy', 100, 3),
    post('carol', 'buy', 90, 3, { timeInForce: 'ioc' }),
    { kind: 'reduce', id: 1, participant: 'alice', byLots: 1 },
    { kind: 'replace', id: 2, participant: 'bob', priceTicks: 101, openLots: 5 },
    { kind: 'replace', id: 2, participant: 'bob', priceTicks: 101, openLots: 5 },
    { kind: 'list', listing: { ...acme, maxTicks: 999 } },
    { kind: 'phase', instrument: 'ACME', phase: 'call' },
    { kind: 'uncross', instrument: 'ACME' },
    { kind: 'withdraw', id: 1, participant: 'alice' },
  ];

  it('The state digest changes with every command that records anything', async () => {
    const harness = await ExchangeHarness.open();
    const digests = new Set([stateDigest(harness.market)]);
    for (const [index, step] of steps.entries()) {
      await harness.play(step);
      digests.add(stateDigest(harness.market));
      expect(digests.size).toBe(index + 2);
    }
    await harness.close();
  });

  it('The state digest tells two queues apart that differ in their order alone', async () => {
    const digestOf = async (...order: readonly string[]): Promise<string> => {
      const harness = await ExchangeHarness.open();
      await harness.play({ kind: 'list', listing: acme });
      await harness.play(post('first', 'sell', 200, 1));
      await harness.play(post('second', 'sell', 200, 1));
      for (const name of order) {
        const id = name === 'first' ? 1 : 2;
        await harness.play({ kind: 'replace', id, participant: name, priceTicks: 100, openLots: 5 });
      }
      const digest = stateDigest(harness.market);
      await harness.close();
      return digest;
    };
    expect(await digestOf('first', 'second')).toBe(await digestOf('first', 'second'));
    expect(await digestOf('first', 'second')).not.toBe(await digestOf('second', 'first'));
  });
});
