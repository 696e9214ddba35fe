import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type AppendOutcome, type LogWriter } from '../../../src/log/port.js';
import type { PostIntention } from '../../../src/exchange/commands.js';
import { MemoryLog } from '../../support/log/memory-log.js';
import { expectAuditFinds, expectReplayGives } from '../../support/reference/checks.js';
import { around, byMessages } from '../../support/reference/faults.js';
import { post } from '../../support/reference/steps-of.js';
import { acme, eventsIn, OPENING_MS, ExchangeHarness } from '../../support/reference/exchange-harness.js';

const purchase: PostIntention = {
  clientIntentionId: 'b-1',
  participant: 'bob',
  instrument: 'ACME',
  side: 'buy',
  price: '5.00',
  quantity: '50',
};

/** A stand-in for a slow disk: a log in memory whose appends wait until they are released. */
class SlowLog extends MemoryLog {
  /** Appends that have begun. */
  begun = 0;
  private gate: Promise<void> = Promise.resolve();
  private openGate: () => void = () => undefined;

  hold(): void {
    this.gate = new Promise((resolve) => {
      this.openGate = resolve;
    });
  }

  letGo(): void {
    this.openGate();
  }

  override async open(): Promise<LogWriter> {
    const writer = await super.open();
    const append = writer.append.bind(writer);
    writer.append = async (batch): Promise<AppendOutcome> => {
      this.begun++;
      await this.gate;
      return append(batch);
    };
    return writer;
  }
}

