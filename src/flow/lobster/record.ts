import { MAX_LOTS, MAX_TICKS } from '../../exchange/commands.js';
import type { StepCommand, FlowStep } from '../step.js';
import { FlowError, type FlowPlace } from '../flow-error.js';
import type { LobsterRow, OrderRow } from './lobster-row.js';
import { type Hit, opposite, RecordBook, type RecordedOrder } from './record-book.js';

/** Why a row asks nothing of the exchange. */
export const skipReasons = {
  hidden: 'an execution of a hidden order (type 5), which no message posts',
  cross: 'a cross (type 6), which names no orders',
  halt: 'a message about halts (type 7) that changes nothing',
  notPosted: 'an execution of an order from before the file begins',
  halted: 'an execution during a halt, which the auction at its end makes: only what is left of the order is kept',
  inDoubt: 'a row that does not go with an earlier mismatch of its order: counted once, there',
} as const;

export type SkipReason = keyof typeof skipReasons;

/** How many rows were skipped, by reason. */
export type SkippedRows = Record<SkipReason, number>;

/** A count of nothing skipped yet. */
export function noRowsSkipped(): SkippedRows {
  return { hidden: 0, cross: 0, halt: 0, notPosted: 0, halted: 0, inDoubt: 0 };
}

/** Orders that are kept in mind, at most: open at the same time, and in all. */
const MAX_OPEN_ORDERS = 4_000_000;
const MAX_ORDERS = 16_000_000;

/**
 * A record of orders and executions that is played into an exchange of price-time priority and judged by it: which steps each row means.
 * After a mismatch the exchange's book is brought to what the record says, so that later rows are judged by themselves.
 *
 * 1. Between two rows the exchange holds of each order what the record says is left of it, in the record's order, but for those that are aside.
 * 2. Orders that had a part in a mismatch are in doubt, permanently: what does not go with the record and is explained by one of them is no
 *    mismatch again. One that is in another's way is put aside; it comes back when the record says that it is executed.
 * 3. An order that the record leaves standing across the book, where it would deal, is aside until it no longer would.
 */
export class LobsterRecord {
  readonly #book = new RecordBook();
  /** Orders that were posted and of which nothing is left; those that are in doubt as well. */
  readonly #gone = new Set<number>();
  readonly #goneInDoubt = new Set<number>();
  /** Those that are aside because they would deal. */
  readonly #crossing = new Set<RecordedOrder>();
  #isHalted = false;
  #steps: FlowStep[] = [];
  #line = 0;

  constructor(private readonly skipped: SkippedRows) {}

  /** The steps that a row means, in order; none for one that is skipped, which is counted. */
  apply(row: LobsterRow, where: FlowPlace): readonly FlowStep[] {
    this.#steps = [];
    this.#line = where.line ?? 0;
    this.#follow(row, where);
    for (const order of this.#crossing) this.#bringBack(order);
    return this.#steps;
  }

  #follow(row: LobsterRow, where: FlowPlace): void {
    switch (row.kind) {
      case 'post':
        return this.#post(row, where);
      case 'execute':
        return this.#execute(row);
      case 'reduce':
        return this.#shrink(row.orderId, row.size, { kind: 'reduce', id: String(row.orderId), quantity: row.size });
      case 'withdraw':
        return this.#shrink(row.orderId, undefined, { kind: 'withdraw', id: String(row.orderId) });
      case 'halt':
        return this.#halt(row.state);
      default:
        this.skipped[row.kind] += 1;
    }
  }

  #post(row: OrderRow, where: FlowPlace): void {
    const { orderId: id, side, price, size } = row;
    const before = this.#book.order(id);
    if (before?.isDoubtful === true) return this.#skip('inDoubt');
    if (before !== undefined) {
      before.isDoubtful = true;
      return this.#judge(postOf(row)); // the exchange refuses an id that is in use
    }
    this.#bound(where);
    this.#gone.delete(id);
    this.#clear(row);
    const hits = this.#hits(row);
    this.#judge(postOf(row));
    const stands = hits.length === 0 && isCountable(row);
    const held = stands ? size : 0;
    const order = { id, side, price, line: this.#line, left: size, held, isAside: !stands, isDoubtful: !stands };
    this.#book.add(order);
    if (stands) return;
    const dealt = hits.reduce((sum, hit) => sum + hit.size, 0);
    if (dealt < size && isCountable(row)) this.#mend({ kind: 'withdraw', id: String(id) });
    if (hits.length > 0) this.#crossing.add(order);
    this.#putBack(hits);
  }

