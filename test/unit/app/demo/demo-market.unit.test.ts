import { describe, expect, it, onTestFinished } from 'vitest';
import { IntentionFold } from '../../../../projections/store/database/intention-fold.js';
import { QueryStore } from '../../../../projections/store/database/query-store.js';
import { foldLog } from '../../../../projections/read-models.js';
import { DemoMarket } from '../../../../src/app/demo/demo-market.js';
import type { Event, RecordedEvent } from '../../../../src/events/event.js';
import { refuse } from '../../../../src/exchange/commands.js';
import { Exchange } from '../../../../src/exchange/exchange.js';
import { ManualClock } from '../../../../src/in-process/testing/index.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { OPENS_AT, SimulatedDemo } from '../../../support/demo/simulated-demo.js';
import { expectBounds, symbols } from '../../../support/demo/bounds.js';
import { expectAuditFinds, expectReplayGives } from '../../../support/reference/checks.js';

const MINUTE_MS = 60_000;

async function after(ms: number, log?: MemoryLog): Promise<SimulatedDemo> {
  const demo = await SimulatedDemo.open(log);
  onTestFinished(() => demo.close());
  await demo.clock.advance(ms);
  return demo;
}

function count(events: readonly RecordedEvent[], type: Event['type']): number {
  return events.filter(({ event }) => event.type === type).length;
}

