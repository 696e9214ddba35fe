/** A book as people see it, and its fields. */
import type { BookLevel, BookView } from '../../../projections/book/views.js';
import { positionText } from '../../log/position-text.js';
import type { Output } from '../terminal/output.js';
import { fieldsOf } from '../terminal/rows.js';
import { type Column, TableLayout } from '../terminal/table.js';

/** A book with its checksum, its shard where there are several, and why that has stopped where it has. */
export type ShownBook = BookView & { readonly checksum: number; readonly shard?: number; readonly reason?: string };

/** A book, and the shard that its position is shown with, if any. */
export interface FoundBook {
  readonly book: ShownBook;
  readonly shown: number | undefined;
}

const levelFields = fieldsOf<BookLevel>({ price: true, quantity: true, intentions: true });
export const bookFields = [
  ...['instrument', 'phase', 'position', 'checksum', 'shard', 'state', 'reason'],
  ...['bids', 'asks'].flatMap((side) => levelFields.map((name) => `${side}.${name}`)),
];

type Sides = readonly [bid: BookLevel | undefined, ask: BookLevel | undefined];

export function bookLines({ book, shown }: FoundBook, { colors }: Output): string[] {
  const { instrument, phase, position, bids, asks } = book;
  const stopped = book.reason === undefined ? [] : [`only what is durable: ${book.reason}`];
  const head = `${colors.bold(instrument)}  ${phase}  before position ${positionText(position, shown)}`;
  if (bids.length === 0 && asks.length === 0) return [...stopped, head, 'nothing stands on this book'];
  const rows = Array.from({ length: Math.max(bids.length, asks.length) }, (_, row): Sides => [bids[row], asks[row]]);
  const layout = new TableLayout(columns);
  const lines = layout.lines(rows);
  return [...stopped, head, colors.bold(layout.head()), ...lines];
}

const count = (level: BookLevel | undefined): string => (level === undefined ? '' : String(level.intentions));

const columns: readonly Column<Sides>[] = [
  { head: 'intentions', value: ([bid]) => count(bid), align: 'right' },
  { head: 'quantity', value: ([bid]) => bid?.quantity ?? '', align: 'right' },
  { head: 'bid', value: ([bid]) => bid?.price ?? '', align: 'right' },
  { head: 'ask', value: ([, ask]) => ask?.price ?? '', align: 'right' },
  { head: 'quantity', value: ([, ask]) => ask?.quantity ?? '', align: 'right' },
  { head: 'intentions', value: ([, ask]) => count(ask), align: 'right' },
];
