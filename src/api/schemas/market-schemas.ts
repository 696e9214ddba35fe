/** JSON schemas of what everybody may read of the market: trades, tickers, candles. */
import { arrayOf, asOf, asOfEach, count, instant, interval, object, ofShard, view } from './fields.js';
import { nextListed, position, price, quantity, record, side, signed, symbol, moment } from './fields.js';
import type { FieldSchema } from './record-schema.js';

/** Of a book. */
export const checksum: FieldSchema = {
  ...{ type: 'integer', minimum: 0, maximum: 0xffff_ffff },
  description:
    'CRC-32 over `price:quantity` of the ten best bids, best first, and then of the ten best asks, best first, all joined by `|`: ' +
    'the same whatever the depth that was asked for.',
};

const percent: FieldSchema = {
  ...signed,
  description: 'The change as a share of the first price, in per cent with two decimals, rounded half away from zero.',
};

/** Those that have a name in the OpenAPI document. */
export const marketViews = {
  Trade: view({ position, at: instant, price, quantity, takerSide: side }),
  Ticker: view(
    {
      instrument: symbol,
      last: { ...price, description: 'Of the latest deal, whenever that was.' },
      change: { ...signed, description: 'The window’s last price less its first.' },
      changePercent: percent,
      high: price,
      low: price,
      volume: { ...quantity, description: 'Dealt in the window: the running minute and the 1,439 before it.' },
      deals: { ...count, description: 'In the window.' },
      bestBid: price,
      bestAsk: price,
      position: asOf,
      shard: ofShard,
    },
    ['last', 'change', 'changePercent', 'high', 'low', 'bestBid', 'bestAsk', 'shard'],
  ),
  Candle: view({
    start: instant,
    open: { ...price, description: 'Of its first deal in the log, as `close` is of its last.' },
    ...{ high: price, low: price, close: price },
    volume: quantity,
    deals: count,
  }),
} as const;

const ofInstrument = { instrument: symbol };
const standing = { position: asOf, shard: ofShard };

export const tradesSchema = object({ ...ofInstrument, trades: arrayOf({ $ref: 'Trade#' }), ...standing }, [
  ...['instrument', 'trades', 'position'],
]);

export const tickersSchema = object(
  { tickers: arrayOf({ $ref: 'Ticker#' }), position: asOf, positionByShard: asOfEach, next: nextListed },
  ['tickers'],
);

const next: FieldSchema = { ...instant, description: 'Only where more follow: go on with it as `from`.' };

export const candlesSchema = object(
  { ...ofInstrument, interval, candles: arrayOf({ $ref: 'Candle#' }), next, ...standing },
  ['instrument', 'interval', 'candles', 'position'],
);

const limit: FieldSchema = { type: 'integer', minimum: 1, maximum: 1_000, default: 100 };

export const tradesQuery = record(
  {
    after: {
      ...position,
      description: 'The first ones after this position: that of the last one you have. Without it, the latest ones.',
    },
    before: { ...position, description: 'Only those before this position.' },
    limit,
    ...moment,
  },
  [],
);

export const candlesQuery = record(
  {
    interval: { ...interval, default: '1m' },
    from: { ...instant, description: 'The first ones that start at this time or later. Without it, the latest ones.' },
    until: { ...instant, description: 'Only those that start before this time.' },
    limit,
    ...moment,
  },
  [],
);
