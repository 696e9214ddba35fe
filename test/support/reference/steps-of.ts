import type { PostStep } from './steps.js';

let posts = 0;

/** A post in ACME, good till cancelled unless said otherwise; without a price it is a market one. Each has a client id of its own. */
export function post(
  participant: string,
  side: 'buy' | 'sell',
  priceTicks: number | undefined,
  lots: number,
  more: Partial<PostStep> = {},
): PostStep {
  const timeInForce = priceTicks === undefined ? 'ioc' : 'gtc';
  const terms = {
    clientId: `c-${++posts}`,
    participant,
    instrument: 'ACME',
    side,
    priceTicks,
    lots,
    timeInForce,
  } as const;
  return { kind: 'post', postOnly: false, expiresAtMs: 0, ...terms, ...more };
}