  #execute(row: OrderRow): void {
    const { orderId: id, size, price } = row;
    const order = this.#book.order(id);
    if (order === undefined && !this.#gone.has(id)) return this.#skip('notPosted');
    if (this.#isHalted) {
      this.#skip('halted');
      return this.#take(order, size);
    }
    if (order?.isAside === true) this.#bringBack(order);
    const arriving = { ...row, side: opposite(row.side) };
    this.#clear(arriving, order);
    const hits = this.#hits(arriving);
    const [first] = hits;
    const isAsRecorded = first !== undefined && first.order === order && first.size === size && order.price === price;
    if (!isAsRecorded && this.#isDoubtful(id)) {
      this.#skip('inDoubt');
      return this.#take(order, size);
    }
    const taker = `x${this.#line}`;
    const execution = { taker, maker: String(id), price, quantity: size };
    this.#judge({ ...postOf(arriving), id: taker, timeInForce: 'ioc' }, { execution });
    for (const hit of hits) hit.order.held -= hit.size;
    if (!isAsRecorded) this.#doubt(id);
    this.#take(order, size);
    if (!isAsRecorded) this.#settle(hits);
  }

  /** By a size, or by all that is left. */
  #shrink(id: number, size: number | undefined, command: StepCommand): void {
    const order = this.#book.order(id);
    if (order === undefined && !this.#gone.has(id)) return this.#judge(command, { mayBeUnknown: true });
    const by = size ?? order?.left ?? 0;
    const isPossible = order !== undefined && by <= order.left;
    if (order?.isAside === true || (!isPossible && this.#isDoubtful(id))) {
      this.#skip('inDoubt');
      return this.#take(order, by);
    }
    this.#judge(command);
    if (isPossible) order.held -= by;
    else this.#doubt(id); // the exchange refuses it
    this.#take(order, by);
  }

  /** While trading is halted orders are collected. A book that is crossed at the end is a mismatch; the younger ones that cross are aside then. */
  #halt(state: 'halted' | 'quoting' | 'trading'): void {
    const isHalted = state === 'quoting' ? this.#isHalted : state === 'halted';
    if (isHalted === this.#isHalted) return this.#skip('halt');
    this.#isHalted = isHalted;
    if (isHalted) return this.#judge({ kind: 'phase', phase: 'call' });
    const goOn: StepCommand = { kind: 'phase', phase: 'continuous' };
    this.#judge(goOn);
    const crossing = this.#putCrossingAside();
    if (crossing) this.#mend(goOn);
  }

  #putCrossingAside(): boolean {
    for (let found = false; ; found = true) {
      const [bid, ask] = [this.#book.best('buy'), this.#book.best('sell')];
      if (bid === undefined || ask === undefined || bid.price < ask.price) return found;
      bid.isDoubtful = true;
      ask.isDoubtful = true;
      const younger = bid.line > ask.line ? bid : ask;
      this.#putAside(younger);
      this.#crossing.add(younger);
    }
  }

  /** Puts aside who is in doubt and in the way of an arrival, but for the one that it is about. */
  #clear(arriving: OrderRow, about?: RecordedOrder): void {
    for (;;) {
      const doubtful = this.#hits(arriving).filter(({ order }) => order.isDoubtful && order !== about);
      if (doubtful.length === 0) return;
      for (const { order } of doubtful) this.#putAside(order);
    }
  }

  /** What the exchange would deal at once. */
  #hits(arriving: OrderRow): Hit[] {
    if (this.#isHalted || !isCountable(arriving)) return [];
    return this.#book.hits(arriving.side, arriving.price, arriving.size);
  }

