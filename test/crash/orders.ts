/** Made-up commands: few prices and small quantities, so that most intentions deal and many deals are in parts. */
import type { PostIntention } from '../../src/client/index.js';
import type { Random } from '../support/random.js';

/** The last one holds call auctions. */
export const symbols = ['ACME', 'BOLT', 'CALL'] as const;
export const AUCTIONED = 'CALL';
export const participants = ['ann', 'bob', 'cat', 'dan', 'eve'] as const;

const MID_TICKS = 100;
const SPREAD_TICKS = 8;
const MOST_LOTS = 20;
const SHORTEST_MS = 50;
const LONGEST_MS = 3_000;
const DAY_MS = 86_400_000;

export function randomPrice(random: Random): string {
  return String(MID_TICKS - SPREAD_TICKS + random.below(2 * SPREAD_TICKS + 1));
}

export function randomQuantity(random: Random): string {
  return String(1 + random.below(MOST_LOTS));
}

/** `nowMs` is the server's time. */
export function randomPost(clientIntentionId: string, random: Random, nowMs: number): PostIntention {
  const terms = {
    clientIntentionId,
    participant: oneOf(participants, random),
    instrument: oneOf(symbols, random),
    side: random.chance(1, 2) ? 'buy' : 'sell',
    quantity: randomQuantity(random),
  } as const;
  const price = randomPrice(random);
  const kind = random.below(20);
  if (kind === 0) return { ...terms, type: 'market' };
  if (kind <= 2) return { ...terms, price, timeInForce: 'ioc' };
  if (kind === 3) return { ...terms, price, timeInForce: 'fok' };
  if (kind === 4) return { ...terms, price, postOnly: true };
  if (kind <= 8) return { ...terms, price, timeInForce: 'gtd', expiresAt: expiry(random, nowMs) };
  return { ...terms, price };
}

/** Most within seconds; some within days, for clocks that jump. */
function expiry(random: Random, nowMs: number): string {
  const soonMs = SHORTEST_MS + random.below(LONGEST_MS);
  return new Date(nowMs + soonMs + (random.chance(1, 4) ? DAY_MS : 0)).toISOString();
}

function oneOf<Value>(values: readonly Value[], random: Random): Value {
  return values[random.below(values.length)] as Value; // the index is below the length
}
