import { describe, expect, it } from 'vitest';
import { auditLog } from '../../../projections/audit/audit-log.js';
import { EventImport } from '../../../src/app/importing/event-import.js';
import { eventLines } from '../../../src/cli/reports/event-lines.js';
import { NewLogTarget } from '../../../src/app/importing/import-target.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { History } from '../../support/history/history.js';
import { logOf } from '../../support/history/history-log.js';
import { MemoryLog } from '../../support/log/memory-log.js';

/** A log from when such symbols could be listed, as its export has it. */
function exported(): { history: History; lines: string[] } {
  const history = new History();
  const alice = history.admit('alice');
  for (const symbol of ['.', '..', '...']) {
    history.post(alice, history.list(symbol), 'sell', 1_000, 5);
  }
  history.seal();
  const lines = history.batches().flatMap((batch) => [...eventLines(batch, 0)].map((line) => JSON.stringify(line)));
  return { history, lines };
}

describe('a log that holds the symbols . and ..', () => {
  it('A log that holds the symbols . and .. is imported, audited and opened as ever, and what stands there can be dealt with', async () => {
    const { history, lines } = exported();
    expect(await auditLog(logOf(history))).toMatchObject({ isDamaged: false, violationCount: 0 });
    const log = new MemoryLog();
    const importing = new EventImport(new NewLogTarget(await log.open()), 0);
    for (const [index, line] of lines.entries()) await importing.add(line, `export:${index + 1}`);
    await importing.finish();
    const exchange = await Exchange.open(log);
    for (const instrument of ['.', '..', '...']) {
      expect(await exchange.instrument(instrument)).toMatchObject({ symbol: instrument });
      const terms = { participant: 'bob', instrument, side: 'buy', price: '10.00', quantity: '2' } as const;
      expect(await exchange.post({ clientIntentionId: `b${instrument}`, ...terms })).toMatchObject({ ok: true });
    }
    expect(exchange.status()).toMatchObject({ state: 'serving', deals: 3 });
    await exchange.close();
  });

  it('A log that holds the symbols . and .. gets no more of them: they are not listed, nor changed', async () => {
    const exchange = await Exchange.open(new MemoryLog());
    for (const symbol of ['.', '..']) {
      const answer = await exchange.list({ symbol, tickSize: '0.01', lotSize: '1' });
      expect(answer).toMatchObject({ ok: false, code: 'INVALID_SYMBOL' });
    }
    expect(await exchange.list({ symbol: '...', tickSize: '0.01', lotSize: '1' })).toMatchObject({ ok: true });
    await exchange.close();
  });
});
