/**
 * Records as CSV (RFC 4180), for spreadsheets and programs.
 *
 * 1. The first line names the fields as JSON does, a field of a field with a dot between: `bids.price`. A verb names its fields itself, so
 *    they are the same ones in the same order, whatever there is to print.
 * 2. A record is one line. One that holds lists is as many lines as the longest of them has items, one item of each list to a line, and its
 *    other fields stand in each of these lines. A list within a list, or anything else that has no fields of its own, is JSON.
 * 3. What a record does not have is nothing between two commas; an empty text is `""`.
 * 4. Names and ids come from strangers, and a spreadsheet takes `=1+1` for a formula. So a text that begins with one of `= + - @`, also in
 *    their full width, or with an apostrophe, gets an apostrophe before it, which a reader takes away again. Decimal numbers stay as they are.
 * 5. What could drive a terminal, or would begin another line, is replaced, as in all that is printed.
 */
import { printable } from './printable.js';

export function csvHead(fields: readonly string[]): string {
  return csvLine(fields);
}

/** The lines of a record, without their ends. */
export function csvLines(fields: readonly string[], record: object): string[] {
  const paths = fields.map((field) => field.split('.'));
  const lengths = paths.map((path) => lengthOf(record, path));
  const lines = Array.from({ length: Math.max(1, ...lengths) }, (_, line) => line);
  return lines.map((line) => csvLine(paths.map((path) => textOf(valueAt(record, path, line)))));
}

/** How many items the first list has that stands on the way to a field; 1 where there is none. */
function lengthOf(record: object, path: readonly string[]): number {
  let value: unknown = record;
  for (const name of path) {
    value = fieldOf(value, name);
    if (Array.isArray(value)) return value.length;
  }
  return 1;
}

function valueAt(record: object, path: readonly string[], line: number): unknown {
  let value: unknown = record;
  let isItem = false;
  for (const name of path) {
    value = fieldOf(value, name);
    if (isItem || !Array.isArray(value)) continue;
    isItem = true;
    value = value[line];
  }
  return value;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name]; // it has it
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function csvLine(values: readonly (string | undefined)[]): string {
  return values.map((value) => (value === undefined ? '' : cell(value))).join(',');
}

const FORMULA = /^[=+\-@＝＋－＠']/;
const NUMBER = /^[+-]?[0-9]+(\.[0-9]+)?$/;
const PLAIN = /^[^",;\s]+$/;

function cell(value: string): string {
  const text = printable(FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value);
  return PLAIN.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}
