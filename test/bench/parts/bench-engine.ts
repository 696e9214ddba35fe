import { Engine } from '../../../src/domain/engine.js';
import type { OpenBatch } from '../../../src/domain/journal.generated.js';
import type { InstrumentTerms } from '../../../src/domain/instrument.js';
import { Market } from '../../../src/domain/market.js';
import { Recorder } from '../../../src/domain/recorder.js';
import { Turns } from '../../../src/domain/turns.js';
import type { PostTerms } from '../../../src/domain/post-terms.js';
import { MAX_TICKS, Pricing, PriceRule, SelfTrade, TimeInForce } from '../../../src/domain/terms.js';
import { EventEncoder } from '../../../src/events/codec.generated.js';
import { flowSymbol } from '../flow/flow.js';
import type { FlowTaker } from '../flow/flow-player.js';

export const benchTerms: InstrumentTerms = {
  symbol: flowSymbol,
  priceDecimals: 0,
  tickSize: 1,
  quantityDecimals: 0,
  lotSize: 1,
  minPriceTicks: 1,
  maxPriceTicks: MAX_TICKS,
  priceRule: PriceRule.Standing,
  selfTrade: SelfTrade.Allow,
  counterparties: 0,
};

const OPEN_BYTES = 1 << 20;

/** A plain limit intention, made as the edge makes it. */
export function benchPost(
  clientIntentionId: string,
  participant: string,
  side: number,
  priceTicks: number,
  quantityLots: number,
  instrumentId = 1,
): PostTerms {
  return {
    clientIntentionId,
    participant,
    instrumentId,
    side,
    pricing: Pricing.Limit,
    priceTicks,
    quantityLots,
    timeInForce: TimeInForce.Gtc,
    postOnly: false,
    expiresAtMs: 0,
  };
}

/** The engine without a log: every command is taken at the engine, its turns run, and its events are encoded and thrown away. */
export class BenchEngine implements FlowTaker {
  readonly market = new Market();
  readonly encoder = new EventEncoder(OPEN_BYTES);
  private readonly turns: Turns;
  private readonly engine: Engine;
  private readonly firstId: number;
  private atMs = 1_700_000_000_000;
  bytes = 0;

  /** `prepare` posts what is to stand beforehand. */
  constructor(prepare?: (engine: BenchEngine) => void, journal?: OpenBatch) {
    this.turns = new Turns(new Recorder(this.market, journal ?? this.encoder, 0));
    this.engine = new Engine(this.turns);
    this.engine.list(benchTerms, this.atMs);
    prepare?.(this);
    this.firstId = this.market.lastIntentionId + 1;
  }

  post(clientIntentionId: string, participant: string, side: number, priceTicks: number, quantityLots: number): void {
    const { engine, market, encoder } = this;
    const terms = benchPost(clientIntentionId, participant, side, priceTicks, quantityLots);
    const posted = engine.post(terms, market.participantIds.get(participant) ?? market.participants.length, this.atMs);
    if (typeof posted !== 'number') throw new Error(`refused: ${posted}`);
    this.turns.run();
    if (encoder.at > OPEN_BYTES - 4096) this.reset();
  }

  withdraw(intention: number): void {
    const row = this.market.negotiators.rowOf(this.firstId + intention);
    const refusal = this.engine.withdraw(row, this.atMs);
    if (refusal !== undefined) throw new Error(`not withdrawn: ${refusal}`);
    this.turns.run();
  }

  get events(): number {
    return this.turns.recorder.position;
  }

  private reset(): void {
    this.bytes += this.encoder.at;
    this.encoder.at = 0;
    this.encoder.count = 0;
    this.atMs++;
  }
}
