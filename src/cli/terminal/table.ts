import type { Output } from './output.js';
import { printable } from './printable.js';

export interface Column<Row> {
  readonly head: string;
  readonly value: (row: Row) => string;
  /** Numbers stand at the right of their column. */
  readonly align?: 'right';
}

/** Rows under heads, two spaces between columns. */
export async function writeTable<Row>(
  out: Output,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  const layout = new TableLayout(columns);
  const lines = layout.lines(rows);
  await out.line(out.colors.bold(layout.head()));
  for (const line of lines) await out.line(line);
}

/** Where the columns of a table stand. Each is as wide as the widest of what has been laid out so far. */
export class TableLayout<Row> {
  private readonly widths: number[];

  constructor(private readonly columns: readonly Column<Row>[]) {
    this.widths = columns.map(({ head }) => head.length);
  }

  head(): string {
    return this.lay(this.columns.map(({ head }) => head));
  }

  lines(rows: readonly Row[]): string[] {
    const cells = rows.map((row) => this.columns.map((column) => printable(column.value(row))));
    for (const row of cells) row.forEach((text, index) => this.widen(index, text.length));
    return cells.map((row) => this.lay(row));
  }

  private widen(index: number, width: number): void {
    this.widths[index] = Math.max(this.widths[index] ?? 0, width);
  }

  private lay(texts: readonly string[]): string {
    const padded = this.columns.map(({ align }, index) => pad(texts[index] ?? '', this.widths[index] ?? 0, align));
    return padded.join('  ').trimEnd();
  }
}

/** The fields of an object, one below the other. */
export async function writeObject(out: Output, value: object): Promise<void> {
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  await writeFields(
    out,
    fields.map(([name, each]) => [name, String(each)] as const),
  );
}

/** Names and values, one below the other. Those without a value are left out. */
export async function writeFields(
  out: Output,
  fields: readonly (readonly [name: string, value: string | undefined])[],
): Promise<void> {
  const width = fields.reduce((most, [name]) => Math.max(most, name.length), 0);
  for (const [name, value] of fields) {
    if (value !== undefined) await out.line(`${out.colors.dim(name.padEnd(width))}  ${printable(value)}`);
  }
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}
