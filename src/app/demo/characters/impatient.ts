import { Character } from '../character.js';
import type { Floor } from '../floor.js';

const EXPIRES_MS = 3_000;
/** What a call phase takes: nothing that must deal at once by a limit. */
const IN_CALL = ['gtd', 'market'] as const;
const KINDS = ['ioc', 'fok', 'gtd', 'market'] as const;

export class Impatient extends Character {
  static readonly who = 'ivy';
  static readonly reason =
    'never waits: she asks for it at once, in part or whole or at any price, and what she leaves standing expires after three seconds.';
  readonly everyMs = 800;
  private turn = 0;

  constructor(floor: Floor) {
    super(floor, Impatient.who);
  }

  async act(): Promise<void> {
    const { desk } = this;
    const instrument = desk.chance.pick(this.floor.instruments);
    const kinds = instrument.isCall ? IN_CALL : KINDS;
    const kind = kinds[this.turn++ % kinds.length];
    const side = desk.sideOf(instrument);
    const lots = desk.chance.between(5, 25);
    const at = (through: number): number => instrument.ticks + (side === 'buy' ? through : -through);
    if (kind === 'market') await desk.post(instrument, { side, lots, timeInForce: 'ioc' });
    else if (kind === 'ioc') await desk.post(instrument, { side, lots, ticks: at(2), timeInForce: 'ioc' });
    // Three times as much is often more than is to be had: then it deals nothing.
    else if (kind === 'fok') await desk.post(instrument, { side, lots: 3 * lots, ticks: at(4), timeInForce: 'fok' });
    else await desk.post(instrument, { side, lots, ticks: at(-7), timeInForce: 'gtd', forMs: EXPIRES_MS });
  }
}
