import type { ExchangeInProcess, ExchangeOptions } from '../exchange-in-process.js';
import { openHost } from '../host.js';
import { ManualClock } from './manual-clock.js';

export type TestExchangeOptions = ExchangeOptions & {
  /** The time of this exchange, and of others that get the same one; a new clock unless said otherwise. */
  readonly clock?: ManualClock | undefined;
};

export interface TestExchange extends ExchangeInProcess {
  /** Its time, which stands still until it is advanced. */
  readonly clock: ManualClock;
}

/**
 * Opens an exchange whose time the test sets. It is to be closed in the end. Rejects as `openExchange` of the package itself does.
 *
 * ```ts
 * const exchange = await openExchange({ memory: true, clock: new ManualClock('2030-01-07T09:00:00Z') });
 * const { url } = await exchange.listen();
 * // … let the program trade …
 * await exchange.clock.advance(60_000);
 * await exchange.quiet();
 * assert.equal((await exchange.eventsSoFar({ type: 'DealConfirmed' })).length, 1);
 * await exchange.close();
 * ```
 */
export async function openExchange(options: TestExchangeOptions = { memory: true }): Promise<TestExchange> {
  const { clock = new ManualClock(), ...where } = options;
  const exchange = await openHost(where, clock.time);
  const unwatch = clock.watch(() => exchange.quiet());
  const quiet = (): Promise<void> => clock.advance(0);
  await quiet(); // what fell due while it was closed is done
  return {
    ...exchange,
    clock,
    quiet,
    close: () => {
      unwatch();
      return exchange.close();
    },
  };
}
