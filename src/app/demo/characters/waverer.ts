import { Character } from '../character.js';
import type { Floor } from '../floor.js';

const MOST_HELD = 6;

export class Waverer extends Character {
  static readonly who = 'wade';
  static readonly reason =
    'posts and changes his mind: he reduces what he wanted or withdraws it after a few seconds, because he is never sure.';
  readonly everyMs = 600;

  constructor(floor: Floor) {
    super(floor, Waverer.who);
  }

  async act(): Promise<void> {
    const { desk } = this;
    const [oldest] = desk.held;
    if (oldest !== undefined && (desk.held.size >= MOST_HELD || desk.chance.happens(0.4))) {
      const isHalved = oldest.openLots > 20 && desk.chance.happens(0.4);
      await (isHalved ? desk.reduce(oldest, Math.floor(oldest.openLots / 2)) : desk.withdraw(oldest));
      return;
    }
    const instrument = desk.chance.pick(this.floor.instruments);
    const side = desk.sideOf(instrument);
    const away = desk.chance.between(3, 9);
    const ticks = instrument.ticks + (side === 'buy' ? -away : away);
    await desk.post(instrument, { side, ticks, lots: desk.chance.between(10, 40) });
  }
}
