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

/** A line of the blotter, the record as others can read it: an order as it stands, a fill, or in the end a position. */
export type BlotterEntry =
  | (OpenOrder & { readonly entry: 'order'; readonly status: string; readonly filled: string })
  | ({ readonly entry: 'fill'; readonly deal: string; readonly order: string } & Fill)
  | { readonly entry: 'position'; instrument: string; bought: string; sold: string; cash: string };

interface Fill {
  readonly instrument: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
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

  constructor(
    account: Account,
    /** Called with each change of the record. */
    private readonly note: (entry: BlotterEntry) => void,
  ) {
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
    const { id, clientIntentionId, instrument, side, status, open, filled } = message;
    const order = { id, clientIntentionId, instrument, side, price: this.priceAfter(message), open };
    if (status === 'open') this.orders.set(id, order);
    else this.orders.delete(id);
    this.note({ entry: 'order', ...order, status, filled });
  }

  notePositions(): void {
    for (const [instrument, { bought, sold, cash }] of this.holdings) {
      const texts = { bought: textOf(bought), sold: textOf(sold), cash: textOf(cash) };
      this.note({ entry: 'position', instrument, ...texts });
    }
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

  private fill({ id, deal, instrument, side, price, quantity }: Extract<OwnMessage, { type: 'dealt' }>): void {
    this.note({ entry: 'fill', deal, order: id, instrument, side, price, quantity });
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
