import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExchangePort } from '../../../../src/exchange/port.js';
import { Stop } from '../../../../src/server/lifecycle.js';
import { Disconnects } from '../../../../src/server/sockets/disconnects.js';
import { stoppedExchange } from '../../../support/http/stopped-exchange.js';

type Answer = Awaited<ReturnType<ExchangePort['withdrawAll']>>;

const done: Answer = { ok: true, withdrawn: 0, intentions: [], positions: new Map() };
const away: Answer = { ok: false, code: 'SHARD_UNAVAILABLE', detail: 'shard 0 is being opened' };

/** What is withdrawn when connections end, of an exchange that answers as it is told; `asked` counts. */
function withdrawals(answer: (asked: number) => Answer) {
  const lifecycle = new Stop();
  const logged: unknown[] = [];
  const counted = { asked: 0 };
  const exchange: ExchangePort = {
    ...stoppedExchange(0),
    withdrawAll: async () => answer(++counted.asked),
  };
  const logger = pino({ level: 'error' }, { write: (line) => void logged.push(JSON.parse(line)) });
  return { disconnects: new Disconnects({ exchange, logger, lifecycle }), lifecycle, logged, counted };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what is withdrawn when a connection ends', () => {
  it('A withdrawal at the end of a connection is tried again while a shard does not answer, or the exchange fails', async () => {
    const { disconnects, logged, counted } = withdrawals((asked) => {
      if (asked === 1) throw new Error('the shard has stopped');
      return asked < 4 ? away : done;
    });
    const withdrawn = disconnects.withdraw('alice');
    await vi.runAllTimersAsync();
    await withdrawn;
    expect(counted.asked).toBe(4);
    expect(logged).toEqual([]);
  });

  it('A withdrawal at the end of a connection is given up after half a minute, and that is logged', async () => {
    const { disconnects, logged, counted } = withdrawals(() => away);
    const began = Date.now();
    const withdrawn = disconnects.withdraw('alice');
    await vi.runAllTimersAsync();
    await withdrawn;
    expect(counted.asked).toBe(20);
    expect(Date.now() - began).toBeGreaterThan(10_000);
    expect(Date.now() - began).toBeLessThan(40_000);
    expect(logged).toMatchObject([{ participant: 'alice', code: 'SHARD_UNAVAILABLE' }]);
  });

  it('A withdrawal at the end of a connection is given up at once when the server stops, and when it is refused for good', async () => {
    const stopped = withdrawals(() => away);
    const withdrawn = stopped.disconnects.withdraw('alice');
    await vi.advanceTimersByTimeAsync(1);
    stopped.lifecycle.cut();
    await withdrawn;
    expect(stopped.counted.asked).toBeLessThanOrEqual(2);
    expect(stopped.logged).toMatchObject([{ participant: 'alice' }]);

    const refused = withdrawals(() => ({ ok: false, code: 'UNKNOWN_INSTRUMENT', detail: 'none' }));
    await refused.disconnects.withdraw('alice');
    expect(refused.counted.asked).toBe(1);
    expect(refused.logged).toMatchObject([{ code: 'UNKNOWN_INSTRUMENT' }]);
  });
});