  /** What the exchange dealt against the record is put back. */
  #putBack(hits: readonly Hit[]): void {
    for (const { order, size } of hits) order.held -= size;
    this.#settle(hits);
  }

  #settle(hits: readonly Hit[]): void {
    const queues = new Set(hits.map(({ order }) => this.#book.queueOf(order)));
    for (const { order } of hits) order.isDoubtful = true;
    for (const queue of queues) this.#mendQueue([...queue.values()]);
  }

  /** Brings a queue of the exchange to the record's: from the first order on of which too little stands, all are queued again. */
  #mendQueue(queue: readonly RecordedOrder[]): void {
    let isAgain = false;
    for (const order of queue) {
      const { id, side, price, left: quantity, held, isAside } = order;
      isAgain ||= held < quantity && !isAside;
      if (isAside || !isAgain) continue;
      if (held > 0) this.#mend({ kind: 'replace', id: String(id), price, quantity });
      else this.#mend({ kind: 'post', id: String(id), side, price, quantity });
      order.held = quantity;
    }
  }

  /** The record takes so much of an order away; what the exchange holds beyond that goes as well. */
  #take(order: RecordedOrder | undefined, size: number): void {
    if (order === undefined) return;
    const id = String(order.id);
    order.left = Math.max(0, order.left - size);
    const surplus = order.held - order.left;
    if (surplus > 0) {
      if (order.left === 0) this.#mend({ kind: 'withdraw', id });
      else this.#mend({ kind: 'reduce', id, quantity: surplus });
      order.held = order.left;
    }
    if (order.left > 0) return;
    this.#book.remove(order);
    this.#crossing.delete(order);
    this.#gone.add(order.id);
    if (order.isDoubtful) this.#goneInDoubt.add(order.id);
  }

  #putAside(order: RecordedOrder): void {
    if (order.held > 0) this.#mend({ kind: 'withdraw', id: String(order.id) });
    order.held = 0;
    order.isAside = true;
  }

  /** In its place, where it would not deal. */
  #bringBack(order: RecordedOrder): void {
    const { side, price, left } = order;
    if (!isCountable({ price, size: left }) || this.#book.hits(side, price, left).length > 0) return;
    order.isAside = false;
    this.#crossing.delete(order);
    this.#mendQueue([...this.#book.queueOf(order).values()]);
  }

  #doubt(id: number): void {
    const order = this.#book.order(id);
    if (order === undefined) this.#goneInDoubt.add(id);
    else order.isDoubtful = true;
  }

  #isDoubtful(id: number): boolean {
    return this.#book.order(id)?.isDoubtful ?? this.#goneInDoubt.has(id);
  }

  #skip(reason: SkipReason): void {
    this.skipped[reason] += 1;
  }

  #judge(command: StepCommand, also: Partial<FlowStep> = {}): void {
    this.#steps.push({ ...stepOf(this.#line, command), ...also });
  }

  #mend(command: StepCommand): void {
    this.#steps.push({ ...stepOf(this.#line, command), isRepair: true });
  }

  #bound(where: FlowPlace): void {
    const open = this.#book.size;
    if (open < MAX_OPEN_ORDERS && open + this.#gone.size < MAX_ORDERS) return;
    const most = open < MAX_OPEN_ORDERS ? `${MAX_ORDERS} orders` : `${MAX_OPEN_ORDERS} orders are open at once`;
    throw new FlowError('FLOW_TOO_MUCH_STATE', where, `more than ${most}`);
  }
}

/** What a row, or the beginning of the file, means. */
export function stepOf(lineNumber: number, command: StepCommand): FlowStep {
  return { lineNumber, command, expectations: [], dealsStated: true, mayBeUnknown: false };
}

function postOf({ orderId, side, price, size: quantity }: OrderRow): StepCommand & { kind: 'post' } {
  return { kind: 'post', id: String(orderId), side, price, quantity };
}

/** Whether the exchange counts so far. */
function isCountable({ price, size }: { readonly price: number; readonly size: number }): boolean {
  return price <= MAX_TICKS && size <= MAX_LOTS;
}
