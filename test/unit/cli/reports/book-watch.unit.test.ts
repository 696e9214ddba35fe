import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { FoundBook, ShownBook } from '../../../../src/cli/reports/book-lines.js';
import { BookWatch } from '../../../../src/cli/reports/book-watch.js';
import type { Format } from '../../../../src/cli/terminal/rows.js';
import { Terminal } from '../../../../src/cli/terminal/terminal.js';

function book(position: number, quantity: string): FoundBook {
  const bids = [{ price: '10.25', quantity, intentions: 1 }];
  return { book: { instrument: 'ACME', phase: 'continuous', position, bids, asks: [], checksum: 1 }, shown: undefined };
}

function watching(as: Format, isTTY: boolean) {
  const stdout = Object.assign(new PassThrough(), { isTTY, columns: 80, rows: 24 });
  const stderr = new PassThrough();
  const watch = new BookWatch(new Terminal({ stdout, stderr, env: { NO_COLOR: '1' } }), as);
  let text = '';
  const seen = (): string => (text += String((stdout.read() as Buffer | null) ?? ''));
  return { watch, seen, told: () => String((stderr.read() as Buffer | null) ?? '') };
}

describe('a watched book', () => {
  it('A watched book is drawn at once, and then the newest in the same place, not each one', async () => {
    const { watch, seen } = watching('table', true);
    await watch.show(() => book(1, '1'));
    expect(seen()).toContain('before position 1\n');
    for (let position = 2; position <= 9; position++) await watch.show(() => book(position, String(position)));
    await expect.poll(seen).toContain('before position 9\n');
    expect(seen().match(/before position/g)).toHaveLength(2);
    expect(seen()).toContain('\u001b[3A\u001b[JACME');
  });

  it('A watched book follows the one before it where there is no terminal, each once that has changed', async () => {
    const json = watching('json', false);
    for (const [position, quantity] of [
      [1, '1'],
      [2, '1'],
      [3, '2'],
      [4, '1'],
    ] as const)
      await json.watch.show(() => book(position, quantity));
    const lines = json.seen().trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as ShownBook).position)).toEqual([1, 3, 4]);
    const csv = watching('csv', false);
    await csv.watch.show(() => book(1, '1'));
    await csv.watch.show(() => book(2, '2'));
    expect(csv.seen().match(/instrument,/g)).toHaveLength(1);
    const table = watching('table', false);
    await table.watch.show(() => book(1, '1'));
    await table.watch.show(() => book(2, '2'));
    expect(table.seen().match(/^ACME/gm)).toHaveLength(2);
  });

  it('A watched book that cannot be seen any more says so beside it on a terminal, and on stderr elsewhere', async () => {
    const terminal = watching('table', true);
    await terminal.watch.show(() => book(1, '1'));
    await terminal.watch.trouble('UNREACHABLE: gone');
    expect(terminal.seen()).toMatch(/\u001b\[3A\u001b\[Jas it was: UNREACHABLE: gone\nACME/); // eslint-disable-line no-control-regex -- it is drawn
    await terminal.watch.show(() => book(1, '1'));
    await expect.poll(() => terminal.seen()).toMatch(/\[4A[^]*before position 1\n/);
    const pipe = watching('json', false);
    await pipe.watch.show(() => book(1, '1'));
    await pipe.watch.trouble('UNREACHABLE: gone');
    expect(pipe.told()).toBe('warning: UNREACHABLE: gone\n');
  });
});
