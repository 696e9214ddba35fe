import type { InstrumentView, ListInstrument } from '../../exchange/commands.js';
import type { ExchangePort } from '../../exchange/port.js';
import { Chance } from './chance.js';

/** One that is traded in the demonstration, with what people believe that it is worth. */
export class DemoInstrument {
  /** The belief, in ticks. */
  ticks: number;
  /** Whether it is in its call phase now. */
  isCall = false;

  constructor(
    public listing: ListInstrument,
    readonly startTicks: number,
  ) {
    this.ticks = startTicks;
  }

  /** Somebody has listed it before: its ticks and lots are those. */
  adopt({ tickSize, lotSize }: InstrumentView): void {
    this.listing = { ...this.listing, tickSize, lotSize };
  }

  get symbol(): string {
    return this.listing.symbol;
  }

  price(ticks: number): string {
    return multiple(this.listing.tickSize, ticks);
  }

  quantity(lots: number): string {
    return multiple(this.listing.lotSize, lots);
  }

  lots(quantity: string): number {
    return Math.round(Number(quantity) / Number(this.listing.lotSize));
  }

  /** One step up or down, or none: a walk that is pulled back to where it began, the more so the farther it is. */
  walk(chance: Chance): void {
    if (!chance.happens(WALK)) return;
    const pull = (this.startTicks - this.ticks) / this.startTicks;
    this.ticks += chance.happens(0.5 + pull) ? 1 : -1;
  }
}

/** How often in a round the belief in an instrument moves. */
const WALK = 0.15;

function multiple(step: string, times: number): string {
  const decimals = step.split('.')[1]?.length ?? 0;
  return (Number(step) * times).toFixed(decimals);
}

/** Each has a tick of its own and rules of its own, so that there is something to compare. */
function demoInstruments(): readonly DemoInstrument[] {
  const selfTrade = 'withdrawStanding';
  return [
    new DemoInstrument({ symbol: 'ACME', tickSize: '0.01', lotSize: '1', selfTrade }, 1_025),
    new DemoInstrument({ symbol: 'GLOBEX', tickSize: '0.05', lotSize: '10', selfTrade, priceRule: 'seller' }, 496),
    new DemoInstrument(
      { symbol: 'INITECH', tickSize: '0.001', lotSize: '0.1', selfTrade, priceRule: 'midpoint' },
      1_370,
    ),
    new DemoInstrument({ symbol: 'HOOLI', tickSize: '0.5', lotSize: '1', selfTrade, counterparties: 'hidden' }, 640),
  ];
}

/** Where the characters meet: the exchange, what is traded there, and the time. */
export class Floor {
  readonly instruments = demoInstruments();
  private readonly chance: Chance;

  /** `clock` tells milliseconds since 1970. The same epoch gives the same market. */
  constructor(
    readonly exchange: ExchangePort,
    readonly epoch: number,
    readonly clock: () => number,
  ) {
    this.chance = this.chanceFor('everybody');
  }

  /** A source of chance of one’s own: what others draw moves nothing here. */
  chanceFor(name: string): Chance {
    let seed = this.epoch | 0;
    for (const letter of name) seed = (Math.imul(seed, 31) + letter.charCodeAt(0)) | 0;
    return new Chance(seed);
  }

  /** What people believe moves a little. */
  walk(): void {
    for (const instrument of this.instruments) instrument.walk(this.chance);
  }
}
