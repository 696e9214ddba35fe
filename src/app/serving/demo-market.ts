import type { Answer, IntentionAcknowledged, PostIntention } from '../../exchange/commands.js';
import type { ExchangePort } from '../../exchange/port.js';

interface DemoInstrument {
  readonly symbol: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly decimals: number;
  readonly startTicks: number;
  /** Where the made-up market sees its price now. */
  ticks: number;
}

const TRADERS = ['ada', 'ben', 'cleo', 'dan', 'eve', 'fay'] as const;
const COMMANDS_A_SECOND = 8;
const FIRST_COMMANDS = 60;
const MOST_OPEN = 80;

/**
 * A made-up market for people who want to see something move: a few traders, a random walk, never more than a few commands a second
 * nor more than MOST_OPEN intentions. The same epoch of a log gives the same walk.
 */
export class DemoMarket {
  private readonly instruments: readonly DemoInstrument[] = [
    { symbol: 'ACME', tickSize: '0.01', lotSize: '1', decimals: 2, startTicks: 1_025, ticks: 1_025 },
    { symbol: 'GLOBEX', tickSize: '0.05', lotSize: '10', decimals: 2, startTicks: 2_480, ticks: 2_480 },
    { symbol: 'INITECH', tickSize: '0.001', lotSize: '0.1', decimals: 3, startTicks: 1_370, ticks: 1_370 },
  ];
  private readonly open: string[] = [];
  private readonly random: () => number;
  private posted = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly exchange: ExchangePort,
    private readonly epoch: number,
  ) {
    this.random = randomFrom(epoch);
  }

  /** Lists what is to be traded, fills the books a little, and goes on from there. */
  async start(): Promise<void> {
    for (const { symbol, tickSize, lotSize } of this.instruments) {
      if ((await this.exchange.instrument(symbol)) === undefined)
        await this.exchange.list({ symbol, tickSize, lotSize, selfTrade: 'withdrawStanding' });
    }
    for (let count = 0; count < FIRST_COMMANDS; count++) await this.act();
    this.schedule();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      void this.act().then((isServed) => {
        if (isServed && this.timer !== undefined) this.schedule();
      });
    }, 1_000 / COMMANDS_A_SECOND).unref();
  }

  /** One command. False when the exchange has stopped. */
  private async act(): Promise<boolean> {
    const chance = this.random();
    const id = this.open.length > MOST_OPEN || chance < 0.15 ? this.open.shift() : undefined;
    const answer = id === undefined ? await this.post(chance) : await this.change(id, chance);
    return answer.ok || answer.code !== 'SHARD_UNAVAILABLE';
  }

  private change(id: string, chance: number): Promise<Answer<object>> {
    return chance < 0.05 ? this.exchange.reduce({ id, by: '10' }) : this.exchange.withdraw({ id });
  }

  private async post(chance: number): Promise<Answer<IntentionAcknowledged>> {
    const answer = await this.exchange.post(this.intention(chance));
    if (answer.ok && answer.timeInForce === 'gtc') this.open.push(answer.id);
    return answer;
  }

  /** Mostly intentions that stand a few ticks away from the price; now and then one that goes for what stands. */
  private intention(chance: number): PostIntention {
    const instrument = this.pick(this.instruments);
    this.walk(instrument);
    const side: PostIntention['side'] = this.random() < 0.5 ? 'buy' : 'sell';
    const isTaker = chance > 0.75;
    const awayTicks = isTaker ? -3 : 1 + Math.floor(this.random() * 8);
    const limitTicks = instrument.ticks + (side === 'buy' ? -awayTicks : awayTicks);
    const quantity = String(10 * (1 + Math.floor(this.random() * 20)));
    const common = {
      clientIntentionId: `demo-${this.epoch}-${++this.posted}`,
      participant: this.pick(TRADERS),
      instrument: instrument.symbol,
      ...{ side, quantity },
    };
    if (chance > 0.97) return { ...common, type: 'market', timeInForce: 'ioc' };
    const price = (limitTicks * Number(instrument.tickSize)).toFixed(instrument.decimals);
    return { ...common, price, timeInForce: chance > 0.92 ? 'ioc' : 'gtc' };
  }

  private walk(instrument: DemoInstrument): void {
    const pull = (instrument.startTicks - instrument.ticks) / instrument.startTicks;
    const step = this.random() - 0.5 + pull;
    if (Math.abs(step) > 0.25) instrument.ticks += Math.sign(step);
  }

  private pick<Value>(values: readonly Value[]): Value {
    return values[Math.floor(this.random() * values.length)] as Value; // the index is below the length
  }
}

/** Mulberry32: small, quick, and good enough to look at. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
