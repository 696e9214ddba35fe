/**
 * Lies that something between the clients and the server tells, each of which the checker must find. They stand for faults of an
 * exchange, and need nothing of it.
 */
import type { Json, Reply } from './checker/history.js';
import type { WireRequest } from './clients/requests.js';

export interface HistoryMutant {
  readonly says: string;
  /** A fresh one for each run. */
  readonly make: () => Liar;
}

export interface Liar {
  /** An answer in the server's stead, which then never hears of the request. */
  readonly instead?: (request: WireRequest) => Reply | undefined;
  /** What the client receives in place of the server's answer; undefined for the truth. */
  readonly distort?: (request: WireRequest, reply: Reply) => Reply | undefined;
}

/** It lies each time that it could have so often: never at first, and not so often that nothing else can be seen. */
const EACH = 12;

/** True for one call in so many. */
function now(): () => boolean {
  let calls = 0;
  return () => ++calls % EACH === 0;
}

function rowsIn(body: Json, name: string): readonly Json[] {
  const rows = body[name];
  return Array.isArray(rows) ? (rows as readonly Json[]) : []; // rows of a list are objects
}

const isGet = ({ method, path }: WireRequest, start: string): boolean => method === 'GET' && path.startsWith(start);
const isPost = ({ method, path }: WireRequest): boolean => method === 'POST' && path === '/v1/intentions';

export const historyMutants = {
  'dirty-read': {
    says: 'a book shows an intention that is never acknowledged',
    make: () =>
      distortSome('/v1/book/', (body) => {
        const [best, ...rest] = rowsIn(body, 'bids');
        return best && { ...body, bids: [{ ...best, intentions: Number(best.intentions) + 1 }, ...rest] };
      }),
  },
  'stale-read': { says: 'positions are answered as they were before', make: stale },
  'double-count': {
    says: 'what was bought counts twice',
    make: () =>
      distortSome('/v1/positions', (body) => {
        const [first, ...rest] = rowsIn(body, 'positions');
        const bought = String(first?.bought);
        return first && Number(bought) > 0
          ? { ...body, positions: [{ ...first, bought: doubled(bought) }, ...rest] }
          : undefined;
      }),
  },
  'late-rows': { says: 'positions carry an earlier position than they stand at', make: late },
  'lost-deal': {
    says: 'a list of deals leaves one out',
    make: () =>
      distortSome('/v1/deals', (body) => {
        const deals = rowsIn(body, 'deals');
        const middle = deals.length >> 1;
        return deals.length < 3 ? undefined : { ...body, deals: deals.filter((_deal, index) => index !== middle) };
      }),
  },
  'lost-ack': { says: 'a post is acknowledged, and the server never hears of it', make: swallow },
  'order-swap': { says: 'a post is answered the position of one that was answered before it was asked', make: swap },
} as const satisfies Readonly<Record<string, HistoryMutant>>;

export type HistoryMutantName = keyof typeof historyMutants;
export const historyMutantNames = Object.keys(historyMutants) as HistoryMutantName[]; // its keys are its names

function doubled(decimal: string): string {
  const [, fraction = ''] = decimal.split('.');
  return (2 * Number(decimal)).toFixed(fraction.length);
}

function distortSome(start: string, change: (body: Json) => Json | undefined): Liar {
  const isTime = now();
  return {
    distort: (request, { status, body }) => {
      if (status !== 200 || !isGet(request, start)) return undefined;
      const changed = change(body);
      return changed !== undefined && isTime() ? { status, body: changed } : undefined;
    },
  };
}

function stale(): Liar {
  const isTime = now();
  const before = new Map<string, Reply>();
  return {
    distort: (request, reply) => {
      if (reply.status !== 200 || !isGet(request, '/v1/positions')) return undefined;
      const old = before.get(request.path);
      if (isTime()) return old;
      before.set(request.path, old ?? reply);
      return undefined;
    },
  };
}

function late(): Liar {
  const isTime = now();
  const before = new Map<string, Reply>();
  return {
    distort: (request, reply) => {
      if (reply.status !== 200 || !isGet(request, '/v1/positions')) return undefined;
      const old = before.get(request.path);
      before.set(request.path, reply);
      if (old === undefined || !isTime()) return undefined;
      return { status: 200, body: { ...reply.body, position: old.body.position } };
    },
  };
}

function swallow(): Liar {
  const isTime = now();
  let last: Reply | undefined;
  return {
    distort: (request, reply) => {
      if (isPost(request) && reply.status === 201) last = reply;
      return undefined;
    },
    instead: (request) => {
      if (!isPost(request) || last === undefined || !isTime()) return undefined;
      const { id, position } = last.body;
      const made = { type: 'limit', timeInForce: 'gtc', postOnly: false, ...request.body };
      return { status: 201, body: { ...made, id: String(Number(id) + 1), position: Number(position) + 1 } };
    },
  };
}

function swap(): Liar {
  const isTime = now();
  let last: Reply | undefined;
  return {
    distort: (request, reply) => {
      if (!isPost(request) || reply.status !== 201) return undefined;
      const old = last;
      last = reply;
      if (old === undefined || !isTime() || old.body.clientIntentionId === reply.body.clientIntentionId)
        return undefined;
      return { status: 201, body: { ...reply.body, id: old.body.id, position: old.body.position } };
    },
  };
}
