import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { BookFold } from '../../../../../projections/book/book.js';
import { bookView } from '../../../../../projections/book/views.js';
import { instrumentView } from '../../../../../projections/directory/views.js';
import { LedgerFold } from '../../../../../projections/ledger/ledger.js';
import { positionView } from '../../../../../projections/ledger/postings.js';
import { SqlDatabase } from '../../../../../projections/store/database/database.js';
import { MAX_ROWS } from '../../../../../projections/store/queries/query-terms.js';
import { QueryStore } from '../../../../../projections/store/database/query-store.js';
import { TapeFold } from '../../../../../projections/tape/tape.js';
import { DirectoryFold } from '../../../../../projections/directory/directory.js';
import { candleView } from '../../../../../projections/tape/views.js';
import type { EventBatch } from '../../../../../src/events/fold.js';
import { History } from '../../../../support/history/history.js';
import { NaiveMarket } from '../../../../support/history/naive-market.js';
import { removeFolder, temporaryFolder } from '../../../../support/log/temporary-folder.js';
import { folded } from '../../folding.js';
import { NaiveProjections } from '../../naive-projections.js';
import { runs } from '../../../../support/property/runs.js';

const folder = temporaryFolder();
afterAll(() => {
  removeFolder(folder);
});

let files = 0;
function newFile(): string {
  return path.join(folder, `${++files}.db`);
}

const wild = { crash: 0.01, decline: 0.1, auction: 0.02, risk: 0.03 };
const cases = fc.record({ seed: fc.nat(), length: fc.integer({ min: 20, max: 1200 }) });

function historyOf({ seed, length }: { seed: number; length: number }): { history: History; batches: EventBatch[] } {
  const history = new History();
  new NaiveMarket(history, seed, wild).run(length);
  return { history, batches: history.batches() };
}

function built(batches: readonly EventBatch[], file = ':memory:'): QueryStore {
  const store = new QueryStore(file);
  for (const batch of batches) store.add(batch);
  store.commit();
  return store;
}

/** All rows of all tables, in the order of their keys. */
function contents(file: string): Record<string, unknown> {
  const database = new SqlDatabase(file);
  const tables = database
    .rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .map(([name]) => String(name));
  const rows = Object.fromEntries(
    tables.map((table) => [table, database.rows(`SELECT * FROM ${table} ORDER BY 1, 2`)]),
  );
  database.close();
  return rows;
}

it('The store comes to the same rows in one go, batch by batch, and with restarts and repetitions in between', () => {
  const steps = fc.array(fc.constantFrom('add', 'add', 'add', 'commit', 'reopen', 'again'), { maxLength: 200 });
  fc.assert(
    fc.property(cases, steps, (which, steps) => {
      const { batches } = historyOf(which);
      const [inOneGo, inSteps] = [newFile(), newFile()];
      built(batches, inOneGo).close();
      let store = new QueryStore(inSteps);
      const next = (): EventBatch | undefined => batches.find((batch) => batch.firstPosition >= store.foldedTo);
      for (const step of steps) {
        const batch =
          step === 'again' ? batches.filter(({ firstPosition }) => firstPosition < store.foldedTo).at(-1) : next();
        if (step === 'commit') store.commit();
        else if (step === 'reopen') {
          store.close();
          store = new QueryStore(inSteps);
        } else if (batch !== undefined) store.add(batch);
      }
      for (let batch = next(); batch !== undefined; batch = next()) store.add(batch);
      store.commit();
      const last = new QueryStore(inOneGo);
      for (const { symbol } of last.queries.instruments()) {
        expect(store.queries.book(symbol, MAX_ROWS)).toEqual(last.queries.book(symbol, MAX_ROWS));
      }
      for (const open of [store, last]) open.close();
      expect(contents(inSteps)).toEqual(contents(inOneGo));
      for (const file of [inOneGo, inSteps]) fs.rmSync(file);
    }),
    runs(15),
  );
});

