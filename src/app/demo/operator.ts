import type { SetLimits } from '../../exchange/risk-commands.js';
import { cast } from './cast.js';
import { Maker } from './characters/maker.js';
import { Reckless, recklessLimits } from './characters/reckless.js';
import { MOST_LOTS, taken } from './desk.js';
import type { DemoInstrument, Floor } from './floor.js';

interface OwnLimits extends Pick<SetLimits, 'intentionsPerSecond' | 'halted' | 'withdraw'> {
  /** What may be open of an instrument. */
  readonly openLots?: number | undefined;
}

/** When the first opening auction ends; those of the other instruments follow one after the other. */
const OPENING_MS = 8_000;
const OPENING_STEP_MS = 2_000;
const AUCTION_EVERY_MS = 120_000;
const AUCTION_MS = 12_000;
const HALT_EVERY_MS = 150_000;
const FIRST_HALT_MS = 35_000;
const HALT_MS = 6_000;

/**
 * Runs the market: lists what is traded, sets what participants may have, and holds auctions: one at the opening of each instrument, and
 * then one every two minutes, of one instrument after the other.
 */
export class Operator {
  /** When the call phase of an instrument ends. */
  private readonly calls = new Map<DemoInstrument, number>();
  private readonly next = { auctionMs: 0, haltMs: 0, haltEndsMs: 0, turn: 0 };

  constructor(private readonly floor: Floor) {}

  /** Lists what is not listed, in its call phase; an auction that was under way when the market last ended goes on. */
  async open(): Promise<void> {
    const { floor, next, calls } = this;
    const nowMs = floor.clock();
    calls.clear();
    for (const instrument of floor.instruments) await this.openOne(instrument, nowMs);
    for (const { who } of cast) if (who !== Maker.who && who !== Reckless.who) await this.limit(who, {});
    await this.limitReckless(false);
    next.auctionMs = nowMs + AUCTION_EVERY_MS;
    next.haltMs = nowMs + FIRST_HALT_MS;
    next.haltEndsMs = Number.POSITIVE_INFINITY;
  }

  private async openOne(instrument: DemoInstrument, nowMs: number): Promise<void> {
    const { exchange } = this.floor;
    const listed = await exchange.instrument(instrument.symbol);
    if (listed === undefined) {
      taken(await exchange.list(instrument.listing));
      await this.call(instrument);
    } else {
      instrument.adopt(listed);
    }
    instrument.isCall = listed === undefined || listed.phase === 'call';
    if (instrument.isCall) this.calls.set(instrument, nowMs + OPENING_MS + OPENING_STEP_MS * this.calls.size);
  }

  /** All have one but the maker, who has what the others have not. */
  private async limit(participant: string, own: OwnLimits): Promise<void> {
    const { exchange, instruments } = this.floor;
    const { openLots, ...terms } = own;
    for (const instrument of instruments) {
      const netPosition = instrument.quantity(MOST_LOTS);
      const openQuantity = openLots === undefined ? undefined : instrument.quantity(openLots);
      const command = { participant, instrument: instrument.symbol, netPosition, openQuantity, ...terms };
      taken(await exchange.setLimits(command));
    }
  }

  private limitReckless(halted: boolean): Promise<void> {
    return this.limit(Reckless.who, { ...recklessLimits, halted, withdraw: halted });
  }

  /** Does what is due. */
  async act(): Promise<void> {
    const { floor, next, calls } = this;
    const nowMs = floor.clock();
    for (const [instrument, endsMs] of calls) if (nowMs >= endsMs) await this.uncross(instrument);
    if (nowMs >= next.auctionMs) await this.startAuction(nowMs);
    await this.haltAndLift(nowMs);
  }

  private async startAuction(nowMs: number): Promise<void> {
    const { floor, next, calls } = this;
    next.auctionMs = nowMs + AUCTION_EVERY_MS;
    const instrument = floor.instruments[next.turn++ % floor.instruments.length];
    if (instrument === undefined || calls.has(instrument)) return;
    await this.call(instrument);
    calls.set(instrument, nowMs + AUCTION_MS);
  }

  private async call(instrument: DemoInstrument): Promise<void> {
    taken(await this.floor.exchange.changePhase({ instrument: instrument.symbol, phase: 'call' }));
    instrument.isCall = true;
  }

  /** Deals what was collected; from then on it deals as it arrives. */
  private async uncross(instrument: DemoInstrument): Promise<void> {
    const { exchange } = this.floor;
    const { symbol } = instrument;
    taken(await exchange.uncross({ instrument: symbol }));
    // Still crossed where somebody was in between: then it is uncrossed once more in the next round.
    if (!taken(await exchange.changePhase({ instrument: symbol, phase: 'continuous' }))) return;
    instrument.isCall = false;
    this.calls.delete(instrument);
  }

  private async haltAndLift(nowMs: number): Promise<void> {
    const { next } = this;
    if (nowMs >= next.haltMs) {
      next.haltMs = nowMs + HALT_EVERY_MS;
      next.haltEndsMs = nowMs + HALT_MS;
      await this.limitReckless(true);
    }
    if (nowMs >= next.haltEndsMs) {
      next.haltEndsMs = Number.POSITIVE_INFINITY;
      await this.limitReckless(false);
    }
  }
}
