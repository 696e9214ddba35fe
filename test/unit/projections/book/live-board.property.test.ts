import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BookFold } from '../../../../projections/book/book.js';
import { bookView } from '../../../../projections/book/views.js';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { LedgerFold } from '../../../../projections/ledger/ledger.js';
import { foldLog } from '../../../../projections/read-models.js';
import { QueryStore } from '../../../../projections/store/database/query-store.js';
import { Exchange } from '../../../../src/exchange/exchange.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { runs } from '../../../support/property/runs.js';

const command = fc.record({
  kind: fc.constantFrom('post', 'post', 'post', 'post', 'withdraw', 'reduce', 'replace', 'call', 'uncross'),
  participant: fc.constantFrom('alice', 'bob', 'carol'),
  side: fc.constantFrom('buy', 'sell'),
  type: fc.constantFrom('limit', 'limit', 'limit', 'market'),
  timeInForce: fc.constantFrom('gtc', 'gtc', 'ioc', 'fok'),
  price: fc.integer({ min: 95, max: 105 }),
  quantity: fc.integer({ min: 1, max: 20 }),
  target: fc.nat(),
} as const);

type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

/** Sends a command; whether it is refused does not matter here. Returns the id of what was posted. */
async function send(
  exchange: Exchange,
  given: Command,
  number: number,
  ids: readonly string[],
): Promise<string | undefined> {
  const { kind, participant, side, type, price, quantity } = given;
  const id = ids[given.target % Math.max(1, ids.length)] ?? '1';
  switch (kind) {
    case 'post': {
      const terms = type === 'market' ? { type } : { type, price: String(price), timeInForce: given.timeInForce };
      const names = { participant, instrument: 'ACME', clientIntentionId: `c-${number}` };
      const answer = await exchange.post({ ...names, side, quantity: String(quantity), ...terms });
      return answer.ok ? answer.id : undefined;
    }
    case 'withdraw':
      await exchange.withdraw({ id });
      return undefined;
    case 'reduce':
      await exchange.reduce({ id, by: String(quantity) });
      return undefined;
    case 'replace':
      await exchange.replace({ id, price: String(price), quantity: String(quantity) });
      return undefined;
    case 'call':
      await exchange.changePhase({ instrument: 'ACME', phase: 'call' });
      return undefined;
    case 'uncross':
      await exchange.uncross({ instrument: 'ACME' });
      await exchange.changePhase({ instrument: 'ACME', phase: 'continuous' });
      return undefined;
  }
}

it('Book, deals and intentions rebuilt from the log are those of the live exchange', async () => {
  const property = fc.asyncProperty(fc.array(command, { maxLength: 80 }), async (commands) => {
    const log = new MemoryLog();
    const exchange = await Exchange.open(log);
    await exchange.list({ symbol: 'ACME', tickSize: '1', lotSize: '1' });
    const ids: string[] = [];
    for (const [number, given] of commands.entries()) {
      const id = await send(exchange, given, number, ids);
      if (id !== undefined) ids.push(id);
    }
    const [book, directory, ledger] = [new BookFold(), new DirectoryFold(), new LedgerFold()];
    const { position } = await foldLog(log, [book, directory, ledger]);
    const instrument = directory.instrumentBySymbol('ACME');
    if (instrument === undefined) throw new Error('it was listed');
    const live = await exchange.book('ACME', 50);
    expect({ ...live, position }).toEqual(bookView(book, instrument, 50, position));
    expect(ledger.dealsConfirmed).toBe(exchange.status().deals);
    expect(ledger.openDeals.size).toBe(0);
    const store = new QueryStore(':memory:');
    for await (const batch of log.read(0)) store.add(batch);
    store.commit();
    const open = ['alice', 'bob', 'carol'].flatMap((participant) =>
      store.queries.intentions({ participant, status: 'open' }),
    );
    expect(open).toHaveLength(exchange.status().openIntentions);
    store.close();
    await exchange.close();
  });
  await fc.assert(property, runs(25));
});
