import { Index, shardOf } from '../../../src/domain/ids.js';
import type { ShardMessage } from '../../../src/domain/handshake/shard-message.js';
import type { Market } from '../../../src/domain/market.js';
import { type Message, MessageKind } from '../../../src/domain/negotiators/mailbox.js';
import type { Event } from '../../../src/events/event.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { type OpenOptions, openShard } from '../../../src/exchange/recovery/recovery.js';
import { firstDecision } from '../../../src/exchange/shard/peer-shards.js';
import type { Shard } from '../../../src/exchange/shard/shard.js';
import { MemoryLog } from '../log/memory-log.js';
import { eventsIn } from '../reference/exchange-harness.js';
import { around } from '../reference/faults.js';
import { limitPost } from '../reference/limit-post.js';
import { VirtualTime } from '../time/virtual-time.js';

/** Appends, look-ups and what they lead to take a few rounds of the event loop. */
const ROUNDS = 8;
const MOST_DEADLINES = 1_000;
/** More messages than this on their way are not multiplied any further. */
const MOST_COPIED = 20;

const acme = { symbol: 'ACME', tickSize: '1', lotSize: '1', minPrice: '1', maxPrice: '1000' };

/** One process of a shard. */
interface Process {
  readonly shard: Shard;
  readonly exchange: Exchange;
}

/**
 * Real shards that list the same instrument, with stand-ins for what is between them: a network that keeps each message until a test
 * delivers or drops it, and time that stands still until a test lets it pass. Each looks into the others' logs by the real lookup.
 *
 * The model check has a network of its own (test/model-check/model): it goes through all that can happen, and so keeps states, not shards.
 */
export class ShardNetwork {
  readonly logs: readonly MemoryLog[];
  readonly time = new VirtualTime();
  /** Sent, and not delivered yet, in the order in which they were sent. */
  messages: ShardMessage[] = [];
  private readonly processes: Process[] = [];
  /** How often each shard was started. */
  private readonly starts: number[] = [];
  private readonly held = new Map<number, (() => void)[]>();
  private ledgerError: Error | undefined;
  private posted = 0;

  private constructor(count: number) {
    this.logs = Array.from({ length: count }, (_, shard) => new MemoryLog({ shard }));
  }

  static async open(count = 2): Promise<ShardNetwork> {
    const network = new ShardNetwork(count);
    for (let number = 0; number < count; number++) {
      await network.start(number);
      await network.exchange(number).list(acme);
    }
    return network;
  }

  exchange(number: number): Exchange {
    return this.process(number).exchange;
  }

  shard(number: number): Shard {
    return this.process(number).shard;
  }

  market(number: number): Market {
    return this.shard(number).market;
  }

  /** Ends a shard's process as it is, with what is not durable, and starts another. */
  async start(number: number, options: OpenOptions = {}): Promise<void> {
    const start = (this.starts[number] ?? 0) + 1;
    this.starts[number] = start;
    const shard = await openShard(this.log(number).again(), {
      clock: this.time.clock,
      scheduler: {
        soon: (task) => {
          const held = this.held.get(number);
          if (held === undefined) this.time.scheduler.soon(task);
          else held.push(task);
        },
        after: (delayMs, task) =>
          this.time.scheduler.after(delayMs, () => {
            if (this.starts[number] === start) task();
          }),
      },
      peers: {
        send: (message) => {
          this.messages.push(message);
        },
        decisionOf: (initiatorId, dealNumber) =>
          this.ledgerError === undefined
            ? firstDecision(this.log(shardOf(initiatorId)), initiatorId, dealNumber)
            : Promise.reject(this.ledgerError),
      },
      ...options,
    });
    this.processes[number] = { shard, exchange: new Exchange(shard) };
    await this.settle();
  }

  /** Posts a limit intention, and returns its id once that is durable. */
  async post(
    number: number,
    participant: string,
    side: 'buy' | 'sell',
    price: number,
    quantity: number,
    clientIntentionId = this.nextClientId(),
  ): Promise<number> {
    const terms = { instrument: acme.symbol, side, price: String(price), quantity: String(quantity) };
    const answer = await this.exchange(number).post({ clientIntentionId, participant, ...terms });
    if (!answer.ok) throw new Error(answer.code);
    return Number(answer.id);
  }

  /** The same, without waiting for anything: what is under way goes on. */
  postNow(number: number, participant: string, side: number, priceTicks: number, quantityLots: number): number {
    const { posts } = this.shard(number);
    const terms = limitPost({ clientIntentionId: this.nextClientId(), participant, side, priceTicks, quantityLots });
    const id = posts.post(terms, this.time.clock());
    this.shard(number).commitSoon();
    if (typeof id !== 'number') throw new Error(`the post was refused: ${JSON.stringify(id)}`);
    return id;
  }

