import { Unexpected } from '../script/fields.js';
import { FlowError, type FlowPlace, quoted } from '../flow-error.js';
import type { FlowSide } from '../script/flow-line.js';

/** A row about a visible order at a price. */
export interface OrderRow {
  readonly orderId: number;
  readonly size: number;
  /** Dollars × 10,000. */
  readonly price: number;
  /** That of the order in the book, also where it is executed. */
  readonly side: FlowSide;
}

/** A row of a LOBSTER message file. */
export type LobsterRow =
  | (OrderRow & { readonly kind: 'post' | 'execute' })
  | { readonly kind: 'reduce'; readonly orderId: number; readonly size: number }
  | { readonly kind: 'withdraw'; readonly orderId: number }
  | { readonly kind: 'hidden' | 'cross' }
  /** Trading is halted, quotes may be entered again, trading goes on. */
  | { readonly kind: 'halt'; readonly state: 'halted' | 'quoting' | 'trading' };

/** The types of messages by their numbers: what the venue says with each, and what a flow makes of it. */
export const lobsterTypes = {
  1: ['a new limit order', 'a `post`, which must make no deal'],
  2: ['an order is cancelled in part', 'a `reduce`'],
  3: ['an order is deleted', 'a `withdraw`'],
  4: [
    'a visible order is executed',
    'an `ioc` post of the other side, of that size at that price, under the id `x` and the number of the line; it must make one deal, with that ' +
      'order, at that price and of that size',
  ],
  5: ['a hidden order is executed', 'skipped: no message posts a hidden order, and the visible ones do not change'],
  6: ['a cross', 'skipped: it names no orders'],
  7: [
    'trading is halted (price -1), quotes may be entered again (0), trading goes on (1)',
    'a halt is a `phase call`, in which orders may cross; where trading goes on, `phase continuous`, which must be taken',
  ],
} as const;

const TIME = /^\d{1,6}(?:\.\d{1,12})?$/;
const INTEGER = /^(?:0|-?[1-9]\d{0,15})$/;
const HEADER = /^time,/i;

/** True for a line that can only be a message, or the header that some tools put above them. */
export function looksLikeLobster(line: string): boolean {
  return HEADER.test(line) || /^\d+(?:\.\d+)?,\d+,/.test(line);
}

/**
 * Reads one row; undefined for a blank line, and for a header in line 1. A seventh column, in which some files name the
 * market participant, is ignored. Throws a FlowError that says what was expected.
 */
export function parseLobsterRow(line: string, where: FlowPlace): LobsterRow | undefined {
  if (line.trim() === '' || (where.line === 1 && HEADER.test(line))) return undefined;
  try {
    return readRow(line.split(','));
  } catch (cause) {
    if (!(cause instanceof Unexpected)) throw cause;
    throw new FlowError('FLOW_MALFORMED_LINE', where, `expected ${cause.message}; found ${quoted(line)}`);
  }
}

function readRow(columns: readonly string[]): LobsterRow {
  if (columns.length !== 6 && columns.length !== 7) {
    throw new Unexpected('the columns Time,Type,OrderID,Size,Price,Direction');
  }
  if (!TIME.test(columns[0] ?? '')) throw new Unexpected('seconds after midnight as Time');
  const orderId = integer(columns[2], 'OrderID');
  const size = integer(columns[3], 'Size');
  const price = integer(columns[4], 'Price');
  const direction = integer(columns[5], 'Direction');
  switch (columns[1]) {
    case '1':
      return { kind: 'post', ...order(orderId, size, price, direction) };
    case '2':
      return { kind: 'reduce', orderId: positive(orderId, 'OrderID'), size: positive(size, 'Size') };
    case '3':
      return { kind: 'withdraw', orderId: positive(orderId, 'OrderID') };
    case '4':
      return { kind: 'execute', ...order(orderId, size, price, direction) };
    case '5':
      return { kind: 'hidden' };
    case '6':
      return { kind: 'cross' };
    case '7':
      return { kind: 'halt', state: price < 0 ? 'halted' : price === 1 ? 'trading' : 'quoting' };
    default:
      throw new Unexpected(`a Type from 1 to ${Object.keys(lobsterTypes).length}`);
  }
}

function order(orderId: number, size: number, price: number, direction: number): OrderRow {
  if (direction !== 1 && direction !== -1) throw new Unexpected('1 (buy) or -1 (sell) as Direction');
  return {
    orderId: positive(orderId, 'OrderID'),
    size: positive(size, 'Size'),
    price: positive(price, 'Price'),
    side: direction === 1 ? 'buy' : 'sell',
  };
}

function integer(field = '', column: string): number {
  const value = INTEGER.test(field) ? Number(field) : NaN;
  if (!Number.isSafeInteger(value)) throw new Unexpected(`an integer as ${column}`);
  return value;
}

function positive(value: number, column: string): number {
  if (value <= 0) throw new Unexpected(`a ${column} above zero`);
  return value;
}
