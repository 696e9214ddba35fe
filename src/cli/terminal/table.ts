import type { Output } from './output.js';
import { printable } from './printable.js';

export { grouped } from '../../app/grouped.js';

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
  const cells = rows.map((row) => columns.map((column) => printable(column.value(row))));
  const widths = columns.map(({ head }, index) =>
    cells.reduce((most, row) => Math.max(most, row[index]?.length ?? 0), head.length),
  );
  const lay = (texts: readonly string[]): string => {
    const padded = columns.map(({ align }, index) => pad(texts[index] ?? '', widths[index] ?? 0, align));
    return padded.join('  ').trimEnd();
  };
  await out.line(out.colors.bold(lay(columns.map(({ head }) => head))));
  for (const row of cells) await out.line(lay(row));
}

/** Rows as a table, or one JSON value a line; `none` is said of no rows, and without it the heads stand alone. */
export async function writeRows<Row>(
  out: Output,
  rows: readonly Row[],
  {
    json,
    none,
    columns,
  }: { readonly json?: true | undefined; readonly none?: string; readonly columns: readonly Column<Row>[] },
): Promise<void> {
  if (json === true) for (const row of rows) await out.json(row);
  else if (rows.length === 0 && none !== undefined) await out.line(none);
  else await writeTable(out, columns, rows);
}

/** An object as one JSON value, or its fields one below the other. */
export async function writeObject(out: Output, value: object, json: true | undefined): Promise<void> {
  if (json === true) return out.json(value);
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
