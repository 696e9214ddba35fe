import { Index } from '../ids.js';
import type { Board, BoardSide } from './board.js';
import { MessageKind, type Mailbox } from '../negotiators/mailbox.js';
import type { Market } from '../market.js';
import type { ListedInstrument } from '../market-directory.js';
import type { Recorder } from '../recorder.js';
import { WithdrawReason } from '../terms.js';

/**
 * The call auction. Its price is the one that trades the most volume; among those, the one with the least surplus; among those, the
 * highest where buyers are in surplus and the lowest where sellers are. Where the sides balance, or the surplus changes sides
 * between two prices, it is the middle of those, rounded down to a tick: the rule of the Shanghai Stock Exchange.
 *
 * The deals are made by the same handshake as all others: both sides in order (market intentions first, then price, then time)
 * are paired off against each other, and in each pair the older intention proposes, at the auction's price.
 */
export interface UncrossPlan {
  readonly priceTicks: number;
  readonly volumeLots: number;
}

const NOTHING: UncrossPlan = { priceTicks: 0, volumeLots: 0 };

interface Depth {
  readonly prices: number[];
  readonly lots: number[];
}

function depthOf(side: BoardSide): Depth {
  const prices: number[] = [];
  const lots: number[] = [];
  side.visitLevels((price, levelLots) => {
    prices.push(price);
    lots.push(levelLots);
    return true;
  });
  return { prices, lots };
}

interface Candidate {
  readonly priceTicks: number;
  readonly volumeLots: number;
  /** Buyers minus sellers at that price. */
  readonly surplusLots: number;
}

/** What would trade at each limit price, in ascending order. */
function candidates(board: Board): Candidate[] {
  const bids = depthOf(board.bids);
  const asks = depthOf(board.asks);
  const prices = [...new Set([...bids.prices, ...asks.prices])].sort((one, other) => one - other);
  let demand = board.bids.marketLots() + sum(bids.lots);
  let supply = board.asks.marketLots();
  let bid = bids.prices.length - 1; // the lowest one
  let ask = 0; // the lowest one
  return prices.map((priceTicks) => {
    for (; bid >= 0 && (bids.prices[bid] as number) < priceTicks; bid--) demand -= bids.lots[bid] as number; // in range
    for (; ask < asks.prices.length && (asks.prices[ask] as number) <= priceTicks; ask++)
      supply += asks.lots[ask] as number; // in range
    return { priceTicks, volumeLots: Math.min(demand, supply), surplusLots: demand - supply };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Price and volume of the auction of what stands on the board. Volume 0 when nothing can be dealt. */
export function planUncross(board: Board): UncrossPlan {
  const all = candidates(board);
  const volumeLots = all.reduce((most, candidate) => Math.max(most, candidate.volumeLots), 0);
  if (volumeLots === 0) return NOTHING;
  const fullest = all.filter((candidate) => candidate.volumeLots === volumeLots);
  const surplus = fullest.reduce(
    (least, { surplusLots }) => Math.min(least, Math.abs(surplusLots)),
    Number.POSITIVE_INFINITY,
  );
  const best = fullest.filter((candidate) => Math.abs(candidate.surplusLots) === surplus);
  return { priceTicks: choosePrice(best), volumeLots };
}

/** Surplus falls as the price rises, so prices with buyers in surplus come before those with sellers in surplus. */
function choosePrice(best: readonly Candidate[]): number {
  const prices = (test: (surplus: number) => boolean): number[] =>
    best.filter((candidate) => test(candidate.surplusLots)).map((candidate) => candidate.priceTicks);
  const low = prices((surplus) => surplus > 0).at(-1) ?? prices((surplus) => surplus === 0).at(0);
  const high = prices((surplus) => surplus < 0).at(0) ?? prices((surplus) => surplus === 0).at(-1);
  if (low === undefined || high === undefined) return (low ?? high) as number; // `best` is not empty
  return Math.floor((low + high) / 2);
}

/** Whether two standing intentions cross: the board then needs an auction before it can trade continuously. */
export function isCrossed(board: Board): boolean {
  return planUncross(board).volumeLots > 0;
}

/**
 * Carries an auction out, pair by pair.
 *
 * 1. It keeps only which instrument it is at; price and volume left are state of the market, so a crash costs nothing.
 */
export class Auction {
  private instrument: ListedInstrument | undefined;
  private leftBefore = -1;
  private readonly market: Market;

  constructor(
    private readonly recorder: Recorder,
    private readonly mailbox: Mailbox,
  ) {
    this.market = recorder.market;
  }

  get isUnderWay(): boolean {
    return this.instrument !== undefined;
  }

  /** Begins, or begins again, the auction that AuctionUncrossed announced. */
  begin(instrument: ListedInstrument): void {
    this.instrument = instrument;
    this.leftBefore = -1;
  }

  /** Whom it asked last may never have heard of it: that they did not deal says nothing. */
  askAgain(): void {
    this.leftBefore = -1;
  }

  /** To be called when no message is waiting. True when it sent one. */
  advance(): boolean {
    const { instrument } = this;
    if (instrument === undefined || this.market.deals.isAnyWithin) return false;
    const buyer = instrument.board.bids.best();
    const seller = instrument.board.asks.best();
    if (!this.mayDeal(instrument, buyer, seller)) {
      this.instrument = undefined;
      withdrawMarketIntentions(this.recorder, instrument);
      return false;
    }
    this.leftBefore = instrument.auctionLeftLots;
    this.announce(instrument, buyer, seller);
    return true;
  }

  /** When a party has been parked, the volume may be more than those can deal who are left. */
  private mayDeal({ auctionLeftLots, auctionPriceTicks }: ListedInstrument, buyer: number, seller: number): boolean {
    const { negotiators } = this.market;
    if (auctionLeftLots === 0 || auctionLeftLots === this.leftBefore || buyer === Index.None || seller === Index.None)
      return false;
    return negotiators.reaches(buyer, auctionPriceTicks) && negotiators.reaches(seller, auctionPriceTicks);
  }

  private announce(instrument: ListedInstrument, buyer: number, seller: number): void {
    const { negotiators } = this.market;
    const buyerIsOlder = negotiators.placePosition(buyer) < negotiators.placePosition(seller);
    const initiator = buyerIsOlder ? buyer : seller;
    const responder = buyerIsOlder ? seller : buyer;
    const announcement = this.mailbox.draft(MessageKind.Announcement, negotiators.id(initiator), initiator);
    announcement.fromId = negotiators.id(responder);
    announcement.fromRow = responder;
    announcement.priceTicks = instrument.auctionPriceTicks;
    announcement.lots = Math.min(negotiators.freeLots(responder), instrument.auctionLeftLots);
    this.mailbox.send(announcement);
  }
}

/** Market intentions stand only while a call phase collects; what the auction leaves of them is withdrawn. */
export function withdrawMarketIntentions(recorder: Recorder, instrument: ListedInstrument): void {
  const { negotiators, nowMs } = recorder.market;
  for (const side of [instrument.board.bids, instrument.board.asks]) {
    while (side.marketLots() > 0) {
      const row = side.best();
      if (!negotiators.isMarket(row)) break;
      recorder.intentionWithdrawn(row, WithdrawReason.MarketRemainder, nowMs);
    }
  }
}