  withdrawNow(intentionId: number): void {
    const shard = this.shard(shardOf(intentionId));
    shard.posts.withdraw(intentionId, this.time.clock());
    shard.commitSoon();
  }

  reduceNow(intentionId: number, byLots: number): void {
    const shard = this.shard(shardOf(intentionId));
    const row = shard.market.negotiators.rowOf(intentionId);
    if (row === Index.None) return;
    shard.submit(
      (engine, atMs) => {
        engine.reduce(row, byLots, atMs);
        return () => undefined;
      },
      () => undefined,
    );
  }

  /** The board's hint, which comes at once: a standing intention hears of one that has arrived in another shard. */
  async announce(standingId: number, arrivingId: number, lots: number): Promise<void> {
    const { negotiators } = this.market(shardOf(standingId));
    const priceTicks = negotiators.limitTicks(negotiators.rowOf(standingId));
    await this.deliver(announcement({ toId: standingId, fromId: arrivingId, priceTicks, lots, side: 0 }));
  }

  /** The same on its way like other messages, and only for what is durable and on two sides. */
  announceLater(standingId: number, arrivingId: number): void {
    const [standing, arriving] = [this.durable(standingId), this.durable(arrivingId)];
    if (standing === undefined || arriving === undefined || standing.side === arriving.side) return;
    const { priceTicks } = standing;
    this.messages.push(announcement({ ...arriving, priceTicks, toId: standingId, fromId: arrivingId }));
  }

  private durable(id: number): { side: number; priceTicks: number; lots: number } | undefined {
    const { market, posts, durable } = this.shard(shardOf(id));
    const { negotiators } = market;
    const row = negotiators.rowOf(id);
    if (row === Index.None || posts.postedPosition(id) >= durable) return undefined;
    return { side: negotiators.side(row), priceTicks: negotiators.limitTicks(row), lots: negotiators.openLots(row) };
  }

  async deliver(message: ShardMessage): Promise<void> {
    this.shard(shardOf(message.toId)).receive(message);
    await this.settle();
  }

  /** Without waiting for what comes of it; a copy of the message may stay on its way. */
  deliverNow(index: number, isCopied = false): void {
    const message = this.messages[index];
    if (!isCopied) this.messages.splice(index, 1);
    if (message !== undefined) this.shard(shardOf(message.toId)).receive(message);
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
      const copies = this.messages.length < MOST_COPIED ? times : 1;
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
  hold(number: number): void {
    this.held.set(number, []);
  }

  async release(number: number): Promise<void> {
    const tasks = this.held.get(number) ?? [];
    this.held.delete(number);
    for (const task of tasks) task();
    await this.settle();
  }

  failLedger(error: Error | undefined): void {
    this.ledgerError = error;
  }

  /** Makes a negotiator throw in its next turns. */
  failTurns(number: number, intentionId: number, times: number): void {
    let left = times;
    const { turns } = this.shard(number);
    around(turns, 'receive', (call, [message]) => {
      if ((message as Message).toId !== intentionId || left-- <= 0) return call();
      turns.receiverId = intentionId;
      throw new Error('made to fail');
    });
  }

  async advance(ms: number): Promise<void> {
    await this.time.pass(ms);
    await this.settle();
  }

  /** Lets appends, lookups and what follows from them come to their end. */
  async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) await this.time.standStill();
  }

  /** Lets every message come, and then deadline after deadline, until no deal is open anywhere. */
  async rest(): Promise<void> {
    for (let deadlines = 0; deadlines < MOST_DEADLINES; deadlines++) {
      await this.settle();
      await this.deliverAll();
      if (this.processes.every(({ shard }) => shard.market.deals.size === 0)) return;
      this.time.passToNext();
    }
    throw new Error('the market does not come to rest');
  }

  events(number: number): Promise<Event[]> {
    return eventsIn(this.log(number)).then((recorded) => recorded.map(({ event }) => event));
  }

  /** Lots that are reserved in each. */
  reserved(): number[] {
    return this.processes.map(({ shard: { market } }) => {
      let lots = 0;
      market.negotiators.forEachRow((row) => (lots += market.negotiators.reservedLots(row)));
      return lots;
    });
  }

  async close(): Promise<void> {
    for (const { exchange } of this.processes) await exchange.close();
  }

  private nextClientId(): string {
    return `c-${++this.posted}`;
  }

  private log(number: number): MemoryLog {
    const log = this.logs[number];
    if (log === undefined) throw new RangeError(`there is no shard ${number}`);
    return log;
  }

  private process(number: number): Process {
    const process = this.processes[number];
    if (process === undefined) throw new RangeError(`there is no shard ${number}`);
    return process;
  }
}

type Announced = Pick<ShardMessage, 'toId' | 'fromId' | 'priceTicks' | 'lots' | 'side'>;

function announcement(announced: Announced): ShardMessage {
  return { kind: MessageKind.Announcement, dealNumber: 0, participant: '', instrument: acme.symbol, ...announced };
}
