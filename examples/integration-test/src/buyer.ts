/** The program under test: it buys, and tells of each fill once, whatever happens to the exchange or to the way to it. */
import type { ParleyClient } from 'parley-exchange/client';

export interface Order {
  /** Its own id for the order: posted under it again, it is the same order. */
  readonly clientIntentionId: string;
  readonly instrument: string;
  readonly price: string;
  readonly quantity: string;
}

export interface Fill {
  readonly price: string;
  readonly quantity: string;
}

/** Resolves once all of it is bought. */
export async function buy(parley: ParleyClient, order: Order, tell: (fill: Fill) => void): Promise<void> {
  const { id, position } = await parley.postIntention({ ...order, side: 'buy' });
  for await (const message of parley.ownStream({ from: position })) {
    if (!('id' in message) || message.id !== id) continue;
    if (message.type === 'dealt') tell({ price: message.price, quantity: message.quantity });
    if (message.status !== 'open') return;
  }
}
