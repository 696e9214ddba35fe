import { ByteCursor } from '../../../src/events/bytes.js';
import { Engine } from '../../../src/domain/engine.js';
import type { InstrumentTerms } from '../../../src/domain/instrument.js';
import { Market } from '../../../src/domain/market.js';
import type { ListedInstrument } from '../../../src/domain/market-directory.js';
import { Turns } from '../../../src/domain/turns.js';
import { limitPost } from './limit-post.js';
import { Recorder } from '../../../src/domain/recorder.js';
import type { RefusalCode } from '../../../src/domain/refusal.js';
import { Phase, Pricing, PriceRule, SelfTrade, Side, TimeInForce } from '../../../src/domain/terms.js';
import { EventEncoder } from '../../../src/events/codec.generated.js';
import { decodeEvent, type Event } from '../../../src/events/event.js';
import { OPENING_MS } from './exchange-harness.js';
import type { Deal } from './steps.js';

/** Terms that a test does not care about. */
export const plainTerms: InstrumentTerms = {
  symbol: 'ACME',
  priceDecimals: 2,
  tickSize: 5,
  quantityDecimals: 0,
  lotSize: 10,
  minPriceTicks: 1,
  maxPriceTicks: 1_000,
  priceRule: PriceRule.Standing,
  selfTrade: SelfTrade.Allow,
  counterparties: 0,
};

const times = { Gtc: TimeInForce.Gtc, Ioc: TimeInForce.Ioc, Fok: TimeInForce.Fok, Gtd: TimeInForce.Gtd };
const phases = { Continuous: Phase.Continuous, Call: Phase.Call };

interface Wish {
  readonly participant?: string;
  /** Undefined for a market intention. */
  readonly at?: number | undefined;
  readonly timeInForce?: keyof typeof times;
  readonly postOnly?: boolean;
  readonly expiresAtMs?: number;
}

/**
 * A market, its engine and its journal, and nothing around them: no log, no shard, no clock. What is asked of it happens at once, all turns
 * included.
 */
export class EngineHarness {
  readonly market = new Market();
  readonly journal = new EventEncoder(1 << 12);
  readonly recorder = new Recorder(this.market, this.journal, 0);
  readonly turns = new Turns(this.recorder);
  readonly engine = new Engine(this.turns);
  readonly acme: ListedInstrument;
  atMs = OPENING_MS;
  private clientIds = 0;

  constructor(terms: Partial<InstrumentTerms> = {}) {
    this.engine.list({ ...plainTerms, ...terms }, this.atMs);
    this.acme = this.market.instrument(1);
  }

  buy(lots: number, wish: Wish = {}): number {
    return this.mustPost(Side.Buy, lots, wish);
  }

  sell(lots: number, wish: Wish = {}): number {
    return this.mustPost(Side.Sell, lots, wish);
  }

  private mustPost(side: number, lots: number, wish: Wish): number {
    const posted = this.post(side, lots, wish);
    if (typeof posted !== 'number') throw new Error(`refused: ${posted}`);
    return posted;
  }

  /** Returns the intention's id, or why it is refused. */
  post(side: number, lots: number, wish: Wish = {}): number | RefusalCode {
    const { participant = side === Side.Buy ? 'bob' : 'alice', at, postOnly = false, expiresAtMs = 0 } = wish;
    const timeInForce = times[wish.timeInForce ?? (at === undefined ? 'Ioc' : 'Gtc')];
    const pricing = at === undefined ? Pricing.Market : Pricing.Limit;
    const { market } = this;
    const row = this.engine.post(
      limitPost({
        clientIntentionId: `c-${++this.clientIds}`,
        participant,
        side,
        pricing,
        priceTicks: at ?? 0,
        quantityLots: lots,
        timeInForce,
        postOnly,
        expiresAtMs,
      }),
      market.participantIds.get(participant) ?? market.participants.length,
      this.atMs,
    );
    if (typeof row !== 'number') return row;
    this.turns.run();
    return market.lastIntentionId;
  }

  withdraw(id: number): RefusalCode | undefined {
    return this.run(this.engine.withdraw(this.row(id), this.atMs));
  }

  reduce(id: number, byLots: number): RefusalCode | undefined {
    return this.run(this.engine.reduce(this.row(id), byLots, this.atMs));
  }

  replace(id: number, at: number, openLots: number): RefusalCode | undefined {
    return this.run(this.engine.change(this.row(id), { priceTicks: at, openLots }, this.atMs));
  }

  phase(phase: keyof typeof phases): RefusalCode | undefined {
    return this.run(this.engine.changePhase(this.acme, phases[phase], this.atMs));
  }

  uncross(): { readonly priceTicks: number; readonly volumeLots: number } | RefusalCode {
    return this.run(this.engine.uncross(this.acme, this.atMs));
  }

  private run<Result>(result: Result): Result {
    this.turns.run();
    return result;
  }

  row(id: number): number {
    return this.market.negotiators.rowOf(id);
  }

  isOpen(id: number): boolean {
    return this.row(id) !== -1;
  }

  /** Open lots of an intention; 0 when it is gone. */
  open(id: number): number {
    return this.isOpen(id) ? this.market.negotiators.openLots(this.row(id)) : 0;
  }

  filled(id: number): number {
    return this.market.negotiators.filledLots(this.row(id));
  }

  /** Everything written so far. */
  get events(): Event[] {
    const cursor = new ByteCursor(this.journal.bytes, 0, this.journal.at);
    return Array.from({ length: this.journal.count }, () => decodeEvent(cursor));
  }

  /** The types of what was written from the `from`-th event on. */
  types(from = 0): string[] {
    return this.events.slice(from).map(({ type }) => type);
  }

  /** The canonical bytes of everything written so far. */
  get bytes(): string {
    return Buffer.from(this.journal.bytes.subarray(0, this.journal.at)).toString('hex');
  }

  get deals(): Deal[] {
    return this.events.flatMap((event) => {
      if (event.type !== 'DealConfirmed') return [];
      const { initiatorId, responderId, priceTicks, quantityLots: lots } = event;
      return [{ initiatorId, responderId, priceTicks, lots }];
    });
  }

  /** Ids of what stands on one side, best first. */
  standing(side: 'bids' | 'asks'): number[] {
    const ids: number[] = [];
    this.market.placeArriving();
    this.acme.board[side].visitDownTo(Number.NEGATIVE_INFINITY, (row) => {
      ids.push(this.market.negotiators.id(row));
      return true;
    });
    return ids;
  }
}
