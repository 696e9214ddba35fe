import type { BoardSide } from '../domain/board/board.js';
import { formatPrice, formatQuantity, formatUnits } from '../domain/instrument.js';
import type { TurnOutcome } from '../domain/handshake/turn-outcome.js';
import { Index } from '../domain/ids.js';
import type { Market } from '../domain/market.js';
import type { ListedInstrument } from '../domain/market-directory.js';
import type { PostTerms } from '../domain/post-terms.js';
import { refuse } from '../domain/refusal.js';
import {
  counterpartiesNames,
  phaseNames,
  priceRuleNames,
  pricingNames,
  selfTradeNames,
  sideNames,
  timeInForceNames,
  withdrawReasonNames,
} from '../domain/terms.js';
import type {
  Answer,
  BookLevel,
  BookView,
  DealtAtOnce,
  InstrumentList,
  InstrumentsPage,
  InstrumentView,
  IntentionAcknowledged,
} from './commands.js';

export const MAX_DEPTH = 1_000;

/** The name at an index of a list of choices; the market holds no other indexes. */
export function nameOf<Name extends string>(names: readonly Name[], index: number): Name {
  const name = names[index];
  if (name === undefined) throw new RangeError(`no name has the index ${index}`);
  return name;
}

/** A page of what is listed, in a market that stands at this position; undefined for an `after` that is not listed. */
export function viewInstruments(
  market: Market,
  { after, limit }: InstrumentsPage,
  position: number,
): InstrumentList | undefined {
  // An instrument's number is the place of the one after it.
  const from = after === undefined ? 0 : market.instrumentBySymbol(after)?.instrumentId;
  if (from === undefined) return undefined;
  return {
    instruments: market.instruments.slice(from, from + limit).map(viewInstrument),
    positions: new Map([[market.shard, position]]),
    hasMore: market.instruments.length > from + limit,
  };
}

/** An instrument by its symbol; undefined where it is not listed. */
export function viewListed(market: Market, symbol: string): InstrumentView | undefined {
  const instrument = market.instrumentBySymbol(symbol);
  return instrument === undefined ? undefined : viewInstrument(instrument);
}

/** The answer to a command about an instrument. */
export function answerListed(market: Market, symbol: string): Answer<InstrumentView> {
  const view = viewListed(market, symbol);
  return view === undefined ? refuse('UNKNOWN_INSTRUMENT') : { ok: true, ...view };
}

/** A listed instrument in decimal strings and names. */
function viewInstrument(instrument: ListedInstrument): InstrumentView {
  return {
    symbol: instrument.symbol,
    tickSize: formatPrice(instrument, 1),
    lotSize: formatQuantity(instrument, 1),
    minPrice: formatPrice(instrument, instrument.minPriceTicks),
    maxPrice: formatPrice(instrument, instrument.maxPriceTicks),
    priceRule: nameOf(priceRuleNames, instrument.priceRule),
    selfTrade: nameOf(selfTradeNames, instrument.selfTrade),
    counterparties: nameOf(counterpartiesNames, instrument.counterparties),
    phase: nameOf(phaseNames, instrument.phase),
  };
}

/** An instrument's book, in a market that stands at this position; undefined where it is not listed. */
export function viewBook(market: Market, symbol: string, depth: number, position: number): BookView | undefined {
  const instrument = market.instrumentBySymbol(symbol);
  if (instrument === undefined) return undefined;
  market.placeArriving();
  return {
    instrument: symbol,
    phase: nameOf(phaseNames, instrument.phase),
    position,
    bids: levelsOf(instrument, instrument.board.bids, depth),
    asks: levelsOf(instrument, instrument.board.asks, depth),
  };
}

/** The best levels of one side, best first, 1,000 at most. */
function levelsOf(instrument: ListedInstrument, side: BoardSide, depth: number): BookLevel[] {
  const levels: BookLevel[] = [];
  const most = Math.min(depth, MAX_DEPTH);
  side.visitLevels((priceTicks, lots, intentions) => {
    if (levels.length >= most) return false;
    const price = formatPrice(instrument, priceTicks);
    levels.push({ price, quantity: formatQuantity(instrument, lots), intentions });
    return true;
  });
  return levels;
}

/** What is answered of a post: the post itself, its place in the log, and what came of it in its own turn. The same whenever it is given. */
export interface Posted {
  readonly id: number;
  /** Of its IntentionPosted. */
  readonly position: number;
  readonly instrument: ListedInstrument;
  readonly terms: PostTerms;
}

