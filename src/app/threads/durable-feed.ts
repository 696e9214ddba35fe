import type { ExchangeLog } from '../../exchange/exchange-log.js';

/**
 * Calls `tell` with the position up to which the log is durable: at once, then after each commit, until the function that it returns is called.
 * A follower that began with an earlier position has missed nothing: what falls due right after a start is committed while the rest of
 * the server is still being made, and without further commands nothing else would ever tell of it.
 */
export function followDurable(
  log: Pick<ExchangeLog, 'durable' | 'onDurable'>,
  tell: (durable: number) => void,
): () => void {
  const end = log.onDurable(tell);
  tell(log.durable);
  return end;
}
