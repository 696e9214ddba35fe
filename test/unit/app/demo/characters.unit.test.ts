import { describe, expect, it, onTestFinished } from 'vitest';
import { cast } from '../../../../src/app/demo/cast.js';
import type { Character } from '../../../../src/app/demo/character.js';
import { Forgetful } from '../../../../src/app/demo/characters/forgetful.js';
import { Impatient } from '../../../../src/app/demo/characters/impatient.js';
import { Maker } from '../../../../src/app/demo/characters/maker.js';
import { Patient } from '../../../../src/app/demo/characters/patient.js';
import { Reckless, recklessLimits } from '../../../../src/app/demo/characters/reckless.js';
import { Taker } from '../../../../src/app/demo/characters/taker.js';
import { Waverer } from '../../../../src/app/demo/characters/waverer.js';
import { Floor } from '../../../../src/app/demo/floor.js';
import type { Event } from '../../../../src/events/event.js';
import { Exchange } from '../../../../src/exchange/exchange.js';
import { ManualClock } from '../../../../src/in-process/testing/index.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { eventsIn } from '../../../support/reference/exchange-harness.js';
import { textOf } from '../../docs/documents.js';

/** A floor where everything is listed, and characters act when they are told to. */
class Stage {
  private constructor(
    readonly floor: Floor,
    readonly clock: ManualClock,
    readonly exchange: Exchange,
    private readonly log: MemoryLog,
  ) {}

  static async set(): Promise<Stage> {
    const clock = new ManualClock('2030-01-07T09:00:00Z');
    const log = new MemoryLog();
    const exchange = await Exchange.open(log, clock.time);
    onTestFinished(() => exchange.close());
    clock.watch(() => exchange.log.flushed());
    const floor = new Floor(exchange, 1, clock.time.clock);
    for (const { listing } of floor.instruments) await exchange.list(listing);
    return new Stage(floor, clock, exchange, log);
  }

  /** Lets somebody act so many times, as long after each other as it waits. */
  async play(character: Character, times: number): Promise<void> {
    for (let count = 0; count < times; count++) {
      await character.act();
      await this.clock.advance(character.everyMs);
    }
  }

  async events(): Promise<Event[]> {
    return (await eventsIn(this.log)).map(({ event }) => event);
  }

  async of<Type extends Event['type']>(type: Type): Promise<Extract<Event, { type: Type }>[]> {
    const events = await this.events();
    return events.filter((event): event is Extract<Event, { type: Type }> => event.type === type);
  }
}

