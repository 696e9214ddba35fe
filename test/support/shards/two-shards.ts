/**
 * Two real shards, and between them a stand-in for a network that carries a message only when a test says so. Both look into each
 * other's logs by the real lookup.
 */
import { vi } from 'vitest';
import { shardOf } from '../../../src/domain/ids.js';
import type { ShardMessage } from '../../../src/domain/handshake/shard-message.js';
import { type Message, MessageKind } from '../../../src/domain/negotiators/mailbox.js';
import type { Market } from '../../../src/domain/market.js';
import type { Event } from '../../../src/events/event.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { firstDecision } from '../../../src/exchange/shard/peer-shards.js';
import { type OpenOptions, openShard } from '../../../src/exchange/recovery/recovery.js';
import type { Shard } from '../../../src/exchange/shard/shard.js';
import { nodeScheduler } from '../../../src/exchange/shard/scheduler.js';
import { MemoryLog } from '../log/memory-log.js';
import { around } from '../reference/faults.js';
import { eventsIn } from '../reference/exchange-harness.js';

type Index = 0 | 1;

export class TwoShards {
  /** Sent, and not delivered yet. */
  messages: ShardMessage[] = [];
  private readonly logs = [new MemoryLog({ shard: 0 }), new MemoryLog({ shard: 1 })] as const;
  private readonly shards: Shard[] = [];
  private readonly exchanges: Exchange[] = [];
  private readonly held = new Map<number, (() => void)[]>();
  private ledgerError: Error | undefined;
  private posted = 0;

  static async open(): Promise<TwoShards> {
    const shards = new TwoShards();
    for (const index of [0, 1] as const) {
      await shards.start(index);
      await shards.exchange(index).list({ symbol: 'ACME', tickSize: '1', lotSize: '1' });
    }
    return shards;
  }

  exchange(index: number): Exchange {
    const exchange = this.exchanges[index];
    if (exchange === undefined) throw new Error(`there is no shard ${index}`);
    return exchange;
  }

  shard(index: number): Shard {
    const shard = this.shards[index];
    if (shard === undefined) throw new Error(`there is no shard ${index}`);
    return shard;
  }

  market(index: number): Market {
    return this.shard(index).market;
  }

  /** Posts a limit intention at whole prices and quantities. Returns its id. */
  async post(
    index: number,
    participant: string,
    side: 'buy' | 'sell',
    price: number,
    quantity: number,
    clientIntentionId = `c-${++this.posted}`,
  ): Promise<number> {
    const terms = { instrument: 'ACME', side, price: String(price), quantity: String(quantity) };
    const answer = await this.exchange(index).post({ clientIntentionId, participant, ...terms });
    if (!answer.ok) throw new Error(answer.code);
    return Number(answer.id);
  }

  /** Announces to a standing intention of shard 0 one that has arrived in another shard. */
  async announce(standingId: number, arrivingId: number, lots: number): Promise<void> {
    const { negotiators } = this.market(0);
    const priceTicks = negotiators.limitTicks(negotiators.rowOf(standingId));
    const words = { participant: '', instrument: 'ACME', side: 0 };
    await this.deliver({
      kind: MessageKind.Announcement,
      toId: standingId,
      fromId: arrivingId,
      dealNumber: 0,
      priceTicks,
      lots,
      ...words,
    });
  }

  async deliver(message: ShardMessage): Promise<void> {
    this.shard(shardOf(message.toId)).receive(message);
    await settled();
  }

  async deliverNext(): Promise<ShardMessage> {
    const message = this.messages.shift();
    if (message === undefined) throw new Error('no message is on its way');
    await this.deliver(message);
    return message;
  }

  /** Until none is on its way; each as often as it is said. */
  async deliverAll(times = 1): Promise<void> {
    for (let message = this.messages.shift(); message !== undefined; message = this.messages.shift()) {
      const copies = this.messages.length < 20 ? times : 1;
      for (let copy = 0; copy < copies; copy++) await this.deliver(message);
    }
  }

  lose(which: (message: ShardMessage) => boolean): void {
    this.messages = this.messages.filter((message) => !which(message));
  }

  take(): ShardMessage[] {
    const { messages } = this;
    this.messages = [];
    return messages;
  }

  /** From now on nothing that a shard records becomes durable. */
  hold(index: number): void {
    this.held.set(index, []);
  }

  async release(index: number): Promise<void> {
    const tasks = this.held.get(index) ?? [];
    this.held.delete(index);
    for (const task of tasks) task();
    await settled();
  }

  failLedger(error: Error | undefined): void {
    this.ledgerError = error;
  }

  /** Makes a negotiator throw in its next turns. */
  failTurns(index: number, intentionId: number, times: number): void {
    let left = times;
    const { turns } = this.shard(index);
    around(turns, 'receive', (call, [message]) => {
      if ((message as Message).toId !== intentionId || left-- <= 0) return call();
      turns.receiverId = intentionId;
      throw new Error('made to fail');
    });
  }

  async advance(ms: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(ms);
    await settled();
  }

  /** The process is gone, and another starts on its log. */
  async crash(index: Index, options: OpenOptions = {}): Promise<void> {
    await this.start(index, options);
    await settled();
  }

  events(index: Index): Promise<Event[]> {
    return eventsIn(this.logs[index]).then((recorded) => recorded.map(({ event }) => event));
  }

  /** Lots that are reserved in each. */
  reserved(): number[] {
    return this.shards.map(({ market }) => {
      let lots = 0;
      market.negotiators.forEachRow((row) => (lots += market.negotiators.reservedLots(row)));
      return lots;
    });
  }

  async close(): Promise<void> {
    for (const exchange of this.exchanges) await exchange.close();
  }

  private async start(index: Index, options: OpenOptions = {}): Promise<void> {
    const shard = await openShard(this.logs[index], {
      clock: Date.now,
      scheduler: {
        soon: (task) => {
          const held = this.held.get(index);
          if (held === undefined) nodeScheduler.soon(task);
          else held.push(task);
        },
        after: (delayMs, task) => nodeScheduler.after(delayMs, task),
      },
      peers: {
        send: (message) => {
          this.messages.push(message);
        },
        decisionOf: (initiatorId, dealNumber) => {
          if (this.ledgerError !== undefined) return Promise.reject(this.ledgerError);
          const log = this.logs[shardOf(initiatorId)];
          if (log === undefined) throw new Error('no such shard');
          return firstDecision(log, initiatorId, dealNumber);
        },
      },
      ...options,
    });
    this.shards[index] = shard;
    this.exchanges[index] = new Exchange(shard);
  }
}

/** Lets appends, lookups and what follows from them come to their end. */
async function settled(): Promise<void> {
  for (let round = 0; round < 8; round++) await new Promise((resolve) => setImmediate(resolve));
}
