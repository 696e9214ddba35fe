import { type Account, type OwnMessage, type ParleyClient } from 'parley-exchange/client';
import { product, textOf, unitsOf } from './decimals.js';

/** What a program holds of one instrument through its deals. */
interface Holding {
  bought: bigint;
  sold: bigint;
  cash: bigint;
}

/** An order that may still deal. */
export interface OpenOrder {
  readonly id: string;
  readonly clientIntentionId: string;
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  /** Its limit. */
  readonly price: string | undefined;
  readonly open: string;
}

/**
 * A program’s own record of its orders, fills and positions. It begins with the account, and goes on with the own stream: whatever
 * happens to the program, the network or the exchange, neither leaves a fill out nor tells one twice.
 */
export class TradingRecord {
  readonly orders = new Map<string, OpenOrder>();
  /** Ids of the deals. */
  readonly deals = new Set<string>();
  /** It knows of all events before this log position. */
  position = 0;
  private readonly holdings = new Map<string, Holding>();

  constructor(account: Account) {
    for (const { instrument, bought, sold, cash } of account.positions) {
      this.holdings.set(instrument, { bought: unitsOf(bought), sold: unitsOf(sold), cash: unitsOf(cash) });
    }
    for (const { id, clientIntentionId, instrument, side, price, open } of account.intentions) {
      this.orders.set(id, { id, clientIntentionId, instrument, side, price, open });
    }
    this.position = account.position ?? 0;
  }

  apply(message: OwnMessage): void {
    this.position = message.type === 'upTo' ? message.position : message.position + 1;
    if (!('id' in message)) return;
    if (message.type === 'dealt') this.fill(message);
    const { id, clientIntentionId, instrument, side, status, open } = message;
    if (status === 'open')
      this.orders.set(id, { id, clientIntentionId, instrument, side, price: this.priceAfter(message), open });
    else this.orders.delete(id);
  }

  /** Bought minus sold. */
  net(instrument: string): string {
    const { bought = 0n, sold = 0n } = this.holdings.get(instrument) ?? {};
    return textOf(bought - sold);
  }

  /** What differs from the exchange’s ledger; nothing where they are equal to the last lot. */
  async differences(client: ParleyClient, participant: string): Promise<string[]> {
    const ledger = new Map(
      (await client.positions({ participant, limit: 1_000 })).map((each) => [each.instrument, each]),
    );
    const found: string[] = [];
    for (const instrument of new Set([...this.holdings.keys(), ...ledger.keys()])) {
      const { bought = 0n, sold = 0n, cash = 0n } = this.holdings.get(instrument) ?? {};
      const theirs = ledger.get(instrument);
      const own = { bought, sold, cash };
      for (const field of ['bought', 'sold', 'cash'] as const) {
        const stated = unitsOf(theirs?.[field] ?? '0');
        if (own[field] !== stated)
          found.push(`${instrument}: ${field} ${textOf(own[field])}, in the ledger ${textOf(stated)}`);
      }
    }
    return found;
  }

  /** The limit of an order after what has happened to it. */
  private priceAfter(message: Extract<OwnMessage, { id: string }>): string | undefined {
    if (message.type === 'posted') return message.intention.price;
    return message.type === 'amended' ? message.price : this.orders.get(message.id)?.price;
  }

  private fill({ deal, instrument, side, price, quantity }: Extract<OwnMessage, { type: 'dealt' }>): void {
    const holding = this.holdings.get(instrument) ?? { bought: 0n, sold: 0n, cash: 0n };
    this.holdings.set(instrument, holding);
    this.deals.add(deal);
    const paid = product(price, quantity);
    if (side === 'buy') {
      holding.bought += unitsOf(quantity);
      holding.cash -= paid;
    } else {
      holding.sold += unitsOf(quantity);
      holding.cash += paid;
    }
  }
}
