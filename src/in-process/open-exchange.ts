import { openHost } from './host.js';
import type { ExchangeInProcess, ExchangeOptions } from './exchange-in-process.js';

/**
 * Opens an exchange in this process, which is to be closed in the end. Rejects where its log cannot be opened, with errors that have a
 * `code`: LOG_LOCKED where another process has it, LOG_DAMAGED, LOG_LOST, or what the disk says.
 *
 * ```ts
 * const exchange = await openExchange({ data: 'parley-data' });
 * await exchange.list({ symbol: 'ACME', tickSize: '0.05', lotSize: '1' });
 * await exchange.post({
 *   clientIntentionId: 'a-1', participant: 'alice', instrument: 'ACME', side: 'buy', price: '10.25', quantity: '100',
 * });
 * console.log(await exchange.book('ACME'));
 * await exchange.close();
 * ```
 */
export function openExchange(options: ExchangeOptions): Promise<ExchangeInProcess> {
  return openHost(options);
}
