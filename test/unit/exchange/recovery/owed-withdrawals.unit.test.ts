import { expect, it } from 'vitest';
import { Exchange } from '../../../../src/exchange/exchange.js';
import { FlowClock, reproducible } from '../../../../src/flow/play/flow-clock.js';
import { logOfEvents } from '../../../support/history/log-of-events.js';
import { MemoryLog } from '../../../support/log/memory-log.js';
import { eventsIn } from '../../../support/reference/exchange-harness.js';

/** In each of the two; together more than are withdrawn in one turn. */
const POSTED = 700;
const symbols = ['ACME', 'BOLT'];

/** The exchange that a crash left of a log, once all that is due has been done. */
async function reopened(log: MemoryLog): Promise<Exchange> {
  const clock = new FlowClock();
  const exchange = await Exchange.open(log, { ...reproducible(clock), commit: 'grouped' });
  clock.startAt(exchange.recorded.nowMs);
  for (let passed = 0; passed < 5; passed++) clock.advance();
  return exchange;
}

it.each([
  ['in every instrument', undefined, 2 * POSTED],
  ['in one instrument', 'ACME', 2 * POSTED],
])(
  'A halt %s that a crash left half carried out is carried out once the log is opened, and what was posted later stays',
  async (_where, instrument, posts) => {
    const log = new MemoryLog();
    const exchange = await Exchange.open(log, { commit: 'grouped' });
    for (const symbol of symbols) await exchange.list({ symbol, tickSize: '1', lotSize: '1' });
    for (let post = 0; post < posts; post++) {
      const terms = {
        clientIntentionId: `c-${post}`,
        participant: 'alice',
        side: 'buy',
        price: '10',
        quantity: '1',
      } as const;
      await exchange.post({ ...terms, instrument: instrument ?? symbols[post % 2] ?? '' });
    }
    expect((await exchange.setLimits({ participant: 'alice', instrument, withdraw: true })).ok).toBe(true);
    await exchange.close();
    const events = await eventsIn(log);
    const limits = events.findIndex(({ event }) => event.type === 'LimitsSet');
    const left = await logOfEvents(events.slice(0, limits + POSTED).map(({ event }) => event));

    const after = await reopened(left);
    const late = { clientIntentionId: 'late', participant: 'alice', side: 'buy', price: '10', quantity: '1' } as const;
    expect((await after.post({ ...late, instrument: instrument ?? 'ACME' })).ok).toBe(true);
    await expect.poll(() => after.shards()[0]?.openIntentions).toBe(1);
    await after.close();
    const reasons = (await eventsIn(left)).flatMap(({ event }) =>
      event.type === 'IntentionWithdrawn' ? [event.reason] : [],
    );
    expect(reasons).toEqual(Array.from({ length: posts }, () => 'halted'));
  },
);
