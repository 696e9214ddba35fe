import type { Ticker } from '../../../client/market/market-types.js';
import type { Instrument, Phase } from '../../../client/types.js';
import { compareDecimals, minus } from '../../parts/exact.js';

/** An instrument and how it stands. */
export interface MarketRow extends Ticker {
  /** Best ask less best bid; where they cross, in a call, below zero. */
  readonly spread?: string;
  readonly phase?: Phase;
}

/** What rows are sorted by. */
export const columns = [
  { key: 'instrument', text: 'Instrument' },
  { key: 'last', text: 'Last' },
  { key: 'change', text: 'Change' },
  { key: 'changePercent', text: '%' },
  { key: 'bestBid', text: 'Bid' },
  { key: 'bestAsk', text: 'Ask' },
  { key: 'spread', text: 'Spread' },
  { key: 'volume', text: 'Volume' },
  { key: 'deals', text: 'Deals' },
  { key: 'phase', text: 'Phase' },
] as const;

export type ColumnKey = (typeof columns)[number]['key'];

export interface Sorting {
  readonly key: ColumnKey;
  readonly isDescending: boolean;
}

/** As it stands in an address: `volume`, or `-volume` from the largest down. By instrument where it says nothing else. */
export function sortingOf(text: string | null): Sorting {
  const isDescending = text?.startsWith('-') ?? false;
  const key = columns.find((column) => column.key === text?.slice(isDescending ? 1 : 0))?.key;
  return key === undefined ? { key: 'instrument', isDescending: false } : { key, isDescending };
}

/** What a heading leads to that is chosen: the other way round where it is chosen already; figures begin with the largest. */
export function chosenAgain(before: Sorting, key: ColumnKey): string {
  const isText = key === 'instrument' || key === 'phase';
  const isDescending = before.key === key ? !before.isDescending : !isText;
  return isDescending ? `-${key}` : key;
}

/** Of a ticker that is shown again, the row is the same object, so that it need not be drawn again. */
const made = new WeakMap<Ticker, MarketRow>();

/** Tickers with what is known of their instruments. */
export function rowsOf(tickers: readonly Ticker[], instruments: readonly Instrument[]): readonly MarketRow[] {
  const phases = new Map(instruments.map(({ symbol, phase }) => [symbol, phase]));
  return tickers.map((ticker) => {
    const phase = phases.get(ticker.instrument);
    const before = made.get(ticker);
    if (before !== undefined && before.phase === phase) return before;
    const { bestBid, bestAsk } = ticker;
    const spread = bestBid === undefined || bestAsk === undefined ? {} : { spread: minus(bestAsk, bestBid) };
    const row = { ...ticker, ...spread, ...(phase === undefined ? {} : { phase }) };
    made.set(ticker, row);
    return row;
  });
}

/** Those whose symbol has the text in it, whatever the case. */
export function filtered(rows: readonly MarketRow[], text: string): readonly MarketRow[] {
  const wanted = text.trim().toLowerCase();
  return wanted === '' ? rows : rows.filter(({ instrument }) => instrument.toLowerCase().includes(wanted));
}

/** In order; of equals by symbol. What has no value comes last either way. */
export function sorted(rows: readonly MarketRow[], { key, isDescending }: Sorting): readonly MarketRow[] {
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((one, other) => {
    const first = one[key];
    const second = other[key];
    if (first !== undefined && second !== undefined)
      return sign * compared(key, first, second) || compareTexts(one.instrument, other.instrument);
    if (first === second) return compareTexts(one.instrument, other.instrument);
    return first === undefined ? 1 : -1;
  });
}

function compared(key: ColumnKey, one: string | number, other: string | number): number {
  if (typeof one === 'number' || typeof other === 'number') return Number(one) - Number(other);
  return key === 'instrument' || key === 'phase' ? compareTexts(one, other) : compareDecimals(one, other);
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
