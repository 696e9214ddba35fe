import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqlDatabase } from '../../../../../projections/store/database/database.js';
import { LogGapError, QueryStore } from '../../../../../projections/store/database/query-store.js';
import { MAX_LOTS, MAX_TICKS } from '../../../../../src/domain/terms.js';
import { History, withByte } from '../../../../support/history/history.js';
import { removeFolder, temporaryFolder } from '../../../../support/log/temporary-folder.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = path.join(folder, 'queries.db');
});
afterEach(() => {
  removeFolder(folder);
});

/** Alice sells to Bob, twice. */
function twoDeals(): History {
  const history = new History();
  const [alice, bob] = [history.admit('alice'), history.admit('bob')];
  const acme = history.list('ACME');
  history.seal();
  for (const price of [100, 101]) {
    const sell = history.post(alice, acme, 'sell', price, 5);
    history.deal(sell, history.post(bob, acme, 'buy', price, 5), price, 5);
    history.seal();
  }
  return history;
}

function add(store: QueryStore, history: History): void {
  for (const batch of history.batches()) store.add(batch);
  store.commit();
}

function execute(sql: string): void {
  const database = new SqlDatabase(file);
  database.exec(sql);
  database.close();
}

describe('the file', () => {
  it('The file of a store shows after a restart what it showed before, and goes on', () => {
    const history = twoDeals();
    const before = new QueryStore(file);
    add(before, history);
    const deals = before.queries.deals();
    const { checkpoint } = before;
    before.close();
    const after = new QueryStore(file);
    expect(after.checkpoint).toEqual(checkpoint);
    expect(after.queries.deals()).toEqual(deals);
    history.post(1, 1, 'buy', 7, 7);
    add(after, history);
    expect(after.checkpoint.position).toBe(history.head);
    expect(after.queries.intention('5')).toMatchObject({ participant: 'alice', price: '0.07', status: 'open' });
    after.close();
  });

  it('The file of a store shows nothing that was not committed, before and after a restart', () => {
    const history = twoDeals();
    const store = new QueryStore(file);
    for (const batch of history.batches()) store.add(batch);
    expect(store.pendingEvents).toBe(history.head);
    expect(store.queries.deals()).toEqual([]);
    store.close();
    const after = new QueryStore(file);
    expect(after.checkpoint).toEqual({ position: 0, sealDigest: '' });
    after.close();
  });

  it('The file of a store is made again when it is gone, empty, of another format, or no database', () => {
    const spoil = [
      () => fs.rmSync(file),
      () => fs.writeFileSync(file, ''),
      () => fs.writeFileSync(file, 'no database, but long enough to look at. '.repeat(100)),
      () => execute('PRAGMA user_version = 999'),
      () => execute('DELETE FROM checkpoint'),
    ];
    for (const damage of spoil) {
      const store = new QueryStore(file);
      add(store, twoDeals());
      store.close();
      damage();
      const again = new QueryStore(file);
      expect(again.checkpoint.position).toBe(0);
      expect(again.queries.deals()).toEqual([]);
      add(again, twoDeals());
      expect(again.queries.deals()).toHaveLength(2);
      again.close();
      fs.rmSync(file);
    }
  });

  it('The file of a store is left alone when it is somebody else’s database', () => {
    execute('CREATE TABLE theirs (secret TEXT)');
    expect(() => new QueryStore(file)).toThrow('not one of Parley');
    expect(fs.existsSync(file)).toBe(true);
  });

  it('The file of a store takes the chunks of one writer only', () => {
    const [one, other] = [new QueryStore(file), new QueryStore(file)];
    const [first, ...rest] = twoDeals().batches();
    if (first === undefined) throw new Error('there are three');
    one.add(first);
    one.commit();
    other.add(first);
    expect(() => other.commit()).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }) as Error);
    for (const batch of rest) one.add(batch);
    one.commit();
    expect(one.queries.deals()).toHaveLength(2);
    one.close();
    other.close();
  });
});

