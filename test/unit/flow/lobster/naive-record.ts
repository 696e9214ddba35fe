import fc from 'fast-check';
import type { FlowSide } from '../../../../src/flow/script/flow-line.js';

/** A row of a LOBSTER message file, as data. */
export interface Row {
  readonly type: 1 | 2 | 3 | 4;
  readonly id: number;
  readonly size: number;
  readonly price: number;
  readonly side: FlowSide;
}

/** What somebody does next. Orders are picked by an index, of those that are open. */
export interface Act {
  readonly kind: 'arrive' | 'reduce' | 'delete';
  readonly side: FlowSide;
  /** Ticks from the middle: the lower, the less a buyer pays. */
  readonly offset: number;
  readonly size: number;
  readonly pick: number;
}

export const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom('arrive' as const, 'arrive' as const, 'arrive' as const, 'reduce' as const, 'delete' as const),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  offset: fc.integer({ min: -4, max: 4 }),
  size: fc.integer({ min: 1, max: 20 }),
  pick: fc.nat(1_000),
});

export interface Order extends Row {
  left: number;
}

const MIDDLE = 1_000_000;
export const TICK = 100;

/** A venue of the plainest kind: a list of orders, searched from end to end. What it records of itself is a LOBSTER message file. */
export class NaiveVenue {
  readonly rows: Row[] = [];
  /** Those that were open before each row. */
  readonly openBefore: (readonly Order[])[] = [];
  readonly orders: Order[] = [];
  private nextId = 1;

  do({ kind, side, offset, size, pick }: Act): void {
    if (kind === 'arrive') return this.arrive(side, MIDDLE + offset * TICK, size);
    const order = this.orders[pick % Math.max(1, this.orders.length)];
    if (order === undefined) return;
    const isWhole = kind === 'delete' || size >= order.left;
    const by = isWhole ? order.left : size;
    this.record({ ...order, type: isWhole ? 3 : 2, size: by });
    this.shrink(order, by);
  }

  /** The first one of the other side, best price first, oldest first. */
  first(side: FlowSide): Order | undefined {
    const others = this.orders.filter((order) => order.side !== side);
    const sign = side === 'buy' ? 1 : -1;
    return others.reduce<Order | undefined>(
      (best, order) => (best === undefined || sign * order.price < sign * best.price ? order : best),
      undefined,
    );
  }

  /** What it deals is recorded first, order by order; then what is left of it. */
  private arrive(side: FlowSide, price: number, size: number): void {
    let left = size;
    for (let maker = this.first(side); maker !== undefined && left > 0; maker = this.first(side)) {
      if (side === 'buy' ? maker.price > price : maker.price < price) break;
      const dealt = Math.min(left, maker.left);
      this.record({ ...maker, type: 4, size: dealt });
      this.shrink(maker, dealt);
      left -= dealt;
    }
    if (left === 0) return;
    const row: Row = { type: 1, id: this.nextId++, size: left, price, side };
    this.record(row);
    this.orders.push({ ...row, left });
  }

  private record({ type, id, size, price, side }: Row): void {
    this.openBefore.push(this.orders.map((order) => ({ ...order })));
    this.rows.push({ type, id, size, price, side });
  }

  private shrink(order: Order, by: number): void {
    order.left -= by;
    if (order.left === 0) this.orders.splice(this.orders.indexOf(order), 1);
  }
}

/** A record that a naive venue made. */
export function recordOf(acts: readonly Act[]): NaiveVenue {
  const venue = new NaiveVenue();
  for (const each of acts) venue.do(each);
  return venue;
}

/** The text of a message file. */
export function textOf(rows: readonly Row[]): string {
  const lines = rows.map(({ type, id, size, price, side }, index) =>
    [34_200 + index / 1_000, type, id, size, price, side === 'buy' ? 1 : -1].join(','),
  );
  return `${lines.join('\n')}\n`;
}
