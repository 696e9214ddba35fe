import { Character } from '../character.js';
import type { Held } from '../desk.js';
import type { DemoInstrument, Floor } from '../floor.js';

const LOTS = 200;
const AWAY_TICKS = 1;
const GIVEN_UP_MS = 180_000;

/** One instrument that is bought, then sold, then bought. */
interface Errand {
  readonly instrument: DemoInstrument;
  held: Held | undefined;
}

export class Patient extends Character {
  static readonly who = 'pat';
  static readonly reason =
    'has big intentions and time: each stands next to the best price, follows it, and is filled in many parts, because a big one that hurried would move the price.';
  readonly everyMs = 1_500;
  private readonly errands: readonly Errand[];
  private turn = 0;

  constructor(floor: Floor) {
    super(floor, Patient.who);
    this.errands = floor.instruments.map((instrument) => ({ instrument, held: undefined }));
  }

  async act(): Promise<void> {
    const { desk, floor } = this;
    const errand = this.errands[this.turn++ % this.errands.length];
    if (errand === undefined) return;
    const { instrument, held } = errand;
    if (held === undefined || !desk.held.has(held)) {
      const side = desk.sideOf(instrument);
      errand.held = await desk.post(instrument, { side, lots: LOTS, ticks: beside(instrument, side) });
    } else if (floor.clock() - held.postedMs > GIVEN_UP_MS) {
      await desk.withdraw(held);
    } else if (held.ticks !== beside(instrument, held.side)) {
      await desk.replace(held, beside(instrument, held.side));
    }
  }
}

function beside({ ticks }: DemoInstrument, side: Held['side']): number {
  return ticks + (side === 'buy' ? -AWAY_TICKS : AWAY_TICKS);
}
