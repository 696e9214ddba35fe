/** The made-up market: two instruments a shard, and what is asked of them. */
import { shardOfSymbol } from '../../src/cluster/shard-of.js';
import type { PostIntention } from '../../src/client/index.js';
import type { Random } from '../support/random.js';
import { participants, randomPost } from '../crash/orders.js';

const A_SHARD = 2;
/** Some intentions expire while faults strike the cluster. */
const SOON_MS = 20_000;
const EXPIRIES_MS = 40_000;
/** Far from where the others deal, so that they stand until they are withdrawn. */
const STANDING = { buy: '10', sell: '500' } as const;
const STANDING_QUANTITY = '100000';

export function symbolsOf(shards: number): readonly string[] {
  const symbols: string[] = [];
  for (let shard = 0; shard < shards; shard++) {
    const all = Array.from({ length: 1_000 }, (_, number) => `INS${number}`);
    symbols.push(...all.filter((symbol) => shardOfSymbol(symbol, shards) === shard).slice(0, A_SHARD));
  }
  return symbols;
}

/**
 * A post that no state of the book refuses, whichever member has the shard: a refusal then says that it was not carried out. It may expire
 * after `expiresAfterMs` at the earliest; carried out later than that it would be refused.
 */
export function anyPost(
  clientIntentionId: string,
  symbols: readonly string[],
  random: Random,
  expiresAfterMs = SOON_MS,
): PostIntention {
  const { postOnly: _never, ...post } = randomPost(clientIntentionId, random, Date.now());
  const expiresAt = new Date(Date.now() + expiresAfterMs + random.below(EXPIRIES_MS)).toISOString();
  return { ...post, instrument: oneOf(symbols, random), ...(post.timeInForce === 'gtd' ? { expiresAt } : {}) };
}

/** One that stands, to be made smaller and withdrawn. */
export function standingPost(clientIntentionId: string, symbols: readonly string[], random: Random): PostIntention {
  const side = random.chance(1, 2) ? 'buy' : 'sell';
  const terms = { clientIntentionId, participant: oneOf(participants, random), instrument: oneOf(symbols, random) };
  return { ...terms, side, price: STANDING[side], quantity: STANDING_QUANTITY };
}

export function oneOf<Value>(values: readonly Value[], random: Random): Value {
  return values[random.below(values.length)] as Value; // the index is below the length, which is not 0
}
