import type { Answer, IntentionChanged, PostIntention } from '../../exchange/commands.js';
import { ShardUnavailableError } from '../../exchange/port.js';
import type { Chance } from './chance.js';
import type { DemoInstrument, Floor } from './floor.js';

type Side = PostIntention['side'];

/** What somebody wants. Without `ticks`, at any price. */
export interface Wish extends Pick<PostIntention, 'timeInForce'> {
  readonly side: Side;
  readonly lots: number;
  readonly ticks?: number | undefined;
  /** For gtd. */
  readonly forMs?: number | undefined;
}

/** An intention that stands, as far as its participant knows. */
export interface Held {
  readonly id: string;
  readonly instrument: DemoInstrument;
  readonly side: Side;
  readonly postedMs: number;
  ticks: number;
  openLots: number;
  filledLots: number;
}

/** A character may have so many lots of an instrument, bought or sold; the operator makes a limit of it. */
export const MOST_LOTS = 400;

/** From how many lots on a character does nothing but come back. */
const ENOUGH_LOTS = 150;

/**
 * What a character has on the exchange, and the commands by which it changes that.
 *
 * 1. `held` names what may stand: what has ended without telling is dropped as soon as a command finds it closed.
 * 2. Throws ShardUnavailableError where the exchange takes no commands now; what was held is then withdrawn by `withdrawAll`.
 */
export class Desk {
  readonly held = new Set<Held>();
  readonly chance: Chance;
  /** Lots bought less lots sold since the start, as far as is known: by symbol. */
  private readonly net = new Map<string, number>();
  private posted = 0;

  constructor(
    readonly floor: Floor,
    readonly participant: string,
  ) {
    this.chance = floor.chanceFor(participant);
  }

  /** Begins with nothing: what was left on the exchange, by this process or one before, is withdrawn. */
  async withdrawAll(): Promise<void> {
    const { participant } = this;
    const answer = await this.floor.exchange.withdrawAll({ participant });
    const left = new Map(taken(answer) ? answer.intentions.map(({ id, filled }) => [id, filled]) : []);
    for (const held of this.held) this.ended(held, left.get(held.id));
  }

  /** By chance; the more has been bought, the likelier to sell. */
  sideOf({ symbol }: DemoInstrument): Side {
    const lean = (this.net.get(symbol) ?? 0) / ENOUGH_LOTS / 2;
    return this.chance.happens(0.5 - lean) ? 'buy' : 'sell';
  }

  /** What stands then, if anything does. */
  async post(instrument: DemoInstrument, wish: Wish): Promise<Held | undefined> {
    const { side, ticks } = wish;
    const nowMs = this.floor.clock();
    const answer = await this.floor.exchange.post(this.intention(instrument, wish, nowMs));
    if (!taken(answer)) {
      // It has more than it knew of.
      if (answer.code === 'LIMIT_NET_POSITION') this.net.set(instrument.symbol, sign(side) * MOST_LOTS);
      return undefined;
    }
    const filledLots = instrument.lots(answer.filled);
    this.dealt(instrument, side, filledLots);
    if (answer.status !== 'open' || ticks === undefined) return undefined;
    const openLots = instrument.lots(answer.open);
    const held: Held = { id: answer.id, instrument, side, ticks, postedMs: nowMs, openLots, filledLots };
    if (answer.timeInForce !== 'gtd') this.held.add(held); // what ends by itself needs nobody to end it
    return held;
  }

  private intention(instrument: DemoInstrument, wish: Wish, nowMs: number): PostIntention {
    const { side, lots, ticks, timeInForce, forMs } = wish;
    return {
      clientIntentionId: `demo-${this.floor.epoch}-${this.participant}-${++this.posted}`,
      participant: this.participant,
      instrument: instrument.symbol,
      ...{ side, quantity: instrument.quantity(lots) },
      ...(ticks === undefined ? { type: 'market' } : { price: instrument.price(ticks) }),
      ...(timeInForce === undefined ? {} : { timeInForce }),
      ...(forMs === undefined ? {} : { expiresAt: new Date(nowMs + forMs).toISOString() }),
    };
  }

  async withdraw(held: Held): Promise<void> {
    this.changed(held, await this.floor.exchange.withdraw({ id: held.id, participant: this.participant }));
  }

  async reduce(held: Held, lots: number): Promise<void> {
    const by = held.instrument.quantity(lots);
    this.changed(held, await this.floor.exchange.reduce({ id: held.id, participant: this.participant, by }));
  }

  /** Where no lots are given, as many stay open as are. */
  async replace(held: Held, ticks: number, lots?: number): Promise<void> {
    const { instrument, id } = held;
    const answer = await this.floor.exchange.replace({
      ...{ id, participant: this.participant, price: instrument.price(ticks) },
      ...(lots === undefined ? {} : { quantity: instrument.quantity(lots) }),
    });
    this.changed(held, answer);
    if (answer.ok) held.ticks = ticks;
  }

  private changed(held: Held, answer: Answer<Pick<IntentionChanged, 'status' | 'open' | 'filled'>>): void {
    const { instrument, side, filledLots } = held;
    if (!taken(answer)) {
      if (answer.code === 'INTENTION_CLOSED') this.ended(held, undefined);
    } else if (answer.status === 'open') {
      held.openLots = instrument.lots(answer.open);
      held.filledLots = instrument.lots(answer.filled);
      this.dealt(instrument, side, held.filledLots - filledLots);
    } else {
      this.ended(held, answer.filled);
    }
  }

  /** Where nobody says how much of it was filled, it was all. */
  private ended(held: Held, filled: string | undefined): void {
    const { instrument, side, openLots, filledLots } = held;
    this.held.delete(held);
    this.dealt(instrument, side, filled === undefined ? openLots : instrument.lots(filled) - filledLots);
  }

  private dealt({ symbol }: DemoInstrument, side: Side, lots: number): void {
    this.net.set(symbol, (this.net.get(symbol) ?? 0) + sign(side) * lots);
  }
}

function sign(side: Side): number {
  return side === 'buy' ? 1 : -1;
}

/** Whether the command was done; a refusal is an answer, but an exchange that takes nothing is none. */
export function taken<Value>(answer: Answer<Value>): answer is { readonly ok: true } & Value {
  if (!answer.ok && answer.code === 'SHARD_UNAVAILABLE') throw new ShardUnavailableError(answer.detail);
  return answer.ok;
}
