import type { Ticker } from '../../../client/market/market-types.js';
import type { ParleySocket } from '../../../client/socket/socket.js';
import { minus } from '../../parts/exact.js';
import { follow } from '../../source/follow.js';

/** The server has 64 subscriptions a connection at most; some are for what else is on the page. */
export const MOST_FOLLOWED = 48;

/** By how much the last price has moved, and when, by this machine’s clock. */
export interface Move {
  readonly by: string;
  readonly atMs: number;
}

/**
 * The newest tickers, from looks at all of them and from the streams of a few.
 *
 * 1. A ticker never gives way to one of an earlier position.
 * 2. At most MOST_FOLLOWED streams are open.
 */
export class LiveTickers {
  private readonly tickers = new Map<string, Ticker>();
  private readonly moves = new Map<string, Move>();
  private readonly followed = new Map<string, () => void>();

  constructor(
    private readonly nowMs: () => number,
    private readonly changed: () => void,
  ) {}

  get list(): readonly Ticker[] {
    return [...this.tickers.values()];
  }

  moveOf(symbol: string): Move | undefined {
    return this.moves.get(symbol);
  }

  /** All there are: those that are not among them are gone. */
  takeAll(tickers: readonly Ticker[]): void {
    const symbols = new Set(tickers.map(({ instrument }) => instrument));
    for (const symbol of this.tickers.keys()) if (!symbols.has(symbol)) this.tickers.delete(symbol);
    for (const ticker of tickers) this.take(ticker);
    this.changed();
  }

  /** Follows these from now on, and no others. */
  follow(socket: ParleySocket, symbols: readonly string[]): void {
    const wanted = new Set(symbols.slice(0, MOST_FOLLOWED));
    for (const [symbol, end] of this.followed) {
      if (wanted.has(symbol)) continue;
      end();
      this.followed.delete(symbol);
    }
    for (const symbol of wanted) {
      if (this.followed.has(symbol)) continue;
      const end = follow(socket, {
        wish: () => ({ channel: 'ticker', instrument: symbol }),
        take: (message) => {
          if (this.take(message)) this.changed();
        },
      });
      this.followed.set(symbol, end);
    }
  }

  end(): void {
    for (const end of this.followed.values()) end();
    this.followed.clear();
  }

  /** Whether it is news. */
  take(ticker: Ticker): boolean {
    const before = this.tickers.get(ticker.instrument);
    if (before !== undefined && before.position > ticker.position) return false;
    this.tickers.set(ticker.instrument, ticker);
    if (before?.last !== undefined && ticker.last !== undefined && before.last !== ticker.last)
      this.moves.set(ticker.instrument, { by: minus(ticker.last, before.last), atMs: this.nowMs() });
    return true;
  }
}
