import type { Trade } from '../../../client/market/market-types.js';
import type { ParleySocket } from '../../../client/socket/socket.js';
import type { ParleyError } from '../../../client/wire/error.js';
import { follow } from '../../source/follow.js';

/**
 * The trades of one instrument from a log position on, as they become durable.
 *
 * 1. Whoever listens is told of each trade at `upTo` or later, as it stood when it began to listen, once and in order.
 */
export class TradeFlow {
  private readonly listeners = new Set<(trade: Trade) => void>();
  private readonly stop: () => void;
  private next: number;

  constructor(
    socket: ParleySocket,
    readonly symbol: string,
    from: number,
    failed: (error: ParleyError) => void,
  ) {
    this.next = from;
    this.stop = follow(socket, {
      wish: () => ({ channel: 'trades', instrument: symbol, from: this.next }),
      take: (trade) => {
        if (trade.position < this.next) return;
        this.next = trade.position + 1;
        for (const listener of this.listeners) listener(trade);
      },
      failed,
    });
  }

  /** All trades before this log position have been told. */
  get upTo(): number {
    return this.next;
  }

  /** Listens until the function that it returns is called. */
  listen(listener: (trade: Trade) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  end(): void {
    this.stop();
    this.listeners.clear();
  }
}