it('The store answers what a naive look at the whole history answers', () => {
  fc.assert(
    fc.property(cases, (which) => {
      const { history, batches } = historyOf(which);
      const naive = new NaiveProjections(history.events);
      const store = built(batches);
      const { queries } = store;
      const names = ['', 'alice', 'bob', 'carol', 'dave'];
      const ids = (deals: readonly { id: string }[]): string[] => deals.map(({ id }) => id);
      expect(ids(queries.deals({ after: -1, limit: MAX_ROWS }))).toEqual(ids(naive.deals.slice(0, MAX_ROWS)));
      for (const participant of [1, 2, 3, 4]) {
        const own = naive.deals.filter(({ buyer, seller }) => buyer === participant || seller === participant);
        const name = names[participant] ?? '';
        expect(ids(queries.deals({ participant: name, after: -1, limit: MAX_ROWS }))).toEqual(
          ids(own.slice(0, MAX_ROWS)),
        );
        expect(ids(queries.deals({ participant: name, instrument: 'S1', limit: 5 }))).toEqual(
          ids(own.filter(({ instrumentId }) => instrumentId === 2).slice(-5)),
        );
        for (const status of ['open', 'filled', 'withdrawn', 'expired'] as const) {
          const wanted = naive.intentions.filter((one) => one.participantId === participant && one.status === status);
          expect(ids(queries.intentions({ participant: name, status, limit: MAX_ROWS }))).toEqual(
            wanted.map(({ id }) => String(id)),
          );
        }
      }
      for (const intention of naive.intentions) {
        const reserved = [...intention.reserved.values()].reduce((sum, lots) => sum + lots, 0);
        const view = queries.intention(String(intention.id));
        expect(view).toMatchObject({
          clientIntentionId: intention.clientId,
          quantity: String(intention.quantity),
          filled: String(intention.filled),
          reserved: String(reserved),
          status: intention.status,
          open: String(intention.status === 'open' ? intention.quantity - intention.filled : reserved),
        });
        expect(queries.intentionByClientId(names[intention.participantId] ?? '', intention.clientId)).toEqual(view);
        const own = naive.deals.filter(
          ({ buyerIntention, sellerIntention }) => buyerIntention === intention.id || sellerIntention === intention.id,
        );
        expect(ids(queries.deals({ intention: String(intention.id) }))).toEqual(ids(own));
      }
      store.close();
    }),
    runs(15),
  );
});

it('The store shows the same books and instruments as the folds of the log, whatever it has added since', () => {
  fc.assert(
    fc.property(
      cases,
      fc.nat({ max: 100 }).map((percent) => percent / 100),
      (which, share) => {
        const { batches } = historyOf(which);
        const committed = batches.slice(0, Math.ceil(share * batches.length));
        const store = built(committed);
        for (const batch of batches.slice(committed.length)) store.add(batch);
        const [book, directory] = [new BookFold(), new DirectoryFold()];
        for (const fold of [book, directory]) folded(committed, fold);
        const position = book.position + 1;
        const found = store.find((queries) => queries.instruments());
        expect(found).toEqual({ value: directory.instruments().map(instrumentView), position });
        for (const instrument of directory.instruments()) {
          for (const depth of [1, 3, MAX_ROWS]) {
            const shown = store.find((queries) => queries.book(instrument.symbol, depth));
            expect(shown).toEqual({ value: bookView(book, instrument, depth, position), position });
          }
        }
        expect(store.queries.book('NONE', 1)).toBeUndefined();
        store.close();
      },
    ),
    runs(25),
  );
});

it('The store shows the same positions and candles as the ledger and the tape', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 20 }), (which, batchesAChunk) => {
      const { batches } = historyOf(which);
      const store = new QueryStore(':memory:');
      batches.forEach((batch, index) => {
        store.add(batch);
        if (index % batchesAChunk === 0) store.commit();
      });
      store.commit();
      const [ledger, tape, directory] = [new LedgerFold(), new TapeFold(), new DirectoryFold()];
      for (const fold of [ledger, tape, directory]) folded(batches, fold);
      const instruments = directory.instruments();
      const positions = ledger.positions().map((position) => {
        const terms = directory.instrument(position.instrumentId);
        if (terms === undefined) throw new Error('all instruments are listed');
        return positionView(terms, directory.participantName(position.participantId), position);
      });
      expect(store.queries.positions()).toEqual(positions);
      for (const instrument of instruments) {
        const candles = tape.candles(instrument.instrumentId).map((candle) => candleView(instrument, candle));
        expect(store.queries.candles({ instrument: instrument.symbol, interval: '1m' })?.candles).toEqual(candles);
      }
      store.close();
    }),
    runs(15),
  );
});
