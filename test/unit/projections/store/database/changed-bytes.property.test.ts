import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDamage } from '../../../../../projections/store/database/database.js';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import { History } from '../../../../support/history/history.js';
import { removeFolder, temporaryFolder } from '../../../../support/log/temporary-folder.js';
import { runs } from '../../../../support/property/runs.js';

let folder: string;
/** The files of a store that was closed, and of one that was not, each in a folder. */
let closed: string;
let open: string;
/** All that is to be read, by the position of the store. */
const right = new Map<number, unknown>();

/** Everything that can be asked, more or less. */
function everything(store: QueryStore): unknown {
  return store.find((queries) => [
    ...[queries.deals({ limit: 1_000 }), queries.deals({ participant: 'bob', limit: 1_000 }), queries.positions()],
    ...['alice', 'bob'].map((participant) => queries.intentions({ participant, limit: 1_000 })),
    ...[queries.instruments(), queries.book('ACME', 100), queries.summary(), queries.deal('1-1')],
    ...[queries.intentionByClientId('alice', 'c-1'), queries.candles({ instrument: 'ACME', interval: '1m' })],
  ]).value;
}

const copyAll = (from: string, to: string): void => {
  for (const name of readdirSync(to)) rmSync(path.join(to, name));
  for (const name of readdirSync(from)) copyFileSync(path.join(from, name), path.join(to, name));
};

beforeAll(() => {
  folder = temporaryFolder();
  const history = new History();
  const [alice, bob, acme] = [history.admit('alice'), history.admit('bob'), history.list('ACME')];
  history.seal();
  for (let count = 0; count < 200; count++) {
    const sell = history.post(alice, acme, 'sell', 100 + (count % 7), 5);
    if (count % 3 === 0) history.deal(sell, history.post(bob, acme, 'buy', 110, 5), 100 + (count % 7), 5);
    if (count % 50 === 49) history.seal();
  }
  history.seal();
  const file = path.join(folder, 'queries.db');
  const store = new QueryStore(file);
  right.set(0, everything(store));
  for (const batch of history.batches()) {
    store.add(batch);
    store.commit();
    right.set(store.checkpoint.position, everything(store));
  }
  open = temporaryFolder();
  copyAll(folder, open);
  store.close();
  closed = temporaryFolder();
  copyAll(folder, closed);
});
afterAll(() => {
  for (const each of [folder, closed, open]) removeFolder(each);
});

interface Flip {
  readonly suffix: string;
  /** How far into the file, of 1. */
  readonly at: number;
  readonly bits: number;
}
const flips = fc.array(
  fc.record({
    suffix: fc.constantFrom('', '', '', '-wal', '-sums'),
    at: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
    bits: fc.integer({ min: 1, max: 255 }),
  }),
  { minLength: 1, maxLength: 3 },
);

function flip(file: string, { suffix, at, bits }: Flip): void {
  if (!existsSync(file + suffix)) return;
  const descriptor = openSync(file + suffix, 'r+');
  const byte = Buffer.alloc(1);
  const offset = Math.floor(at * statSync(file + suffix).size);
  if (readSync(descriptor, byte, 0, 1, offset) === 1)
    writeSync(descriptor, Buffer.of((byte[0] ?? 0) ^ bits), 0, 1, offset);
  closeSync(descriptor);
}

describe('a store whose bytes have changed', () => {
  it.each([
    ['closed', () => closed],
    ['left by a process that died', () => open],
  ])('A store whose bytes have changed shows what was written, or is built again: %s', (_name, from) => {
    fc.assert(
      fc.property(flips, (given) => {
        copyAll(from(), folder);
        const file = path.join(folder, 'queries.db');
        for (const each of given) flip(file, each);
        const store = new QueryStore(file);
        expect(everything(store)).toEqual(right.get(store.checkpoint.position));
        if (store.replaced !== undefined) expect(store.checkpoint.position).toBe(0);
        store.close();
      }),
      runs(60),
    );
  });

  it('A store whose bytes have changed shows what was written, or nothing, when it happens while it is open, and is built again when it is opened again', () => {
    fc.assert(
      fc.property(flips, (given) => {
        copyAll(closed, folder);
        const file = path.join(folder, 'queries.db');
        const store = new QueryStore(file);
        for (const each of given) {
          flip(file, each);
          let read: unknown;
          try {
            read = everything(store);
          } catch (error) {
            expect(isDamage(error)).toBe(true);
            continue;
          }
          expect(read).toEqual(right.get(store.checkpoint.position));
        }
        store.close();
        const again = new QueryStore(file);
        expect(everything(again)).toEqual(right.get(again.checkpoint.position));
        again.close();
      }),
      runs(40),
    );
  });

  it('A store whose bytes have changed is opened as it is where nothing has changed', () => {
    for (const from of [closed, open]) {
      copyAll(from, folder);
      const store = new QueryStore(path.join(folder, 'queries.db'));
      expect(store.replaced).toBeUndefined();
      expect(store.checkpoint.position).toBe(Math.max(...right.keys()));
      store.close();
    }
  });
});