describe('the demonstration market', () => {
  it('Each instrument of a new log opens with an auction, which collects for eight seconds at least', async () => {
    const demo = await after(7_900);
    const phases = () => Promise.all(symbols.map(async (symbol) => (await demo.exchange.instrument(symbol))?.phase));
    expect(await phases()).toEqual(symbols.map(() => 'call'));
    expect(count(await demo.events(), 'IntentionPosted')).toBeGreaterThan(40);
    expect(count(await demo.events(), 'DealConfirmed')).toBe(0);
    await demo.clock.advance(7_100);
    expect(await phases()).toEqual(symbols.map(() => 'continuous'));
    const events = await demo.events();
    const dealt = events.flatMap(({ event }) => (event.type === 'AuctionUncrossed' ? [event.volumeLots > 0] : []));
    expect(dealt).toEqual(symbols.map(() => true));
  });

  it('Every view has something to show within a minute', async () => {
    const demo = await after(MINUTE_MS);
    const types = new Set((await demo.events()).map(({ event }) => event.type));
    const wanted: readonly Event['type'][] = [
      ...(['AuctionUncrossed', 'DealConfirmed', 'IntentionReduced', 'IntentionAmended', 'IntentionWithdrawn'] as const),
      ...(['IntentionExpired', 'PostRefused', 'SwitchSet', 'SwitchLapsed', 'LimitsSet'] as const),
    ];
    expect(wanted.filter((type) => !types.has(type))).toEqual([]);
    expect(demo.exchange.status().rebuilt).toBeGreaterThan(0);
    expect(demo.exchange.shards()).toMatchObject([{ state: 'serving' }]);
  });

  it('An hour stays within bounds, is audited clean and replays to the same state', async () => {
    const demo = await SimulatedDemo.open();
    for (let minute = 0; minute < 60; minute++) {
      await demo.clock.advance(MINUTE_MS);
      expectBounds(demo);
    }
    expect(count(await demo.events(), 'AuctionUncrossed')).toBeGreaterThan(4 + 25);
    expect(demo.exchange.status().parked).toBeGreaterThan(0);
    await demo.close();
    await expectReplayGives(demo.shard.market, demo.log);
    await expectAuditFinds(demo.log);
  });

  it('The same epoch and clock give the same log, and another epoch another one', async () => {
    const [one, same] = [await after(MINUTE_MS), await after(MINUTE_MS)];
    const events = await one.events();
    expect(await same.events()).toEqual(events);
    const log = new MemoryLog();
    await (await SimulatedDemo.open(log)).close();
    const second = await after(MINUTE_MS, log);
    const prices = (all: readonly RecordedEvent[]) =>
      all.flatMap(({ event }) => (event.type === 'IntentionPosted' ? [event.priceTicks] : []));
    expect(prices(await second.events())).not.toEqual(prices(events));
  });

  it('A restart goes on with the same log: what was left is withdrawn, and an auction that was under way is held', async () => {
    const before = await SimulatedDemo.open();
    await before.clock.advance(5_000);
    await before.close();
    const demo = await SimulatedDemo.open(before.log, before.clock);
    onTestFinished(() => demo.close());
    expect(demo.exchange.status()).toMatchObject({ epoch: 2 });
    expect(await demo.exchange.instrument('ACME')).toMatchObject({ phase: 'call' });
    await demo.clock.advance(MINUTE_MS);
    const events = await demo.events();
    expect([count(events, 'InstrumentListed'), count(events, 'AuctionUncrossed')]).toEqual([4, 4]);
    expect(count(events, 'DealConfirmed')).toBeGreaterThan(0);
    expectBounds(demo);
    // The first process posted these; nobody would ever withdraw them but who left them.
    const first = events.findLast(({ event }) => event.type === 'ShardStarted')?.position ?? 0;
    const old = events.filter(({ event, position }) => event.type === 'IntentionPosted' && position < first);
    const open = old.filter(
      ({ event }) => event.type === 'IntentionPosted' && demo.exchange.recorded.isOpen(event.intentionId),
    );
    expect([old.length > 0, open]).toEqual([true, []]);
  });

  it('An instrument that was listed before is traded in its own ticks and lots', async () => {
    const log = new MemoryLog();
    const exchange = await Exchange.open(log, new ManualClock(OPENS_AT).time);
    await exchange.list({ symbol: 'ACME', tickSize: '0.25', lotSize: '5' });
    await exchange.close();
    const demo = await after(10_000, log);
    const book = await demo.exchange.book('ACME', 10);
    expect([book?.bids.length, book?.asks.length].every((levels = 0) => levels > 2)).toBe(true);
    expect(book?.asks.map(({ price }) => Number(price) % 0.25)).toEqual(book?.asks.map(() => 0));
  });

  it('An exchange that takes no commands for a while is waited for, and then the market goes on', async () => {
    const demo = await SimulatedDemo.open();
    onTestFinished(() => demo.close());
    const { exchange } = demo;
    const post = exchange.post.bind(exchange);
    exchange.post = () => Promise.resolve(refuse('SHARD_UNAVAILABLE'));
    await demo.clock.advance(10_000);
    const posted = count(await demo.events(), 'IntentionPosted');
    exchange.post = post;
    await demo.clock.advance(10_000);
    expect(count(await demo.events(), 'IntentionPosted')).toBeGreaterThan(posted);
    expect(demo.listener.said.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('A market that fails for another reason says so and ends, and one that is stopped asks nothing more', async () => {
    const demo = await after(1_000);
    demo.market.stop();
    await demo.clock.advance(1_000);
    const { head } = demo.exchange.status();
    await demo.clock.advance(MINUTE_MS);
    // What expires does so without the market.
    expect(demo.exchange.status().head - head).toBeLessThan(40);
    const { exchange, listener: logger } = demo;
    exchange.withdrawAll = () => Promise.reject(new Error('broken'));
    const broken = new DemoMarket({ exchange, epoch: 9, logger });
    broken.start();
    await broken.settled();
    expect(logger.said.at(-1)).toMatchObject({ level: 'error', message: 'the demonstration market ended' });
  });

  it('An intention followed alone is what the query store has of it', async () => {
    const demo = await after(20_000);
    const store = new QueryStore(':memory:');
    for await (const batch of demo.log.read(0)) store.add(batch);
    store.commit();
    for (let id = 1; ; id++) {
      const stored = store.queries.intention(String(id));
      const fold = new IntentionFold(id);
      await foldLog(demo.log, [fold]);
      expect(fold.view()).toEqual(stored);
      if (stored === undefined) break;
    }
    store.close();
  });
});
