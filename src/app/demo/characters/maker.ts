import { Character } from '../character.js';
import { type Held, taken } from '../desk.js';
import type { DemoInstrument, Floor } from '../floor.js';

/** A place in a book that is to be filled. */
interface Slot {
  readonly instrument: DemoInstrument;
  /** 1 for sales, −1 for purchases. */
  readonly way: 1 | -1;
  readonly level: number;
  held: Held | undefined;
}

const LEVELS = [0, 1, 2];
const FIRST_TICKS = 2;
const STEP_TICKS = 2;
const STALE_TICKS = 2;
const LEVEL_LOTS = 20;
const SWITCH_MS = 15_000;
const RENEW_MS = 5_000;
/** A quote does not get older, so that its story can be read, and its negotiator rebuilt in no time. */
const OLDEST_MS = 120_000;

export class Maker extends Character {
  static readonly who = 'maya';
  static readonly reason =
    'quotes every instrument on both sides in three levels, because she earns the spread, moves her quotes as the price walks, and has a dead man’s switch that withdraws them should she fall silent.';
  readonly everyMs = 300;
  private readonly slots: readonly Slot[];
  private turn = 0;
  private switchSetMs = Number.NEGATIVE_INFINITY;

  constructor(floor: Floor) {
    super(floor, Maker.who);
    this.slots = floor.instruments.flatMap((instrument) =>
      LEVELS.flatMap((level) => ([1, -1] as const).map((way): Slot => ({ instrument, way, level, held: undefined }))),
    );
  }

  async act(): Promise<void> {
    await this.renewSwitch();
    const instrument = this.floor.instruments[this.turn++ % this.floor.instruments.length];
    const slots = this.slots.filter((slot) => slot.instrument === instrument);
    const empty = slots.filter(({ held }) => held === undefined || !this.desk.held.has(held));
    for (const slot of empty) await this.quote(slot);
    if (empty.length === 0) await this.improve(slots);
  }

  private async renewSwitch(): Promise<void> {
    const nowMs = this.floor.clock();
    const silentMs = nowMs - this.switchSetMs;
    if (silentMs < RENEW_MS) return;
    if (silentMs >= SWITCH_MS) this.desk.held.clear(); // it has lapsed
    taken(await this.floor.exchange.setSwitch({ participant: Maker.who, withinMs: SWITCH_MS }));
    this.switchSetMs = nowMs;
  }

  private async quote(slot: Slot): Promise<void> {
    const { instrument, way, level } = slot;
    const wish = { side: way === 1 ? 'sell' : 'buy', lots: lotsAt(level), ticks: target(slot) } as const;
    slot.held = await this.desk.post(instrument, wish);
  }

  /** Takes back an old quote, or moves the one that is farthest from its place; where all are near, now and then reduces that one. */
  private async improve(slots: readonly Slot[]): Promise<void> {
    const oldMs = this.floor.clock() - OLDEST_MS;
    const old = slots.find(({ held }) => held !== undefined && held.postedMs < oldMs)?.held;
    if (old !== undefined) {
      await this.desk.withdraw(old);
      return;
    }
    const distance = ({ held, ...slot }: Slot): number => Math.abs((held?.ticks ?? 0) - target(slot));
    const slot = slots.reduce((one, other) => (distance(other) > distance(one) ? other : one));
    const { held, level } = slot;
    if (held === undefined) return;
    if (distance(slot) >= STALE_TICKS) await this.desk.replace(held, target(slot), lotsAt(level));
    else if (this.desk.chance.happens(0.2) && held.openLots > LEVEL_LOTS / 2) await this.desk.reduce(held, 5);
  }
}

function target({ instrument, way, level }: Omit<Slot, 'held'>): number {
  return instrument.ticks + way * (FIRST_TICKS + STEP_TICKS * level);
}

function lotsAt(level: number): number {
  return LEVEL_LOTS * (level + 1);
}
