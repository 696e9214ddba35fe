import { BASE_BYTES, BIAS, COLUMN_BYTES, HEAD_BYTES } from './packed-rows.js';

/** A view with a row for each of the packed rows of a table `<view>_packed`, which has them in its column `rows` and how many in `size`. */
export interface PackedView {
  readonly view: string;
  /** What they hold, in order. */
  readonly columns: readonly string[];
  /** The column, if there is one, that tells where a row’s text ends in the tail; the view has the text in place of it, under this name. */
  readonly text?: { readonly column: string; readonly as: string };
}

/** In SQL alone, for people who look at a store with a tool of their own: slow beside what the store itself does. */
export function viewSql({ view, columns, text }: PackedView): string {
  const shown = columns.map((name, column) =>
    name === text?.column
      ? `${textSql(column, columns.length)} AS ${text.as}`
      : `${valueSql(column, columns.length)} AS ${name}`,
  );
  return `CREATE VIEW ${view} AS SELECT ${shown.join(', ')} FROM ${view}_packed JOIN slots ON slot < size;`;
}

/** JSON knows numbers in hexadecimal, which SQL does not. */
function numberSql(from: string, width: string | number): string {
  return `(('0x0' || hex(substr(rows, ${from}, ${width}))) ->> '$')`;
}

/** substr counts from 1. */
function valueSql(column: number, columns: number, slot = 'slot'): string {
  const header = 1 + HEAD_BYTES + column * COLUMN_BYTES;
  const from = `${1 + startOf(columns)} + (${slot}) * ${numberSql('3', 1)} + ${numberSql(String(header), 1)}`;
  return `(${numberSql(String(header + 2), BASE_BYTES)} - ${BIAS} + ${numberSql(from, numberSql(String(header + 1), 1))})`;
}

function textSql(column: number, columns: number): string {
  const begin = `CASE slot WHEN 0 THEN 0 ELSE ${valueSql(column, columns, 'slot - 1')} END`;
  const tail = `${1 + startOf(columns)} + size * ${numberSql('3', 1)}`;
  return `CAST(substr(rows, ${tail} + ${begin}, ${valueSql(column, columns)} - ${begin}) AS TEXT)`;
}

function startOf(columns: number): number {
  return HEAD_BYTES + columns * COLUMN_BYTES;
}
