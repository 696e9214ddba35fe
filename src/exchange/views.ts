import type { BoardSide } from '../domain/board/board.js';
import { formatPrice, formatQuantity } from '../domain/instrument.js';
import type { Market } from '../domain/market.js';
import type { ListedInstrument } from '../domain/market-directory.js';
import { refuse } from '../domain/refusal.js';
import { counterpartiesNames, phaseNames, priceRuleNames, selfTradeNames } from '../domain/terms.js';
import type { Answer, BookLevel, BookView, InstrumentList, InstrumentsPage, InstrumentView } from './commands.js';

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