describe('a store', () => {
  it('A store refuses a log that skips events, and takes what it has seen before for what it is', () => {
    const [first, second, third] = twoDeals().batches();
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are three');
    const store = new QueryStore(':memory:');
    store.add(first);
    expect(() => store.add(third)).toThrow(LogGapError);
    for (const batch of [first, second, second, first, third]) store.add(batch);
    store.commit();
    store.add(third);
    expect(store.pendingEvents).toBe(0);
    expect(store.queries.deals()).toHaveLength(2);
    store.close();
  });

  it('A store fails for good once it was given bytes that are no events, and keeps what it had', () => {
    const [first, second] = twoDeals().batches();
    if (first === undefined || second === undefined) throw new Error('there are three');
    const store = new QueryStore(':memory:');
    store.add(first);
    store.commit();
    expect(() => store.add(withByte(second, 0, 250))).toThrow('no event has the code 250');
    expect(() => store.add(second)).toThrow('no event has the code 250');
    expect(() => store.commit()).toThrow('no event has the code 250');
    expect(store.queries.instruments()).toHaveLength(1);
    store.reset();
    add(store, twoDeals());
    expect(store.queries.summary()).toEqual({ position: 21, deals: 2, abortedDeals: 0, lateDecisions: 0 });
    store.close();
  });

  it('A store keeps only the first decision of a deal, also when a restart comes in between', () => {
    const history = new History();
    const [alice, bob, acme] = [history.admit('alice'), history.admit('bob'), history.list('ACME')];
    const sell = history.post(alice, acme, 'sell', 100, 5);
    const deal = history.propose(sell, history.post(bob, acme, 'buy', 100, 5), 100, 5);
    history.accept(sell, deal, 5);
    const abortedAt = history.abort(sell, deal, 'initiatorDeadline');
    const before = new QueryStore(file);
    add(before, history);
    before.close();
    history.confirm(sell, deal, 5);
    history.settle(sell, sell, deal, 0);
    history.settle(2, sell, deal, 0);
    history.abort(sell, deal, 'responderDeadline');
    const store = new QueryStore(file);
    add(store, history);
    expect(store.queries.deals()).toEqual([]);
    expect(store.queries.positions()).toEqual([]);
    expect(store.queries.deal(`${sell}-${deal}`)).toEqual({
      id: '1-1',
      outcome: 'aborted',
      position: abortedAt,
      at: '2023-11-14T22:13:20.005Z',
      reason: 'initiatorDeadline',
      initiatorIntention: '1',
      responderIntention: '2',
    });
    expect(store.queries.summary()).toMatchObject({ deals: 0, abortedDeals: 1, lateDecisions: 2 });
    store.close();
  });

  it('A store counts what a deal in flight fills and frees after its intention was withdrawn', () => {
    const history = new History();
    const [alice, bob, acme] = [history.admit('alice'), history.admit('bob'), history.list('ACME')];
    const [sell, buy] = [history.post(alice, acme, 'sell', 100, 9), history.post(bob, acme, 'buy', 100, 5)];
    const deal = history.propose(sell, buy, 100, 5);
    history.accept(sell, deal, 4);
    const withdrawnAt = history.withdraw(sell, 'parked');
    const before = new QueryStore(file);
    add(before, history);
    expect(before.queries.intention('1')).toMatchObject({ status: 'withdrawn', open: '5', reserved: '5', filled: '0' });
    before.close();
    history.confirm(sell, deal, 4);
    history.settle(sell, sell, deal, 4);
    history.settle(buy, sell, deal, 4);
    const store = new QueryStore(file);
    add(store, history);
    expect(store.queries.intention('1')).toMatchObject({
      status: 'withdrawn',
      closedReason: 'parked',
      closedPosition: withdrawnAt,
      open: '0',
      reserved: '0',
      filled: '4',
    });
    expect(store.queries.intention('2')).toMatchObject({ status: 'open', open: '1', reserved: '0', filled: '4' });
    store.close();
  });

  it('A store keeps sums exact where doubles and 64-bit integers end', () => {
    const history = new History();
    const [alice, bob, acme] = [history.admit('alice'), history.admit('bob'), history.list('ACME')];
    const store = new QueryStore(':memory:');
    for (let count = 1; count <= 5; count++) {
      const sell = history.post(alice, acme, 'sell', MAX_TICKS, MAX_LOTS);
      history.deal(sell, history.post(bob, acme, 'buy', MAX_TICKS, MAX_LOTS), MAX_TICKS, MAX_LOTS);
      add(store, history);
    }
    const cash = 5n * BigInt(MAX_TICKS) * BigInt(MAX_LOTS);
    const shown = `${cash / 100n}.${String(cash % 100n).padStart(2, '0')}`;
    expect(store.queries.positions()).toMatchObject([
      { participant: 'alice', net: String(-5n * BigInt(MAX_LOTS)), cash: shown },
      { participant: 'bob', net: String(5n * BigInt(MAX_LOTS)), cash: `-${shown}` },
    ]);
    expect(store.queries.candles({ instrument: 'ACME', interval: '1d' })?.candles).toMatchObject([
      { volume: String(5n * BigInt(MAX_LOTS)), deals: 5 },
    ]);
    store.close();
  });
});

describe('the views', () => {
  it('The views show any SQLite tool the intentions and the deals that the store answers with', () => {
    const history = new History();
    const [alice, bob, acme] = [history.admit('alice'), history.admit('bob'), history.list('ACME')];
    history.seal();
    for (let count = 0; count < 150; count++) {
      const sell = history.post(alice, acme, 'sell', 100 + count, 5);
      if (count % 2 === 0) history.deal(sell, history.post(bob, acme, 'buy', 400, 7), 100 + count, 5);
    }
    history.seal();
    const store = new QueryStore(file);
    add(store, history);
    const [intentions, deals] = [store.queries.intentions({ limit: 1_000 }), store.queries.deals({ limit: 1_000 })];
    expect(intentions.length).toBeGreaterThan(128);
    store.close();
    const database = new SqlDatabase(file);
    const seen = database.rows(
      'SELECT intention_id, client_id, posted_position, filled_lots, closed_position FROM intentions ORDER BY 1',
    );
    expect(seen).toEqual(
      intentions.map(({ id, clientIntentionId, postedPosition, filled, closedPosition = 0 }) => {
        return [Number(id), clientIntentionId, postedPosition, Number(filled), closedPosition];
      }),
    );
    const dealt = database.rows('SELECT position, price_ticks, buyer_id, seller_id FROM deals ORDER BY 1');
    expect(dealt).toEqual(
      deals.map(({ position, price, buyerIntention, sellerIntention }) => {
        return [position, Math.round(100 * Number(price)), Number(buyerIntention), Number(sellerIntention)];
      }),
    );
    const perParticipant =
      'SELECT name, COUNT(*) FROM intentions JOIN participants USING (participant_id) GROUP BY name';
    expect(database.rows(perParticipant)).toEqual([
      ['alice', 150],
      ['bob', 75],
    ]);
    database.close();
  });
});
