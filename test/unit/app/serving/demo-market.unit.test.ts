import { expect, it } from 'vitest';
import { IntentionFold } from '../../../../projections/store/database/intention-fold.js';
import { QueryStore } from '../../../../projections/store/database/query-store.js';
import { foldLog } from '../../../../projections/read-models.js';
import { DemoMarket } from '../../../../src/app/serving/demo-market.js';
import { eventLines } from '../../../../src/cli/reports/event-lines.js';
import { Exchange } from '../../../../src/exchange/exchange.js';
import { MemoryLog } from '../../../support/log/memory-log.js';

async function demoLog(epoch: number): Promise<MemoryLog> {
  const log = new MemoryLog();
  let nowMs = 1_700_000_000_000;
  const exchange = await Exchange.open(log, { clock: () => nowMs++ });
  const demo = new DemoMarket(exchange, epoch);
  await demo.start();
  demo.stop();
  await exchange.close();
  return log;
}

async function typesOf(log: MemoryLog): Promise<string[]> {
  const types: string[] = [];
  for await (const batch of log.read(0)) for (const { type } of eventLines(batch, 0)) types.push(type);
  return types;
}

it('The demo market shows deals at once, the same ones in the same epoch', async () => {
  const [one, same, other] = await Promise.all([demoLog(1), demoLog(1), demoLog(2)]);
  const types = await typesOf(one);
  expect(types.filter((type) => type === 'DealConfirmed').length).toBeGreaterThan(3);
  expect(await typesOf(same)).toEqual(types);
  expect(await typesOf(other)).not.toEqual(types);
});

it('The demo market leaves a log in which an intention followed alone is what the query store has of it', async () => {
  const log = await demoLog(3);
  const store = new QueryStore(':memory:');
  for await (const batch of log.read(0)) store.add(batch);
  store.commit();
  for (let id = 1; ; id++) {
    const stored = store.queries.intention(String(id));
    const fold = new IntentionFold(id);
    await foldLog(log, [fold]);
    expect(fold.view()).toEqual(stored);
    if (stored === undefined) break;
  }
  store.close();
});
