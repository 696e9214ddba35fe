import { csvHead, csvLines } from './csv.js';
import type { Output } from './output.js';
import { type Column, TableLayout } from './table.js';

/** How a verb prints what it has found: for people, as one JSON value a line, or as CSV. */
export const formats = ['table', 'json', 'csv'] as const;
export type Format = (typeof formats)[number];

/** What rows of a kind are printed with. */
export interface RowKind<Row extends object> {
  readonly columns: readonly Column<Row>[];
  /** For CSV: their fields, as `fieldsOf` names them. */
  readonly fields: readonly string[];
  /** Said of no rows; without it the heads of the columns stand alone. */
  readonly none?: string;
}

/** The names of all fields of a kind of record, in the order in which they are given here. */
export function fieldsOf<Row extends object>(all: Readonly<Record<keyof Row & string, true>>): readonly string[] {
  return Object.keys(all);
}

/** Prints rows as they come, under one head. */
export class RowWriter<Row extends object> {
  private readonly layout: TableLayout<Row>;
  private isBegun = false;

  constructor(
    private readonly out: Output,
    private readonly as: Format,
    private readonly kind: RowKind<Row>,
  ) {
    this.layout = new TableLayout(kind.columns);
  }

  async write(rows: readonly Row[]): Promise<void> {
    if (this.as === 'csv') await this.beginCsv();
    if (rows.length === 0) return;
    if (this.as === 'table') return this.writeLines(rows);
    const { out, kind } = this;
    for (const row of rows) {
      if (this.as === 'json') await out.json(row);
      else for (const line of csvLines(kind.fields, row)) await out.record(line);
    }
  }

  /** No more rows come. */
  async end(): Promise<void> {
    await this.write([]);
    if (this.as !== 'table' || this.isBegun) return;
    if (this.kind.none !== undefined) await this.out.line(this.kind.none);
    else await this.writeLines([]);
  }

  private async beginCsv(): Promise<void> {
    if (this.isBegun) return;
    this.isBegun = true;
    await this.out.record(csvHead(this.kind.fields));
  }

  private async writeLines(rows: readonly Row[]): Promise<void> {
    const { out, layout, isBegun } = this;
    const lines = layout.lines(rows);
    this.isBegun = true;
    if (!isBegun) await out.line(out.colors.bold(layout.head()));
    for (const line of lines) await out.line(line);
  }
}

/** Rows, all of them. */
export async function writeRows<Row extends object>(
  out: Output,
  as: Format,
  rows: readonly Row[],
  kind: RowKind<Row>,
): Promise<void> {
  const writer = new RowWriter(out, as, kind);
  await writer.write(rows);
  await writer.end();
}

/** One record: as JSON or CSV, or for people by `write`. */
export async function writeRecord(
  out: Output,
  as: Format,
  record: object,
  { fields, write }: { readonly fields: readonly string[]; readonly write: () => Promise<void> },
): Promise<void> {
  if (as === 'table') await write();
  else await writeRows(out, as, [record], { columns: [], fields });
}
