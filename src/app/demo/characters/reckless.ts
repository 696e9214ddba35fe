import { Character } from '../character.js';
import type { Floor } from '../floor.js';

const LOTS = 40;
const BURST = [LOTS, LOTS, LOTS, 1, 1] as const;

/** What the operator allows: the third of a burst would be too much open, the last one too fast. */
export const recklessLimits = { openLots: 100, intentionsPerSecond: 3 } as const;

export class Reckless extends Character {
  static readonly who = 'rex';
  static readonly reason =
    'wants more than he may: the operator has limited what he may have open and how fast he may post, so some of each burst is refused, and now and then the operator halts him.';
  readonly everyMs = 2_500;
  private hasPosted = false;

  constructor(floor: Floor) {
    super(floor, Reckless.who);
  }

  async act(): Promise<void> {
    const { desk } = this;
    this.hasPosted = !this.hasPosted;
    if (!this.hasPosted) {
      await desk.withdrawAll();
      return;
    }
    const instrument = desk.chance.pick(this.floor.instruments);
    const side = desk.sideOf(instrument);
    for (const [index, lots] of BURST.entries()) {
      const away = 4 + index;
      await desk.post(instrument, { side, lots, ticks: instrument.ticks + (side === 'buy' ? -away : away) });
    }
  }
}
