import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output } from '../../../../src/cli/terminal/output.js';
import { type Format, type RowKind, RowWriter } from '../../../../src/cli/terminal/rows.js';

interface Row {
  readonly id: string;
  readonly lots: number;
}

const kind: RowKind<Row> = {
  columns: [
    { head: 'id', value: ({ id }) => id },
    { head: 'n', value: ({ lots }) => String(lots), align: 'right' },
  ],
  fields: ['id', 'lots'],
  none: 'no rows',
};

async function written(as: Format, parts: readonly (readonly Row[])[], shown = kind): Promise<string> {
  const stream = new PassThrough();
  const out = new Output(stream, {}, () => undefined);
  const writer = new RowWriter(out, as, shown);
  for (const part of parts) await writer.write(part);
  await writer.end();
  await out.flush();
  return String((stream.read() as Buffer | null) ?? '');
}

const one = { id: 'a', lots: 5 };
const two = { id: 'bcd', lots: 12 };

describe('rows that come in parts', () => {
  it('Rows that come in parts stand under one head, in columns that grow and never shrink', async () => {
    expect(await written('table', [[], [one], [two], [one]])).toBe('id  n\na   5\nbcd  12\na     5\n');
  });

  it('Rows that come in parts are one value a line as JSON, and have one head as CSV', async () => {
    expect(await written('json', [[one], [two]])).toBe('{"id":"a","lots":5}\n{"id":"bcd","lots":12}\n');
    expect(await written('csv', [[], [one], [two]])).toBe('id,lots\r\na,5\r\nbcd,12\r\n');
  });

  it('Rows that never come are said not to be there for people alone, or have their head alone where there is nothing to say', async () => {
    expect(await written('table', [])).toBe('no rows\n');
    expect(await written('table', [], { columns: kind.columns, fields: [] })).toBe('id  n\n');
    expect(await written('json', [[]])).toBe('');
    expect(await written('csv', [])).toBe('id,lots\r\n');
  });
});
