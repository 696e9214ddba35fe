import { Character } from '../character.js';
import { taken } from '../desk.js';
import type { Floor } from '../floor.js';

const MOST_HELD = 4;
const SWITCH_MS = 4_000;
const DOZES_MS = 8_000;
const FIRST_DOZE_MS = 15_000;

export class Forgetful extends Character {
  static readonly who = 'fay';
  static readonly reason =
    'has set a dead man’s switch of four seconds and dozes off now and then: it lapses, and the exchange withdraws all that she has open.';
  readonly everyMs = 1_200;
  private dozesAtMs: number | undefined;

  constructor(floor: Floor) {
    super(floor, Forgetful.who);
  }

  async act(): Promise<void> {
    const { desk, floor } = this;
    const nowMs = floor.clock();
    this.dozesAtMs ??= nowMs + FIRST_DOZE_MS;
    if (nowMs >= this.dozesAtMs) {
      if (nowMs < this.dozesAtMs + DOZES_MS) return;
      this.dozesAtMs = nowMs + desk.chance.between(30_000, 70_000);
      desk.held.clear(); // the switch has seen to that
    }
    taken(await floor.exchange.setSwitch({ participant: Forgetful.who, withinMs: SWITCH_MS }));
    const [oldest] = desk.held;
    if (oldest !== undefined && desk.held.size >= MOST_HELD) await desk.withdraw(oldest);
    const instrument = desk.chance.pick(floor.instruments);
    const side = desk.sideOf(instrument);
    const away = desk.chance.between(4, 8);
    const ticks = instrument.ticks + (side === 'buy' ? -away : away);
    await desk.post(instrument, { side, ticks, lots: desk.chance.between(10, 30) });
  }
}
