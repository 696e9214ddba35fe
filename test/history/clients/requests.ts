/** Turns an operation into its HTTP request. */
import type { Ask } from '../checker/history.js';

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
}

export function requestFor(ask: Ask): WireRequest {
  switch (ask.kind) {
    case 'post':
      return { method: 'POST', path: '/v1/intentions', body: ask.body };
    case 'withdraw':
      return { method: 'DELETE', path: `/v1/intentions/${ask.id}` };
    case 'reduce':
      return { method: 'PATCH', path: `/v1/intentions/${ask.id}`, body: { reduceBy: ask.by } };
    case 'replace':
      return { method: 'PATCH', path: `/v1/intentions/${ask.id}`, body: { price: ask.price, quantity: ask.quantity } };
    case 'list':
      return { method: 'PUT', path: `/v1/instruments/${ask.symbol}`, body: ask.body };
    case 'phase':
      return { method: 'POST', path: `/v1/instruments/${ask.symbol}/phase`, body: { phase: ask.phase } };
    case 'uncross':
      return { method: 'POST', path: `/v1/instruments/${ask.symbol}/uncross` };
    case 'book':
      return { method: 'GET', path: `/v1/book/${ask.symbol}?depth=${ask.depth}` };
    case 'instruments':
      return { method: 'GET', path: '/v1/instruments' };
    case 'instrument':
      return { method: 'GET', path: `/v1/instruments/${ask.symbol}` };
    case 'intention':
      return { method: 'GET', path: `/v1/intentions/${ask.id}` };
    case 'intentions':
      return { method: 'GET', path: `/v1/intentions${queryString(ask.query)}` };
    case 'deals':
      return { method: 'GET', path: `/v1/deals${queryString(ask.query)}` };
    case 'positions': {
      const { participant, limit } = ask;
      return { method: 'GET', path: `/v1/positions${queryString({ participant, limit })}` };
    }
    case 'events':
      return { method: 'GET', path: `/v1/events?from=${ask.from}` };
  }
}

function queryString(terms: object): string {
  const text = new URLSearchParams();
  for (const [name, value] of Object.entries(terms)) if (value !== undefined) text.set(name, String(value));
  return `?${text.toString()}`;
}
