import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { Output } from '../../../../src/cli/terminal/output.js';
import { printable } from '../../../../src/cli/terminal/printable.js';
import { grouped } from '../../../../src/app/grouped.js';
import { writeFields, writeTable } from '../../../../src/cli/terminal/table.js';

async function written(write: (out: Output) => Promise<void>): Promise<string> {
  const stream = new PassThrough();
  const out = new Output(stream, {}, () => undefined);
  await write(out);
  await out.flush();
  return String(stream.read());
}

it('A table aligns columns, numbers at the right, without spaces at the ends of lines', async () => {
  const text = await written((out) =>
    writeTable(
      out,
      [
        { head: 'name', value: ([name]) => name },
        { head: 'n', value: ([, count]) => String(count), align: 'right' },
        { head: 'note', value: ([, , note]) => note },
      ],
      [
        ['alice', 5, ''],
        ['bo', 1234, 'x'],
      ] as readonly (readonly [string, number, string])[],
    ),
  );
  expect(text).toBe('name      n  note\nalice     5\nbo     1234  x\n');
});

it('A table leaves out fields without a value', async () => {
  const text = await written((out) =>
    writeFields(out, [
      ['one', '1'],
      ['three', undefined],
      ['seven', '7'],
    ]),
  );
  expect(text).toBe('one    1\nseven  7\n');
});

it('A table lets nothing from outside drive the terminal', () => {
  expect(printable('a\u001b[2Jb\u009bc\u202ed\n')).toBe('a�[2Jb�c�d�');
});

it('A table sets thousands apart', () => {
  expect([0, 999, 44_278, 12_345_678_901_234_567_890n].map(grouped)).toEqual([
    '0',
    '999',
    '44,278',
    '12,345,678,901,234,567,890',
  ]);
});
