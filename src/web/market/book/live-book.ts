import type { BookMessage } from '../../../client/market/market-types.js';
import { OrderBook } from '../../../client/market/order-book.js';
import type { ParleySocket } from '../../../client/socket/socket.js';
import { ParleyError } from '../../../client/wire/error.js';
import { follow } from '../../source/follow.js';

export interface BookWatch {
  /** Called for each message, so it must only note that there is something to draw. */
  readonly changed: (book: OrderBook) => void;
  readonly failed: (error: ParleyError) => void;
}

/**
 * Keeps one book by its channel.
 *
 * 1. Whoever is told of a change sees a whole book: while it is out of step, until the next snapshot, nobody is told.
 */
export class LiveBook {
  private readonly book: OrderBook;
  private stop: () => void;

  constructor(
    private readonly socket: ParleySocket,
    symbol: string,
    private readonly watch: BookWatch,
  ) {
    this.book = new OrderBook(symbol);
    this.stop = this.begin();
  }

  end(): void {
    this.stop();
  }

  private begin(): () => void {
    return follow(this.socket, {
      wish: () => ({ channel: 'book', instrument: this.book.instrument }),
      take: (message) => this.take(message),
      failed: this.watch.failed,
    });
  }

  private take(message: BookMessage): void {
    // The last of the subscription before this one: the snapshot is still to come.
    if (message.type === 'diff' && this.book.position < 0) return;
    try {
      this.book.apply(message);
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      this.stop();
      this.stop = this.begin();
      return;
    }
    this.watch.changed(this.book);
  }
}