/** Lets everything run that is due in this round of the event loop and the next. */
async function aRound(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

describe('an answer', () => {
  it('An answer comes only once all that it rests on is durable', async () => {
    const log = new SlowLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    log.hold();
    const { begun } = log;
    let isAnswered = false;
    const answer = harness.exchange.post(purchase).then((given) => {
      isAnswered = true;
      return given;
    });
    await expect.poll(() => log.begun).toBe(begun + 1);
    const later = { ...purchase, clientIntentionId: 'b-2' };
    expect(await harness.exchange.post(later, 'recorded')).toMatchObject({ ok: true, id: '2' });
    await aRound();
    expect(isAnswered).toBe(false);
    expect(harness.exchange.status()).toMatchObject({ durable: 4, intentions: 2 });
    log.letGo();
    expect(await answer).toMatchObject({ ok: true, id: '1' });
    expect(harness.shard.durable).toBeGreaterThan(5);
  });

  it('An answer may be asked for as soon as it is recorded, for callers that hold it back themselves', async () => {
    const log = new SlowLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    log.hold();
    expect(await harness.exchange.post(purchase, 'recorded')).toMatchObject({ ok: true });
    expect(await harness.exchange.withdraw({ id: '1' }, 'recorded')).toMatchObject({ status: 'withdrawn' });
    log.letGo();
    await harness.close();
  });

  it('An answer to a refusal, too, waits for what it rests on', async () => {
    const log = new SlowLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    log.hold();
    const order: string[] = [];
    const answers = [
      harness.exchange.postAll([purchase]).then(() => order.push('posted')),
      harness.exchange.postAll([{ ...purchase, quantity: '60' }]).then(() => order.push('refused')),
    ];
    log.letGo();
    await Promise.all(answers);
    expect(order).toEqual(['posted', 'refused']);
  });
});

describe('what a withdrawal, a reduction or a replacement answers', () => {
  async function opened(): Promise<ExchangeHarness> {
    const harness = await ExchangeHarness.open();
    await harness.play({ kind: 'list', listing: acme });
    return harness;
  }

  it('The answer to a withdrawal, a reduction or a replacement says that it is withdrawn, though it was the last to be posted, and what had been filled', async () => {
    const harness = await opened();
    await harness.play(post('bob', 'buy', 100, 5));
    expect(await harness.play({ kind: 'withdraw', id: 1, participant: 'bob' })).toEqual({
      status: 'withdrawn',
      openLots: 0,
      filledLots: 0,
    });
    await harness.play(post('bob', 'buy', 100, 5));
    await harness.play(post('alice', 'sell', 100, 2));
    expect(await harness.play({ kind: 'reduce', id: 2, participant: 'bob', byLots: 3 })).toEqual({
      status: 'withdrawn',
      openLots: 0,
      filledLots: 2,
    });
  });

  it('The answer to a withdrawal, a reduction or a replacement says what is filled of a replacement that is smaller than what it replaces', async () => {
    const harness = await opened();
    await harness.play(post('bob', 'buy', 100, 5));
    await harness.play(post('alice', 'sell', 101, 9));
    expect(await harness.play({ kind: 'replace', id: 2, participant: 'alice', priceTicks: 100, openLots: 3 })).toEqual({
      status: 'filled',
      openLots: 0,
      filledLots: 3,
    });
    expect(await harness.play({ kind: 'reduce', id: 1, participant: 'bob', byLots: 1 })).toEqual({
      status: 'open',
      openLots: 1,
      filledLots: 3,
    });
  });

  it('The answer to a withdrawal, a reduction or a replacement names the position of the event that recorded it', async () => {
    const harness = await opened();
    await harness.play(post('bob', 'buy', 100, 5));
    const answer = await harness.exchange.reduce({ id: '1', by: '10' });
    if (!answer.ok) expect.fail(answer.detail);
    const events = await eventsIn(harness.log);
    expect(events[answer.position]?.event.type).toBe('IntentionReduced');
  });
});

describe('a batch of posts', () => {
  it('A batch of posts stays together and before what comes later, though a negotiator is rebuilt in the middle of it', async () => {
    const harness = await ExchangeHarness.open(undefined, byMessages);
    await harness.play({ kind: 'list', listing: acme });
    await harness.play(post('alice', 'sell', 100, 5));
    let thrown = 0;
    around(harness.shard.turns.recorder, 'proposalAccepted', (call) => {
      if (thrown++ % 2 === 1) return call();
      throw new Error('made to fail');
    });
    const ids = ['x', 'y', 'z'];
    const batch = harness.exchange.postAll(ids.map((id) => ({ ...purchase, clientIntentionId: id, quantity: '10' })));
    const later = [
      harness.play({ kind: 'withdraw', id: 1, participant: 'alice' }),
      harness.play(post('zoe', 'buy', 1, 1)),
    ];
    expect(await batch).toMatchObject([{ id: '2' }, { id: '3' }, { id: '4' }]);
    expect(await Promise.all(later)).toEqual([{ status: 'withdrawn', openLots: 0, filledLots: 3 }, { posted: 5 }]);
    expect(thrown).toBe(6);
    await harness.close();
  });
});

describe('a shard whose log fails', () => {
  it.each(['unknown', 'fenced'] as const)(
    'A shard whose log fails answers what waits, and all that comes, with SHARD_UNAVAILABLE: %s',
    async (outcome) => {
      const log = new MemoryLog({ plan: (batches) => (batches === 3 ? { outcome, stored: false } : undefined) });
      const harness = await ExchangeHarness.open(log);
      await harness.play({ kind: 'list', listing: acme });
      await harness.play(post('bob', 'buy', 100, 5), 'durable');
      const { exchange } = harness;
      const refused = { ok: false, code: 'SHARD_UNAVAILABLE' };
      const waiting = await Promise.all([
        exchange.post({ ...purchase, clientIntentionId: 'x' }),
        exchange.postAll([purchase, { ...purchase, clientIntentionId: 'y', quantity: '0' }]),
        exchange.withdraw({ id: '1' }),
        exchange.uncross({ instrument: 'ACME' }),
        exchange.log.flushed().catch(() => 'failed'),
      ]);
      expect(waiting).toMatchObject([refused, [refused, refused], refused, refused, 'failed']);

      expect(await exchange.post(purchase)).toMatchObject(refused);
      expect(await exchange.postAll([purchase, purchase])).toMatchObject([refused, refused]);
      expect(await exchange.withdraw({ id: '1' })).toMatchObject(refused);
      expect(await exchange.reduce({ id: '1', by: '10' })).toMatchObject(refused);
      expect(await exchange.replace({ id: '1', price: '1.00', quantity: '10' })).toMatchObject(refused);
      expect(await exchange.changePhase({ instrument: 'ACME', phase: 'call' })).toMatchObject(refused);
      await expect(exchange.log.flushed()).rejects.toThrow();
      await exchange.drained();

      expect(exchange.status()).toMatchObject({ state: 'stopped', durable: await log.head() });
      expect(exchange.status().reason).toContain(outcome);
      expect(harness.listener.said).toContainEqual(expect.objectContaining({ level: 'error' }));
      await harness.close();
      const again = await ExchangeHarness.open(log.again({}));
      expect(again.exchange.status()).toMatchObject({ state: 'serving', intentions: 1 });
      await again.close();
      await expectAuditFinds(log);
    },
  );

  it('A shard whose log fails says nothing to listeners that is not durable', async () => {
    const log = new MemoryLog({
      plan: (batches) => (batches === 2 ? { outcome: 'unknown', stored: true } : undefined),
    });
    const harness = await ExchangeHarness.open(log);
    const told: number[] = [];
    harness.exchange.log.onDurable((durable) => told.push(durable));
    await harness.play({ kind: 'list', listing: acme });
    await harness.play(post('bob', 'buy', 100, 5), 'durable');
    expect(told).toEqual([4]);
  });

  it('A shard whose log fails does not open when its first append fails', async () => {
    const log = new MemoryLog({ plan: () => ({ outcome: 'unknown', stored: false }) });
    await expect(ExchangeHarness.open(log)).rejects.toThrow('the shard stopped while it started');
  });

  it('A shard whose log fails is fenced by a second writer, which goes on where it stopped', async () => {
    const log = new MemoryLog();
    const older = await ExchangeHarness.open(log);
    await older.play({ kind: 'list', listing: acme });
    await older.play(post('bob', 'buy', 100, 5), 'durable');
    const newer = await ExchangeHarness.open(log);
    expect(await older.play(post('bob', 'buy', 100, 5), 'durable')).toEqual({ refused: 'SHARD_UNAVAILABLE' });
    expect(await newer.play(post('bob', 'buy', 100, 5), 'durable')).toEqual({ posted: 2 });
    await newer.close();
    await expectAuditFinds(log);
  });
});

describe('what fails and belongs to no negotiator', () => {
  const broken = (call: () => unknown): unknown => {
    call();
    throw new Error('made to fail');
  };

  /** What the shard has left is a log that holds all it ever answered, and nothing that was recorded half. */
  async function expectItRecovers(log: MemoryLog, stopped: ExchangeHarness): Promise<ExchangeHarness> {
    expect(stopped.exchange.status().state).toBe('stopped');
    expect(stopped.listener.said).toContainEqual(expect.objectContaining({ level: 'error' }));
    await aRound(); // whatever was to be committed would be by now
    const head = await log.head();
    await stopped.close();
    expect(await log.head()).toBe(head);
    const again = await ExchangeHarness.open(log, { nowMs: stopped.nowMs });
    await again.exchange.log.flushed();
    await expectReplayGives(again.market, log);
    await expectAuditFinds(log);
    return again;
  }

  it('What fails and belongs to no negotiator stops the shard in an arrival: nothing half done becomes durable', async () => {
    const log = new MemoryLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    await harness.play(post('bob', 'buy', 100, 5), 'recorded'); // its batch is still open, and a commit is due
    around(harness.shard.turns.recorder.journal, 'intentionWithdrawn', broken);
    const answer = await harness.play(post('bob', 'buy', 100, 5, { timeInForce: 'ioc' }), 'durable');
    expect(answer).toEqual({ refused: 'SHARD_UNAVAILABLE' });
    expect(await harness.play(post('bob', 'buy', 100, 5))).toEqual({ refused: 'SHARD_UNAVAILABLE' });
    const again = await expectItRecovers(log, harness);
    expect(again.market.intentionsPosted).toBe(0);
    await again.close();
  });

  it('What fails and belongs to no negotiator stops the shard amid a fused handshake: no part of it becomes durable', async () => {
    const log = new MemoryLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    await harness.play(post('alice', 'sell', 100, 5), 'durable');
    around(harness.shard.turns.recorder.journal, 'wholeHandshake', broken);
    expect(await harness.play(post('bob', 'buy', 100, 3), 'durable')).toEqual({ refused: 'SHARD_UNAVAILABLE' });
    const again = await expectItRecovers(log, harness);
    expect([again.market.intentionsPosted, again.market.dealsConfirmed, again.market.deals.size]).toEqual([1, 0, 0]);
    await again.close();
  });

  it('What fails and belongs to no negotiator stops the shard when something falls due, and not the process', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const log = new MemoryLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    const expiresAtMs = OPENING_MS + 5;
    await harness.play(post('bob', 'buy', 100, 5, { timeInForce: 'gtd', expiresAtMs }), 'durable');
    around(harness.shard.turns.recorder, 'intentionExpired', broken);
    harness.advance(10);
    await vi.advanceTimersByTimeAsync(10);
    const again = await expectItRecovers(log, harness);
    expect(again.market.negotiators.size).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(again.market.negotiators.size).toBe(0);
    await again.close();
  });
});

