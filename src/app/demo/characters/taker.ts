import { Character } from '../character.js';
import type { Floor } from '../floor.js';

const TIDY_MS = 5_000;

export class Taker extends Character {
  static readonly who = 'tom';
  static readonly reason =
    'crosses the spread now and then, because he would rather have it now than cheaper, and withdraws what is left of it after some seconds.';
  readonly everyMs = 700;

  constructor(floor: Floor) {
    super(floor, Taker.who);
  }

  async act(): Promise<void> {
    const { desk, floor } = this;
    const [oldest] = desk.held;
    if (oldest !== undefined && floor.clock() - oldest.postedMs > TIDY_MS) {
      await desk.withdraw(oldest);
      return;
    }
    const instrument = desk.chance.pick(floor.instruments);
    const side = desk.sideOf(instrument);
    const through = desk.chance.between(3, 6);
    const ticks = instrument.ticks + (side === 'buy' ? through : -through);
    await desk.post(instrument, { side, ticks, lots: desk.chance.between(5, 30) });
  }
}
