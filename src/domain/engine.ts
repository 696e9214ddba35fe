import { type Arrival, type Prospect, wouldDeal, wouldSelfTrade } from './handshake/arrival.js';
import { type Auction, isCrossed, planUncross, type UncrossPlan, withdrawMarketIntentions } from './board/auction.js';
import type { InstrumentTerms } from './instrument.js';
import type { Market } from './market.js';
import type { ListedInstrument } from './market-directory.js';
import type { PostTerms } from './post-terms.js';
import type { AmendedTerms, Recorder } from './recorder.js';
import type { RefusalCode } from './refusal.js';
import { RiskControl } from './risk/risk-control.js';
import { MAX_LOTS, Phase, Pricing, SelfTrade, TimeInForce, WithdrawReason } from './terms.js';
import type { Turns } from './turns.js';

/** What of an intention is to change. */
interface ChangedTerms {
  readonly priceTicks: number | undefined;
  readonly openLots: number | undefined;
}

/**
 * Takes commands, one at a time: checks each against the market and records what it is. The turns that follow from it are its caller's
 * to run. Deterministic: time comes in with each command, nothing else does.
 *
 * 1. A refused command has written nothing and changed nothing, but for the PostRefused of a post that a limit refuses.
 * 2. A command is taken only when the turns are idle: no message waits, no arrival and no auction is under way.
 */
export class Engine {
  private readonly market: Market;
  private readonly recorder: Recorder;
  private readonly arrival: Arrival;
  /** Limits and switches. */
  readonly risk: RiskControl;
  private readonly auction: Auction;

  constructor({ market, recorder, arrival, auction, withdrawals }: Turns) {
    this.market = market;
    this.recorder = recorder;
    this.arrival = arrival;
    this.auction = auction;
    this.risk = new RiskControl(recorder, withdrawals);
  }

  /**
   * Posts an intention and begins its arrival. A participant who is new, whose number is then the next one, is admitted first.
   * Returns its row, or why it is refused.
   */
  post(terms: PostTerms, participantId: number, atMs: number): number | RefusalCode {
    const { side, pricing, priceTicks, quantityLots, timeInForce, postOnly } = terms;
    const instrument = this.market.instrument(terms.instrumentId);
    if (pricing === Pricing.Limit && (priceTicks < instrument.minPriceTicks || priceTicks > instrument.maxPriceTicks)) {
      return 'PRICE_OUT_OF_BAND';
    }
    const isCall = instrument.phase === Phase.Call;
    if (isCall) {
      if (postOnly || timeInForce === TimeInForce.Fok) return 'WRONG_PHASE';
      if (timeInForce === TimeInForce.Ioc && pricing === Pricing.Limit) return 'WRONG_PHASE';
    }
    if (!isCall && (postOnly || instrument.selfTrade === SelfTrade.RefuseArriving)) {
      const price = pricing === Pricing.Market ? undefined : priceTicks;
      const refusal = this.forbidden(instrument, { side, priceTicks: price, quantityLots, participantId }, postOnly);
      if (refusal !== undefined) return refusal;
    }
    if (this.market.limits.isAny) {
      const refusal = this.risk.refusesPost(terms, participantId, atMs);
      if (refusal !== undefined) return refusal;
    }
    if (participantId === this.market.participants.length)
      this.recorder.participantAdmitted(participantId, terms.participant, atMs);
    const row = this.recorder.intentionPosted(terms, participantId, atMs);
    if (isCall) this.market.placeArriving();
    else this.arrival.begin(row);
    return row;
  }

  private forbidden(instrument: ListedInstrument, prospect: Prospect, postOnly: boolean): RefusalCode | undefined {
    if (postOnly && wouldDeal(instrument, prospect)) return 'POST_ONLY_WOULD_DEAL';
    const refusesOwn = instrument.selfTrade === SelfTrade.RefuseArriving;
    return refusesOwn && wouldSelfTrade(this.market, instrument, prospect) ? 'SELF_TRADE' : undefined;
  }

  withdraw(row: number, atMs: number, reason = WithdrawReason.Requested): RefusalCode | undefined {
    if (this.market.negotiators.isClosing(row)) return 'INTENTION_CLOSED';
    this.recorder.intentionWithdrawn(row, reason, atMs);
    return undefined;
  }

  /**
   * Makes it smaller. By all that is left: withdraws it, and where the command has an id to be known by, that is recorded first.
   * `clientCommandId`: empty where the client gave none.
   */
  reduce(row: number, byLots: number, atMs: number, clientCommandId = ''): RefusalCode | undefined {
    const { negotiators } = this.market;
    if (negotiators.isClosing(row)) return 'INTENTION_CLOSED';
    const free = negotiators.freeLots(row);
    if (byLots > free) return 'NOT_LESS';
    const isAll = byLots === free && negotiators.reservedLots(row) === 0;
    if (!isAll || clientCommandId !== '') {
      this.recorder.intentionReduced(row, isAll ? 0 : byLots, atMs, clientCommandId);
    }
    return isAll ? this.withdraw(row, atMs) : undefined;
  }

