import type { FastifyInstance } from 'fastify';
import type { ChangePhase, ListInstrument } from '../../exchange/commands.js';
import { type ExchangePort, ShardUnavailableError } from '../../exchange/port.js';
import { refuse, sendAnswer } from './answer.js';
import type { ServerContext } from '../context.js';
import { readBook, readInstrument, readInstruments } from '../reads/market-reading.js';
import { describe, type Operation, problemsOfMoments, problemsOfShards } from './operation.js';
import { type Problem, problem } from '../../api/problem.js';
import {
  depthQuery,
  instrumentParams,
  instrumentsQuery,
  newSymbolParams,
  symbolParams,
} from '../../api/schemas/query-schemas.js';
import type { MomentQuery } from '../reads/moment.js';
import { asOf } from '../reads/reading.js';
import {
  bookSchema,
  changePhaseSchema,
  instrumentSchema,
  instrumentsSchema,
  listInstrumentSchema,
} from '../../api/schemas/schemas.js';

interface BySymbol {
  Params: { symbol: string };
}
interface Listing extends BySymbol {
  Body: Omit<ListInstrument, 'symbol'>;
}
interface Phase extends BySymbol {
  Body: Pick<ChangePhase, 'phase'>;
}
interface Page {
  Querystring: { after?: string; limit: number };
}
interface Depth {
  Params: { instrument: string };
  Querystring: { depth: number } & MomentQuery;
}

/** What is traded, and its books; the operator’s side of the market. */
export function instrumentRoutes(app: FastifyInstance, context: ServerContext): void {
  const { exchange } = context;
  app.get<Page>('/v1/instruments', describe(context, listOperation), async ({ caller, query }, reply) => {
    const list = await readInstruments(context, caller.key, query);
    if (list === undefined || 'code' in list) return refuse(context, reply, list ?? noSuchAfter);
    const { instruments, positions, hasMore, ...stopped } = list;
    const next = hasMore ? { next: instruments.at(-1)?.symbol } : {};
    return reply.send({ instruments, ...asOf(context, positions), ...next, ...stopped });
  });
  app.get<BySymbol>('/v1/instruments/:symbol', describe(context, getOperation), ({ caller, params }, reply) =>
    sendAnswer(context, reply, known(readInstrument(context, caller.key, params.symbol), params.symbol)),
  );
  app.get<Depth>('/v1/book/:instrument', describe(context, bookOperation), ({ caller, params, query }, reply) => {
    const book = readBook(context, caller.key, params.instrument, query);
    return sendAnswer(context, reply, known(book, params.instrument));
  });
  app.put<Listing>('/v1/instruments/:symbol', describe(context, putOperation), async ({ params, body }, reply) => {
    const { symbol } = params;
    const isNew = await isUnlisted(exchange, symbol);
    const answer = await exchange.list({ ...body, symbol });
    if (answer.ok && isNew) reply.code(201).header('location', `/v1/instruments/${symbol}`);
    return sendAnswer(context, reply, answer);
  });
  app.post<Phase>('/v1/instruments/:symbol/phase', describe(context, phaseOperation), ({ params, body }, reply) =>
    sendAnswer(context, reply, exchange.changePhase({ instrument: params.symbol, phase: body.phase })),
  );
  app.post<BySymbol>('/v1/instruments/:symbol/uncross', describe(context, uncrossOperation), (request, reply) => {
    if (request.body !== undefined) {
      return refuse(context, reply, problem('INVALID_COMMAND', 'an uncross takes no body'));
    }
    return sendAnswer(context, reply, exchange.uncross({ instrument: request.params.symbol }));
  });
}

const noSuchAfter = problem('INVALID_COMMAND', 'after: no such instrument is listed');

/** False, too, where nobody can tell: the command itself is then answered why. */
async function isUnlisted(exchange: ExchangePort, symbol: string): Promise<boolean> {
  try {
    return (await exchange.instrument(symbol)) === undefined;
  } catch (error) {
    if (error instanceof ShardUnavailableError) return false;
    throw error;
  }
}

async function known<View extends object>(
  reading: Promise<View | Problem | undefined>,
  symbol: string,
): Promise<({ readonly ok: true } & View) | Problem> {
  const view = await reading;
  if (view === undefined) return problem('UNKNOWN_INSTRUMENT', `no instrument ${JSON.stringify(symbol)} is listed`);
  return 'code' in view ? view : { ...view, ok: true };
}

const listOperation: Operation = {
  operationId: 'listInstruments',
  isRead: true,
  summary: 'The listed instruments, a page at a time',
  description:
    'As of the position, exactly; all of it durable. In the order in which they were first listed, shard after shard.',
  tag: 'market',
  access: 'market',
  problems: ['UNAVAILABLE'],
  schema: { querystring: instrumentsQuery, response: { 200: instrumentsSchema } },
};

const getOperation: Operation = {
  operationId: 'getInstrument',
  isRead: true,
  summary: 'An instrument',
  tag: 'market',
  access: 'market',
  problems: ['UNKNOWN_INSTRUMENT', 'UNAVAILABLE'],
  schema: { params: symbolParams, response: { 200: instrumentSchema } },
};

const bookOperation: Operation = {
  operationId: 'getBook',
  isRead: true,
  summary: 'The levels of an instrument’s book, best first',
  description: 'As of the position, exactly; all of it durable.',
  tag: 'market',
  access: 'market',
  problems: ['UNKNOWN_INSTRUMENT', ...problemsOfMoments],
  schema: { params: instrumentParams, querystring: depthQuery, response: { 200: bookSchema } },
};

const instrument = { $ref: 'Instrument#' };

const putOperation: Operation = {
  operationId: 'putInstrument',
  summary: 'List an instrument, or change the band and rules of a listed one',
  tag: 'market',
  access: 'operating',
  problems: [
    ...(['INVALID_SYMBOL', 'INVALID_INSTRUMENT', 'INVALID_PRICE', 'INVALID_QUANTITY', 'INVALID_COMBINATION'] as const),
    ...(['INSTRUMENT_DIFFERS', ...problemsOfShards] as const),
  ],
  schema: { params: newSymbolParams, body: listInstrumentSchema, response: { 200: instrument, 201: instrument } },
};

const phaseOperation: Operation = {
  operationId: 'changePhase',
  summary: 'Collect intentions for an auction, or let them deal as they arrive',
  tag: 'market',
  access: 'operating',
  problems: ['UNKNOWN_INSTRUMENT', 'WRONG_PHASE', ...problemsOfShards],
  schema: { params: symbolParams, body: changePhaseSchema, response: { 200: instrument } },
};

const uncrossOperation: Operation = {
  operationId: 'uncross',
  summary: 'Run the auction of an instrument in its call phase',
  tag: 'market',
  access: 'operating',
  problems: ['INVALID_COMMAND', 'UNKNOWN_INSTRUMENT', 'WRONG_PHASE', ...problemsOfShards],
  schema: { params: symbolParams, response: { 200: { $ref: 'AuctionResult#' } } },
};
