import { describe, expect, it } from 'vitest';
import type { Subscribe } from '../../../../src/client/socket/channels.js';
import { ParleySocket, type SocketLike } from '../../../../src/client/socket/socket.js';
import { LiveBook } from '../../../../src/web/market/book/live-book.js';
import { TradeFlow } from '../../../../src/web/market/tape/trade-flow.js';
import { bookChecksum } from '../../../../src/client/market/checksum.js';

type Sent = { readonly id: number } & ({ readonly subscribe: Subscribe } | { readonly unsubscribe: Subscribe });

/** A stand-in for the server’s end of a WebSocket: what was sent, and what the test answers. */
class FarEnd {
  readonly sent: Sent[] = [];
  private readonly listeners = new Map<string, (event: never) => void>();

  readonly socket = (() => {
    const { sent, listeners } = this;
    return class implements SocketLike {
      send(text: string): void {
        sent.push(JSON.parse(text) as Sent);
      }
      close(): void {
        listeners.clear();
      }
      addEventListener(type: string, listener: (event: never) => void): void {
        listeners.set(type, listener);
      }
    };
  })();

  open(): void {
    this.listeners.get('open')?.({} as never);
  }

  say(message: object): void {
    this.listeners.get('message')?.({ data: JSON.stringify(message) } as never);
  }

  /** Answers the request that came last. */
  async answer(status = 200, body: object = {}): Promise<void> {
    this.say({ id: this.sent.at(-1)?.id, status, body });
    await settled();
  }

  get asked(): readonly string[] {
    return this.sent.map((each) => ('subscribe' in each ? 'subscribe' : 'unsubscribe'));
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

async function connected(): Promise<{ readonly end: FarEnd; readonly socket: ParleySocket }> {
  const end = new FarEnd();
  return { end, socket: new ParleySocket({ url: 'http://there', WebSocket: end.socket }) };
}

const level = (price: string, quantity: string) => ({ price, quantity, intentions: 1 });
function snapshot(position: number, price: string) {
  const levels = { bids: [level(price, '5')], asks: [] };
  const of = { channel: 'book', type: 'snapshot', instrument: 'ACME', phase: 'continuous' };
  return { ...of, position, ...levels, checksum: bookChecksum(levels) };
}

describe('LiveBook', () => {
  it('A live book subscribes again when it is out of step, and tells nobody of what is left of it', async () => {
    const { end, socket } = await connected();
    const told: number[] = [];
    const book = new LiveBook(socket, 'ACME', {
      changed: ({ position, bids }) => told.push(position, bids.length),
      failed: (error) => expect.unreachable(error.message),
    });
    await settled();
    end.open();
    await end.answer();
    end.say(snapshot(10, '10.20'));
    end.say({ ...snapshot(14, '10.20'), type: 'diff', from: 12 });
    await settled();
    expect(end.asked).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
    end.say({ ...snapshot(15, '10.20'), type: 'diff', from: 14 });
    await end.answer();
    end.say(snapshot(20, '10.25'));
    expect(told).toEqual([10, 1, 20, 1]);
    expect(end.asked).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
    book.end();
  });
});

describe('TradeFlow', () => {
  it('A flow of trades tells each trade once, from its position on', async () => {
    const { end, socket } = await connected();
    const flow = new TradeFlow(socket, 'ACME', 10, (error) => expect.unreachable(error.message));
    const told: number[] = [];
    flow.listen(({ position }) => told.push(position));
    await settled();
    end.open();
    await end.answer();
    const trade = { channel: 'trades', type: 'trade', instrument: 'ACME', price: '1', quantity: '1', takerSide: 'buy' };
    for (const position of [9, 12, 12, 15]) end.say({ ...trade, position, at: '2026-11-29T10:00:00Z' });
    expect(told).toEqual([12, 15]);
    expect(flow.upTo).toBe(16);
    flow.end();
  });

  it('A flow of trades may be followed again before its first subscription has been answered', async () => {
    const { end, socket } = await connected();
    const failures: string[] = [];
    const follow = (): TradeFlow => new TradeFlow(socket, 'ACME', 0, ({ code }) => failures.push(code));
    follow().end();
    await settled();
    const first = follow();
    await settled();
    end.open();
    first.end();
    const second = follow();
    await settled();
    expect(end.asked).toEqual(['subscribe']);
    await end.answer();
    expect(end.asked).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
    expect(failures).toEqual([]);
    second.end();
  });
});