  /**
   * Gives it a new limit, a new open quantity, or both. A smaller quantity alone reduces it, and one that is as it was changes nothing:
   * that is recorded only where the command has an id to be known by.
   */
  change(row: number, terms: ChangedTerms, atMs: number, clientCommandId = ''): RefusalCode | undefined {
    const { negotiators } = this.market;
    const before = negotiators.openLots(row);
    const { priceTicks, openLots = before } = terms;
    if (priceTicks !== undefined) return this.replace(row, { priceTicks, openLots }, atMs, clientCommandId);
    if (openLots > before) {
      return this.replace(row, { priceTicks: negotiators.limitTicks(row), openLots }, atMs, clientCommandId);
    }
    if (openLots < before) return this.reduce(row, before - openLots, atMs, clientCommandId);
    if (negotiators.isClosing(row)) return 'INTENTION_CLOSED';
    if (clientCommandId !== '') this.recorder.intentionReduced(row, 0, atMs, clientCommandId);
    return undefined;
  }

  private replace(row: number, terms: AmendedTerms, atMs: number, clientCommandId: string): RefusalCode | undefined {
    const refusal = this.unchangeable(row, terms, atMs);
    if (refusal !== undefined) return refusal;
    const { negotiators } = this.market;
    const { phase } = this.market.instrument(negotiators.instrumentId(row));
    this.recorder.intentionAmended(row, terms, atMs, clientCommandId);
    if (phase !== Phase.Call) this.arrival.begin(row);
    return undefined;
  }

  /** Why it cannot take these terms. */
  private unchangeable(row: number, { priceTicks, openLots }: AmendedTerms, atMs: number): RefusalCode | undefined {
    const { negotiators } = this.market;
    if (negotiators.isClosing(row)) return 'INTENTION_CLOSED';
    if (negotiators.isMarket(row)) return 'INVALID_COMBINATION';
    if (negotiators.reservedLots(row) > 0) return 'DEAL_UNDECIDED'; // with a side in another shard
    if (negotiators.filledLots(row) + openLots > MAX_LOTS) return 'QUANTITY_TOO_LARGE';
    const instrument = this.market.instrument(negotiators.instrumentId(row));
    if (priceTicks < instrument.minPriceTicks || priceTicks > instrument.maxPriceTicks) return 'PRICE_OUT_OF_BAND';
    if (this.market.limits.isAny) {
      const refusal = this.risk.refusesChange(row, openLots - negotiators.openLots(row), atMs);
      if (refusal !== undefined) return refusal;
    }
    if (instrument.phase === Phase.Call) return undefined;
    const participantId = negotiators.participantId(row);
    const prospect: Prospect = { side: negotiators.side(row), priceTicks, quantityLots: openLots, participantId };
    return this.forbidden(instrument, prospect, negotiators.isPostOnly(row));
  }

  /** Lists an instrument, or changes what may change of a listed one. Listing the same terms again changes nothing. */
  list(terms: InstrumentTerms, atMs: number): RefusalCode | undefined {
    const listed = this.market.instrumentBySymbol(terms.symbol);
    if (listed === undefined) {
      this.recorder.instrumentListed(this.market.instruments.length + 1, terms, atMs);
      return undefined;
    }
    const fixed = ['priceDecimals', 'tickSize', 'quantityDecimals', 'lotSize'] as const;
    if (fixed.some((field) => listed[field] !== terms[field])) return 'INSTRUMENT_DIFFERS';
    const changeable = ['minPriceTicks', 'maxPriceTicks', 'priceRule', 'selfTrade', 'counterparties'] as const;
    if (changeable.some((field) => listed[field] !== terms[field])) {
      this.recorder.instrumentListed(listed.instrumentId, terms, atMs);
    }
    return undefined;
  }

  /** Going continuous needs a board that does not cross: uncross it first. */
  changePhase(instrument: ListedInstrument, phase: number, atMs: number): RefusalCode | undefined {
    if (instrument.phase === phase) return undefined;
    if (phase === Phase.Continuous) {
      if (isCrossed(instrument.board)) return 'WRONG_PHASE';
      withdrawMarketIntentions(this.recorder, instrument);
    }
    this.recorder.phaseChanged(instrument.instrumentId, phase, atMs);
    return undefined;
  }

  uncross(instrument: ListedInstrument, atMs: number): UncrossPlan | RefusalCode {
    if (instrument.phase !== Phase.Call) return 'WRONG_PHASE';
    const plan = planUncross(instrument.board);
    this.recorder.auctionUncrossed(instrument.instrumentId, plan.priceTicks, plan.volumeLots, atMs);
    this.auction.begin(instrument);
    return plan;
  }
}
