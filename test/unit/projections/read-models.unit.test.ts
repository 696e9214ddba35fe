import { expect, it } from 'vitest';
import { BookFold } from '../../../projections/book/book.js';
import { DirectoryFold } from '../../../projections/directory/directory.js';
import { LedgerFold } from '../../../projections/ledger/ledger.js';
import { foldLog } from '../../../projections/read-models.js';
import { TapeFold } from '../../../projections/tape/tape.js';
import { foldBatch } from '../../../src/events/fold.js';
import type { Journal } from '../../../src/domain/journal.generated.js';
import { FanOut, NoopHandler } from '../../../src/events/handlers.generated.js';
import { History } from '../../support/history/history.js';
import { logOf } from '../../support/history/history-log.js';
import { NaiveMarket } from '../../support/history/naive-market.js';

const history = new History();
new NaiveMarket(history, 5).run(600);
const head = history.batches().reduce((sum, { count }) => sum + count, 0);

/** Notes every event that it receives. */
function recorder(): { fold: NoopHandler; received: string[] } {
  const received: string[] = [];
  const fold = new NoopHandler();
  for (const event of Object.getOwnPropertyNames(NoopHandler.prototype) as (keyof Journal)[]) {
    if ((event as string) === 'constructor') continue;
    Object.assign(fold, {
      [event]: (record: object) =>
        received.push(`${fold.position} ${fold.atMs} ${event} ${Object.values(record).join()}`),
    });
  }
  return { fold, received };
}

it('A pass over the log hands several folds in one pass the events that each would receive alone', () => {
  const [alone, one, other] = [recorder(), recorder(), recorder()];
  const silent = new NoopHandler();
  const fanOut = new FanOut([one.fold, silent, other.fold]);
  for (const batch of history.batches()) {
    foldBatch(batch, alone.fold);
    foldBatch(batch, fanOut);
  }
  fanOut.align();
  expect(one.received).toEqual(alone.received);
  expect(other.received).toEqual(alone.received);
  expect(silent.position).toBe(head - 1);
});

it('A pass over the log folds a whole log and says how far it has come', async () => {
  const [book, ledger] = [new BookFold(), new LedgerFold()];
  const progress: number[] = [];
  const result = await foldLog(logOf(history), [book, ledger], { onProgress: (position) => progress.push(position) });
  expect(result).toEqual({ events: head, position: head });
  expect(progress.at(-1)).toBe(head);
  expect(ledger.caughtUpTo).toBe(head);
});

it('A pass over the log stands anywhere exactly as if the log ended there', async () => {
  for (const until of [0, 1, 137, 138, 139, 500, head, head + 10]) {
    const folds = [new DirectoryFold(), new BookFold(), new LedgerFold(), new TapeFold()];
    const { position, events } = await foldLog(logOf(history), folds, { until });
    expect(position).toBe(Math.min(until, head));
    expect(events).toBe(position);
    for (const fold of folds) expect(fold.position).toBe(position - 1);
  }
});

it('A pass over the log goes on from a position', async () => {
  const whole = new LedgerFold();
  await foldLog(logOf(history), [whole]);
  const parts = new LedgerFold();
  const { position } = await foldLog(logOf(history), [parts], { until: 301 });
  const rest = await foldLog(logOf(history), [parts], { from: position });
  expect(rest).toEqual({ events: head - 301, position: head });
  expect(parts.positions()).toEqual(whole.positions());
});
