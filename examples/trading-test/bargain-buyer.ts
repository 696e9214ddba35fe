/** The program under test: buys up to a quantity of what is offered at a limit or better, and leaves nothing on the book. */
import type { ParleyClient } from 'parley-exchange/client';

export interface Bargain {
  /** Makes the ids of what it posts: the same bargain, begun again, posts the same intentions. */
  readonly name: string;
  readonly participant: string;
  readonly instrument: string;
  readonly limit: string;
  /** In whole lots of 1. */
  readonly quantity: number;
}

/** Resolves once it has all it wanted, to what it paid for it; or as soon as `signal` aborts. */
export async function buyBargains(parley: ParleyClient, bargain: Bargain, signal?: AbortSignal): Promise<number> {
  const { name, participant, instrument, limit, quantity } = bargain;
  let bought = 0;
  for (let tries = 1; bought < quantity && signal?.aborted !== true; tries++) {
    const { asks, position } = await parley.book(instrument, { depth: 1 });
    const best = asks[0];
    if (best === undefined || Number(best.price) > Number(limit)) {
      await somethingHappens(parley, position, signal);
      tries--;
      continue;
    }
    const { id } = await parley.postIntention({
      clientIntentionId: `${name}-${tries}`,
      ...{ participant, instrument, side: 'buy', price: limit, timeInForce: 'ioc' },
      quantity: String(quantity - bought),
    });
    bought += Number((await parley.intention(id)).filled);
  }
  const [position] = await parley.positions({ participant });
  return -Number(position?.cash ?? 0);
}

/** The book can only have changed if there are events behind the position that it was read at. */
async function somethingHappens(parley: ParleyClient, from: number, signal?: AbortSignal): Promise<void> {
  for await (const _event of parley.events({ from, type: 'IntentionPosted', signal })) return;
}