describe('the characters of the demonstration', () => {
  it('Each says in one sentence what it does and why, as the documentation tells it', () => {
    const page = textOf('docs/start/run-it.md');
    for (const { who, reason } of cast) {
      expect(reason).toMatch(/^[a-z].*\.$/);
      expect(page).toContain(`| \`${who}\``);
      expect(page).toContain(reason);
    }
    expect(new Set(cast.map(({ who }) => who)).size).toBe(cast.length);
  });

  it('The maker quotes each book in three levels a side, moves its quotes as the price walks, and keeps its switch set', async () => {
    const stage = await Stage.set();
    const maker = new Maker(stage.floor);
    await stage.play(maker, 4);
    for (const { symbol } of stage.floor.instruments) {
      const book = await stage.exchange.book(symbol, 10);
      expect([book?.bids.length, book?.asks.length]).toEqual([3, 3]);
    }
    const acme = stage.floor.instruments.find(({ symbol }) => symbol === 'ACME');
    const best = async () => (await stage.exchange.book('ACME', 1))?.asks[0]?.price;
    expect(await best()).toBe('10.27');
    if (acme !== undefined) acme.ticks += 10;
    await stage.play(maker, 6 * 4);
    expect(await best()).toBe('10.37');
    expect((await stage.of('IntentionAmended')).length).toBeGreaterThan(2);
    await stage.play(maker, 100);
    expect(await stage.of('SwitchLapsed')).toEqual([]);
    await stage.clock.advance(20_000);
    expect(stage.exchange.status().openIntentions).toBe(0);
    await stage.play(maker, 4);
    expect(stage.exchange.status().openIntentions).toBe(24);
  });

  it('The taker crosses the spread, and withdraws what is left of it', async () => {
    const stage = await Stage.set();
    await stage.play(new Maker(stage.floor), 4);
    const taker = new Taker(stage.floor);
    await stage.play(taker, 100);
    expect((await stage.of('DealConfirmed')).length).toBeGreaterThan(5);
    expect((await stage.of('IntentionWithdrawn')).length).toBeGreaterThan(0);
    expect(taker.desk.held.size).toBeLessThan(12);
  });

  it('The impatient one asks in each way that does not wait, and what she leaves standing expires', async () => {
    const stage = await Stage.set();
    await stage.play(new Impatient(stage.floor), 16);
    await stage.clock.advance(3_000);
    const posted = await stage.of('IntentionPosted');
    expect(new Set(posted.map(({ timeInForce }) => timeInForce))).toEqual(new Set(['ioc', 'fok', 'gtd']));
    expect(await stage.of('IntentionExpired')).toHaveLength(4);
    expect(stage.exchange.status().openIntentions).toBe(0);
  });

  it('The impatient one asks for nothing in a call phase that it would refuse', async () => {
    const stage = await Stage.set();
    for (const instrument of stage.floor.instruments) {
      await stage.exchange.changePhase({ instrument: instrument.symbol, phase: 'call' });
      instrument.isCall = true;
    }
    await stage.play(new Impatient(stage.floor), 10);
    expect(await stage.of('IntentionPosted')).toHaveLength(10);
  });

  it('The waverer reduces and withdraws what he posted, and holds few', async () => {
    const stage = await Stage.set();
    const waverer = new Waverer(stage.floor);
    await stage.play(waverer, 60);
    expect((await stage.of('IntentionReduced')).length).toBeGreaterThan(0);
    expect((await stage.of('IntentionWithdrawn')).length).toBeGreaterThan(5);
    expect(stage.exchange.status().openIntentions).toBe(waverer.desk.held.size);
    expect(waverer.desk.held.size).toBeLessThanOrEqual(6);
  });

  it('The patient one follows the price with big intentions, which are filled in many parts', async () => {
    const stage = await Stage.set();
    const [patient, taker] = [new Patient(stage.floor), new Taker(stage.floor)];
    for (let round = 0; round < 100; round++) {
      stage.floor.walk();
      await patient.act();
      await stage.play(taker, 2);
    }
    const deals = new Map<number, number>();
    for (const { initiatorId } of await stage.of('DealConfirmed'))
      deals.set(initiatorId, (deals.get(initiatorId) ?? 0) + 1);
    expect(Math.max(...deals.values())).toBeGreaterThan(4);
    expect((await stage.of('IntentionAmended')).length).toBeGreaterThan(4);
    expect(patient.desk.held.size).toBeLessThanOrEqual(4);
  });

  it('The reckless one is refused what is too much and what is too fast, and takes back the rest', async () => {
    const stage = await Stage.set();
    const { openLots, intentionsPerSecond } = recklessLimits;
    for (const each of stage.floor.instruments) {
      const limits = { openQuantity: each.quantity(openLots), intentionsPerSecond };
      await stage.exchange.setLimits({ participant: Reckless.who, instrument: each.symbol, ...limits });
    }
    const reckless = new Reckless(stage.floor);
    await stage.play(reckless, 1);
    expect((await stage.of('PostRefused')).map(({ code }) => code)).toEqual(['LIMIT_OPEN_QUANTITY', 'LIMIT_RATE']);
    expect(stage.exchange.status().openIntentions).toBe(3);
    await stage.play(reckless, 1);
    expect(stage.exchange.status().openIntentions).toBe(0);
  });

  it('The forgetful one keeps her switch set, until she dozes off and it lapses', async () => {
    const stage = await Stage.set();
    const forgetful = new Forgetful(stage.floor);
    await stage.play(forgetful, 12);
    expect(await stage.of('SwitchLapsed')).toEqual([]);
    expect(stage.exchange.status().openIntentions).toBe(4);
    await stage.play(forgetful, 5);
    expect(await stage.of('SwitchLapsed')).toHaveLength(1);
    expect(stage.exchange.status().openIntentions).toBe(0);
    await stage.play(forgetful, 5);
    expect(stage.exchange.status().openIntentions).toBeGreaterThan(0);
  });
});
