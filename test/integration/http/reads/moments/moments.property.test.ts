import type { FastifyInstance } from 'fastify';
import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { deskOf, FedQueries } from '../../../../support/http/fed-queries.js';
import { stoppedExchange } from '../../../../support/http/stopped-exchange.js';
import { History } from '../../../../support/history/history.js';
import { NaiveMarket } from '../../../../support/history/naive-market.js';
import { cutBatches, logOfBatches } from '../../../../support/history/cut-log.js';
import { PATIENCE_MS } from '../../../../support/patience.js';
import { runs } from '../../../../support/property/runs.js';
import { buildApp } from '../../../../../src/server/app.js';
import { openKeyring } from '../../../../../src/server/keys/keys.js';
import type { EventBatch } from '../../../../../src/events/fold.js';

const wild = { crash: 0.02, decline: 0.1, auction: 0.03 };
const NAMES = ['alice', 'bob', 'carol', 'dave', 'nobody'];
const SYMBOLS = ['S0', 'S1', 'S2', 'S9'];

/** Evenly: doubles would nearly always be next to 0. */
const share = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);
const cases = fc.record({
  seed: fc.nat(),
  length: fc.integer({ min: 10, max: 400 }),
  cut: share,
  who: fc.constantFrom(...NAMES),
  symbol: fc.constantFrom(...SYMBOLS),
  limit: fc.integer({ min: 1, max: 30 }),
  some: share,
});

/** A server of a log that nobody writes any more, so that all of it is shown by its query store. */
async function serverOf(batches: readonly EventBatch[]): Promise<{ app: FastifyInstance; end: () => Promise<void> }> {
  const log = logOfBatches(batches);
  const head = await log.head();
  const store = new FedQueries(log);
  const app = buildApp({
    exchange: stoppedExchange(head),
    stores: deskOf(new Map([[0, store]])),
    logs: [log],
    keys: openKeyring,
    logger: pino({ level: 'silent' }),
    catchUpMs: PATIENCE_MS,
  });
  return {
    app,
    end: async () => {
      store.end();
      await app.close();
    },
  };
}

interface Told {
  readonly status: number;
  readonly body: unknown;
}

/** What a server that has stopped says beside its books. */
function withoutStop(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { state, reason: _reason, ...rest } = body as { state?: unknown; reason?: unknown };
  return state === 'stopped' ? rest : body;
}

async function get(app: FastifyInstance, url: string, accept = 'application/json'): Promise<Told> {
  const answer = await app.inject({ method: 'GET', url, headers: { accept } });
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, body: isJson ? withoutStop(answer.json()) : answer.body };
}

/** Every read that can be asked of a moment, about the things of a case. */
function urlsOf({
  who,
  symbol,
  limit,
  id,
  deal,
  after,
}: Record<'who' | 'symbol' | 'id' | 'deal', string> & { limit: number; after: number }): string[] {
  return [
    `/v1/book/${symbol}?depth=${limit}`,
    `/v1/trades/${symbol}?limit=${limit}`,
    `/v1/trades/${symbol}?after=${after}&limit=${limit}`,
    `/v1/ticker/${symbol}?`,
    `/v1/tickers?limit=2`,
    `/v1/tickers?after=S0&limit=${limit}`,
    `/v1/candles/${symbol}?interval=1m&limit=${limit}`,
    `/v1/candles/${symbol}?interval=1d&from=2023-11-14T00:00:00Z`,
    `/v1/deals?limit=${limit}`,
    `/v1/deals?after=${after}&limit=${limit}&participant=${who}`,
    `/v1/deals?instrument=${symbol}&before=${after}`,
    `/v1/deals?intention=${id}`,
    `/v1/deals/${deal}?`,
    `/v1/positions?limit=${limit}`,
    `/v1/positions?participant=${who}`,
    `/v1/intentions?limit=${limit}`,
    `/v1/intentions?after=${Number(id)}&limit=${limit}&participant=${who}`,
    `/v1/intentions?status=open&limit=${limit}&instrument=${symbol}`,
    `/v1/intentions?status=filled&limit=${limit}&side=buy`,
    `/v1/intentions?status=withdrawn&participant=${who}&limit=${limit}`,
    `/v1/intentions?clientIntentionId=c-${id}&participant=${who}`,
    `/v1/intentions/${id}?`,
    `/v1/intentions/${id}/why?`,
    `/v1/intentions/${id}/chart?`,
    `/v1/deals/${deal}/chart?`,
    `/v1/account?participant=${who}&after=${after}`,
    `/v1/doubts?`,
  ];
}

describe('a read of a past moment', () => {
  it('A read of a past moment is answered as it was when the log ended there, whatever has happened since', async () => {
    const property = fc.asyncProperty(cases, async ({ seed, length, cut, who, symbol, limit, some }) => {
      const history = new History();
      new NaiveMarket(history, seed, wild).run(length);
      const batches = history.batches();
      const position = Math.floor(cut * history.head);
      const deals = history.events.filter((event) => event.type === 'ProposalMade');
      const proposal = deals[Math.floor(some * (deals.length - 1))];
      const deal = proposal === undefined ? '1-1' : `${proposal.intentionId}-${proposal.dealNumber}`;
      const posts = history.events.filter((event) => event.type === 'IntentionPosted').length;
      const id = String(1 + Math.floor(some * posts));
      const after = Math.floor(some * history.head);
      const now = await serverOf(batches);
      const then = await serverOf(cutBatches(batches, position));
      const atMs = history.events
        .slice(0, position)
        .reduce((latest, event) => ('atMs' in event ? event.atMs : latest), 0);
      const clock = vi.spyOn(Date, 'now').mockReturnValue(atMs);
      try {
        for (const url of urlsOf({ who, symbol, limit, id, deal, after })) {
          const past = await get(now.app, `${url}&at=${position}`.replace('?&', '?'));
          const present = await get(then.app, url);
          expect([url, past]).toEqual([url, present]);
        }
      } finally {
        clock.mockRestore();
        await now.end();
        await then.end();
      }
    });
    await fc.assert(property, runs(15));
  });
});
