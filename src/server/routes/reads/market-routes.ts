import type { FastifyInstance } from 'fastify';
import type { CandlesQuery, TradesQuery } from '../../../../projections/store/queries/query-terms.js';
import {
  candlesQuery,
  candlesSchema,
  tickersSchema,
  tradesQuery,
  tradesSchema,
} from '../../../api/schemas/market-schemas.js';
import { problem } from '../../../api/problem.js';
import { instrumentParams, momentQuery, tickersQuery } from '../../../api/schemas/query-schemas.js';
import type { ServerContext } from '../../context.js';
import { type MomentQuery, timeOf } from '../../reads/moment.js';
import { sendWhole } from '../../reads/reading.js';
import { describe, type Operation, problemsOfMoments } from '../operation.js';

interface OfInstrument {
  Params: { instrument: string };
}
interface Trades extends OfInstrument {
  Querystring: Omit<TradesQuery, 'instrument'> & MomentQuery;
}
interface Candles extends OfInstrument {
  Querystring: Partial<Pick<CandlesQuery, 'interval'>> & { from?: string; until?: string; limit: number };
}
interface Page {
  Querystring: { after?: string; limit: number };
}

/** What the market has done, for everybody who may read it. */
export function marketRoutes(app: FastifyInstance, context: ServerContext): void {
  const { stores, clock } = context;
  app.get<Trades>('/v1/trades/:instrument', describe(context, tradesOperation), ({ params, query }, reply) => {
    const { after, before, limit } = query;
    return sendWhole(context, reply, {
      ...{ query: 'trades', values: [{ after, before, limit, ...params }], shards: stores.shardsOf(params) },
      absent: unlisted(params.instrument),
    });
  });
  app.get<OfInstrument>('/v1/ticker/:instrument', describe(context, tickerOperation), ({ params }, reply) =>
    sendWhole(context, reply, {
      ...{ query: 'ticker', values: [params.instrument, { nowMs: clock() }], shards: stores.shardsOf(params) },
      absent: unlisted(params.instrument),
    }),
  );
  app.get<Page>('/v1/tickers', describe(context, tickersOperation), ({ query }, reply) =>
    sendWhole(context, reply, {
      ...{ query: 'tickers', values: [{ after: query.after, limit: query.limit, nowMs: clock() }] },
      shards: stores.shards,
    }),
  );
  app.get<Candles>('/v1/candles/:instrument', describe(context, candlesOperation), ({ params, query }, reply) => {
    const { from, until, interval = '1m', limit } = query;
    const wanted = { interval, limit, ...params, fromMs: timeOf('from', from), untilMs: timeOf('until', until) };
    return sendWhole(context, reply, {
      ...{ query: 'candles', values: [wanted], shards: stores.shardsOf(params) },
      absent: unlisted(params.instrument),
    });
  });
}

const unlisted = (symbol: string) => problem('UNKNOWN_INSTRUMENT', `no instrument ${JSON.stringify(symbol)} is listed`);

const tradesOperation: Operation = {
  operationId: 'listTrades',
  isRead: true,
  summary: 'An instrument’s deals without names, in the order in which they were decided',
  description: 'Holds all that was durable when the request came.',
  tag: 'market',
  access: 'market',
  problems: ['UNKNOWN_INSTRUMENT', ...problemsOfMoments],
  schema: { params: instrumentParams, querystring: tradesQuery, response: { 200: tradesSchema } },
};

const tickerOperation: Operation = {
  operationId: 'getTicker',
  isRead: true,
  summary: 'An instrument’s last price, its best bid and ask, and its last 24 hours',
  description:
    'The window is the running minute of the server’s clock and the 1,439 before it. Where there is no deal in it, what is about the ' +
    'window is absent, but for `volume` and `deals`.',
  tag: 'market',
  access: 'market',
  problems: ['UNKNOWN_INSTRUMENT', ...problemsOfMoments],
  schema: { params: instrumentParams, querystring: momentQuery, response: { 200: { $ref: 'Ticker#' } } },
};

const tickersOperation: Operation = {
  operationId: 'listTickers',
  isRead: true,
  summary: 'The tickers of the listed instruments, a page at a time',
  description: 'In the order in which the instruments were first listed, shard after shard.',
  tag: 'market',
  access: 'market',
  problems: problemsOfMoments,
  schema: { querystring: tickersQuery, response: { 200: tickersSchema } },
};

const candlesOperation: Operation = {
  operationId: 'listCandles',
  isRead: true,
  summary: 'What an instrument’s deals did in each interval, oldest first',
  description:
    'An interval without a deal has no candle. A deal counts in the interval that its time names; the first and the last of one are so ' +
    'in the order of the log.',
  tag: 'market',
  access: 'market',
  problems: ['UNKNOWN_INSTRUMENT', ...problemsOfMoments],
  schema: { params: instrumentParams, querystring: candlesQuery, response: { 200: candlesSchema } },
};