describe('congestion', () => {
  it('Congestion is reported while too much waits for a slow disk, and producers learn when it is over', async () => {
    const log = new SlowLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    log.hold();
    await harness.exchange.post(purchase, 'recorded');
    await aRound();
    const idOf = (index: number): string => `${index}-`.padEnd(64, 'x');
    for (let from = 0; !harness.exchange.congested; from += 1_000) {
      const batch = Array.from({ length: 1_000 }, (_, index) => ({
        ...purchase,
        clientIntentionId: idOf(from + index),
      }));
      await harness.exchange.postAll(batch, 'recorded');
    }
    let isDrained = false;
    const drained = harness.exchange.drained().then(() => {
      isDrained = true;
    });
    await Promise.resolve();
    expect(isDrained).toBe(false);
    log.letGo();
    await drained;
    await harness.close();
    expect(harness.exchange.status().durable).toBe(await log.head());
  });
});

describe('listeners', () => {
  it('Listeners that throw are reported in the log, and neither other listeners nor answers miss anything', async () => {
    const harness = await ExchangeHarness.open();
    harness.exchange.log.onDurable(() => {
      throw new Error('a feed that fails');
    });
    const told: number[] = [];
    const end = harness.exchange.log.onDurable((durable) => told.push(durable));
    await harness.play({ kind: 'list', listing: acme });
    expect(await harness.play(post('bob', 'buy', 100, 5), 'durable')).toEqual({ posted: 1 });
    expect(told).toEqual([4, 7]);
    expect(harness.exchange.status().state).toBe('serving');
    expect(harness.listener.said).toContainEqual(expect.objectContaining({ level: 'error' }));
    end();
    await harness.play(post('bob', 'buy', 100, 5), 'durable');
    expect(told).toHaveLength(2);
    await harness.close();
  });
});

