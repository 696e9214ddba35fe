import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Output } from '../../../../src/cli/terminal/output.js';
import { printable } from '../../../../src/cli/terminal/printable.js';
import { type Format, writeRows } from '../../../../src/cli/terminal/rows.js';
import { csvCells, csvRecords } from '../../../support/cli/csv.js';
import { jsonLines } from '../../../support/cli/parley.js';
import { runs } from '../../../support/property/runs.js';

const fields = ['id', 'owner.name', 'owner.since', 'price', 'isOpen', 'count'];

async function written(as: Format, rows: readonly object[], names = fields): Promise<string> {
  const stream = new PassThrough();
  const out = new Output(stream, {}, () => undefined);
  await writeRows(out, as, rows, { columns: [], fields: names });
  await out.flush();
  return String((stream.read() as Buffer | null) ?? '');
}

/** What begins like a formula, what must be quoted, and any other text of one line that a terminal may be shown. */
const text = fc
  .oneof(
    fc.constantFrom(
      '=1+1',
      '+1',
      '-1',
      '-1+1',
      '@SUM(A1)',
      '＝1',
      "'",
      "'=1",
      '"',
      'a"b',
      ',',
      ';',
      '',
      ' ',
      'a,b',
      '-16.50',
      '+.',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  )
  .filter((value) => printable(value) === value && !/\p{Surrogate}/u.test(value));

const row = fc.record(
  {
    id: text,
    owner: fc.record({ name: text, since: text }, { requiredKeys: [] }),
    price: fc.oneof(text, fc.constant(null)),
    isOpen: fc.boolean(),
    count: fc.integer(),
  },
  { requiredKeys: ['id'] },
);

function leaf(value: unknown, [name = '', ...rest]: readonly string[]): unknown {
  const found = typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
  return rest.length === 0 ? (found ?? undefined) : leaf(found, rest);
}

describe('CSV', () => {
  it('CSV reads back as the JSON lines of the same rows, whatever the texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (rows) => {
        const [csv, json] = await Promise.all([written('csv', rows), written('json', rows)]);
        const expected = jsonLines(json).map((each) =>
          Object.fromEntries(
            fields.map((field) => {
              const value = leaf(each, field.split('.'));
              return [field, value === undefined || typeof value === 'string' ? value : JSON.stringify(value)];
            }),
          ),
        );
        expect(csvCells(csv)[0]).toEqual(fields);
        expect(csvRecords(csv)).toEqual(expected);
      }),
      runs(300),
    );
  });

  it('CSV holds no field that a spreadsheet would calculate, and a row of it is a line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 5 }), async (rows) => {
        const csv = await written('csv', rows);
        expect(csv.split('\r\n')).toHaveLength(rows.length + 2);
        for (const value of csvCells(csv).flat())
          expect(value ?? '').not.toMatch(/^[=@＝＋－＠]|^[+-](?!\d+(\.\d+)?$)/);
      }),
      runs(300),
    );
  });

  it('CSV names its fields when there is nothing else to print', async () => {
    expect(await written('csv', [])).toBe('id,owner.name,owner.since,price,isOpen,count\r\n');
  });

  it('CSV puts the items of lists one below the other, beside fields that repeat', async () => {
    const book = {
      symbol: 'ACME',
      bids: [{ price: '9' }, { price: '8' }],
      asks: [{ price: '10' }],
      notes: ['x', 'y', 'z'],
    };
    expect(
      await written('csv', [book, { symbol: 'EMCA', bids: [] }], ['symbol', 'bids.price', 'asks.price', 'notes']),
    ).toBe('symbol,bids.price,asks.price,notes\r\nACME,9,10,x\r\nACME,8,,y\r\nACME,,,z\r\nEMCA,,,\r\n');
  });

  it('CSV writes a list within a list, and what has no fields, as JSON', async () => {
    const cluster = { shards: [{ refusals: [{ member: 'a' }] }], counts: { A: 1 } };
    expect(await written('csv', [cluster], ['shards.refusals', 'counts'])).toBe(
      'shards.refusals,counts\r\n"[{""member"":""a""}]","{""A"":1}"\r\n',
    );
  });

  it('CSV replaces what could drive a terminal or begin another line', async () => {
    expect(await written('csv', [{ id: 'a\u001b[2J\nb\r\u202e' }], ['id'])).toBe(
      'id\r\na\ufffd[2J\ufffdb\ufffd\ufffd\r\n',
    );
  });
});