/** The answer to a post. */
export function acknowledge(
  { id, position, instrument, terms }: Posted,
  outcome: TurnOutcome,
): Answer<IntentionAcknowledged> {
  const { clientIntentionId, participant, postOnly, expiresAtMs } = terms;
  const side = nameOf(sideNames, terms.side);
  const type = nameOf(pricingNames, terms.pricing);
  const timeInForce = nameOf(timeInForceNames, terms.timeInForce);
  const quantity = formatQuantity(instrument, terms.quantityLots);
  if (type === 'limit' && expiresAtMs === 0 && outcome.deals === 0 && outcome.closedReason === Index.None) {
    // By far the most common one: written out, because spreading costs more than all the rest.
    return {
      ok: true,
      id: String(id),
      clientIntentionId,
      participant,
      instrument: instrument.symbol,
      side,
      type,
      price: formatPrice(instrument, terms.priceTicks),
      quantity,
      timeInForce,
      postOnly,
      position,
      status: 'open',
      filled: zeroOf(instrument),
      open: quantity,
      deals: NO_DEALS,
    };
  }
  return {
    ...{ ok: true, id: String(id), clientIntentionId, participant, instrument: instrument.symbol, side, type },
    ...(type === 'limit' && { price: formatPrice(instrument, terms.priceTicks) }),
    ...{ quantity, timeInForce, postOnly, position },
    ...(expiresAtMs !== 0 && { expiresAt: new Date(expiresAtMs).toISOString() }),
    ...outcomeOf(instrument, terms.quantityLots, outcome),
  };
}

const NO_DEALS: readonly DealtAtOnce[] = [];
/** By the decimals that quantities are shown with. */
const zeros: string[] = [];

function zeroOf({ quantityDecimals }: ListedInstrument): string {
  return (zeros[quantityDecimals] ??= formatUnits(0, quantityDecimals));
}

type Outcome = Pick<
  IntentionAcknowledged,
  'status' | 'filled' | 'open' | 'averagePrice' | 'closedReason' | 'deals' | 'dealsLeftOut'
>;

function outcomeOf(instrument: ListedInstrument, quantityLots: number, outcome: TurnOutcome): Outcome {
  const { filledLots, closedReason, deals, kept } = outcome;
  const isWithdrawn = closedReason !== Index.None;
  const isFilled = filledLots >= quantityLots;
  return {
    status: isFilled ? 'filled' : isWithdrawn ? 'withdrawn' : 'open',
    filled: formatQuantity(instrument, filledLots),
    open: isWithdrawn ? zeroOf(instrument) : formatQuantity(instrument, quantityLots - filledLots),
    ...(filledLots > 0 && { averagePrice: averagePrice(instrument, outcome) }),
    ...(isWithdrawn && { closedReason: nameOf(withdrawReasonNames, closedReason) }),
    deals: deals === 0 ? NO_DEALS : Array.from({ length: kept }, (_, index) => dealAt(instrument, outcome, index)),
    ...(deals > kept && { dealsLeftOut: deals - kept }),
  };
}

function dealAt(instrument: ListedInstrument, outcome: TurnOutcome, index: number): DealtAtOnce {
  const { initiatorId, dealNumber, priceTicks, lots, position } = outcome.deal(index);
  return {
    id: `${initiatorId}-${dealNumber}`,
    price: formatPrice(instrument, priceTicks),
    quantity: formatQuantity(instrument, lots),
    position,
  };
}

/** Decimals that an average price has at most beyond those of a price. */
const MORE_DECIMALS = 6;

/** What was paid for one unit, rounded half up; zeros at the end are left out as far as the decimals that every price has. */
function averagePrice({ priceDecimals, tickSize }: ListedInstrument, outcome: TurnOutcome): string {
  const lots = BigInt(outcome.filledLots);
  const paid = outcome.paid * BigInt(tickSize) * 10n ** BigInt(MORE_DECIMALS);
  const text = formatUnits((2n * paid + lots) / (2n * lots), priceDecimals + MORE_DECIMALS);
  const shortest = text.length - MORE_DECIMALS;
  let end = text.length;
  while (end > shortest && text[end - 1] === '0') end--;
  return text.slice(0, text[end - 1] === '.' ? end - 1 : end);
}