describe('closing', () => {
  it('Closing commits what is open first', async () => {
    const log = new MemoryLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    await harness.play(post('bob', 'buy', 100, 5), 'recorded');
    await harness.close();
    expect((await eventsIn(log)).map(({ event }) => event.type)).toContain('IntentionPosted');
    await harness.close();
  });

  it('Closing answers every command that came before it, and refuses every one after it', async () => {
    const log = new SlowLog();
    const harness = await ExchangeHarness.open(log);
    await harness.play({ kind: 'list', listing: acme });
    log.hold();
    const before = harness.exchange.post(purchase);
    const closing = harness.exchange.close();
    const after = harness.exchange.post({ ...purchase, clientIntentionId: 'b-2' });
    const withdrawal = harness.exchange.withdraw({ id: '1' });
    log.letGo();
    expect(await before).toMatchObject({ ok: true });
    expect(await after).toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
    expect(await withdrawal).toMatchObject({ ok: false, code: 'SHARD_UNAVAILABLE' });
    await closing;
    expect((await eventsIn(log)).at(-1)?.event.type).toBe('BatchSealed');
    expect(await harness.exchange.post(purchase)).toMatchObject({ code: 'SHARD_UNAVAILABLE' });
  });

  it('Closing waits for a negotiator that is being rebuilt, and for the commands that queue behind it', async () => {
    const log = new MemoryLog();
    const harness = await ExchangeHarness.open(log, byMessages);
    await harness.play({ kind: 'list', listing: acme });
    await harness.play(post('alice', 'sell', 100, 5));
    let isThrown = false;
    around(harness.shard.turns.recorder, 'proposalMade', (call) => {
      if (isThrown) return call();
      isThrown = true;
      throw new Error('made to fail');
    });
    const before = [
      harness.play(post('bob', 'buy', 100, 5), 'durable'),
      harness.play(post('bob', 'buy', 90, 5), 'durable'),
    ];
    const closing = harness.close();
    expect(await Promise.all(before)).toEqual([{ posted: 2 }, { posted: 3 }]);
    await closing;
    expect((await eventsIn(log)).map(({ event }) => event.type)).toContain('DealConfirmed');
  });
});
