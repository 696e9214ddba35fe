import { setImmediate as nextRound } from 'node:timers/promises';
import { Index, shardOf } from '../../../src/domain/ids.js';
import type { InstrumentTerms } from '../../../src/domain/instrument.js';
import type { ShardMessage } from '../../../src/domain/handshake/shard-message.js';
import { MessageKind } from '../../../src/domain/negotiators/mailbox.js';
import { PriceRule, SelfTrade } from '../../../src/domain/terms.js';
import { firstDecision } from '../../../src/exchange/shard/peer-shards.js';
import { openShard } from '../../../src/exchange/recovery/recovery.js';
import { nodeScheduler } from '../../../src/exchange/shard/scheduler.js';
import type { Shard } from '../../../src/exchange/shard/shard.js';
import { limitPost } from '../reference/limit-post.js';
import { MemoryLog } from '../log/memory-log.js';

interface Timer {
  readonly dueMs: number;
  readonly owner: number;
  readonly task: () => void;
}

const OPENING_MS = 1_700_000_000_000;
/** Appends, look-ups and what they lead to take a few rounds of the event loop. */
const ROUNDS = 6;
const MOST_DEADLINES = 1_000;

const acme: InstrumentTerms = {
  symbol: 'ACME',
  priceDecimals: 0,
  tickSize: 1,
  quantityDecimals: 0,
  lotSize: 1,
  minPriceTicks: 1,
  maxPriceTicks: 1_000,
  priceRule: PriceRule.Standing,
  selfTrade: SelfTrade.Allow,
};

/**
 * Real shards that list the same instrument, with stand-ins for what is between them: a network that keeps each message until a test
 * delivers or drops it, and clocks that stand still until a test lets the next timer fall due.
 */
export class SplitMarket {
  readonly logs: readonly MemoryLog[];
  /** On their way, in the order in which they were sent. */
  readonly messages: ShardMessage[] = [];
  private readonly shards: Shard[] = [];
  private timers: Timer[] = [];
  private nowMs = OPENING_MS;
  private posts = 0;

  private constructor(count: number) {
    this.logs = Array.from({ length: count }, (_, shard) => new MemoryLog({ shard }));
  }

  static async open(count = 2): Promise<SplitMarket> {
    const market = new SplitMarket(count);
    for (let shard = 0; shard < count; shard++) {
      await market.start(shard);
      market.shard(shard).submit(
        (engine, atMs) => {
          engine.list(acme, atMs);
          return () => undefined;
        },
        () => undefined,
      );
    }
    await market.settle();
    return market;
  }

  shard(number: number): Shard {
    const shard = this.shards[number];
    if (shard === undefined) throw new RangeError(`there is no shard ${number}`);
    return shard;
  }

  /** Ends a shard's process as it is, with what is not durable, and starts another. */
  async start(number: number): Promise<void> {
    this.timers = this.timers.filter(({ owner }) => owner !== number);
    const shard = await openShard(this.log(number).again(), {
      clock: () => this.nowMs,
      scheduler: {
        soon: (task) => {
          nodeScheduler.soon(task);
        },
        after: (delayMs, task) => this.after(number, delayMs, task),
      },
      peers: {
        send: (message) => this.messages.push(message),
        decisionOf: (initiatorId, dealNumber) => firstDecision(this.log(shardOf(initiatorId)), initiatorId, dealNumber),
      },
    });
    this.shards[number] = shard;
  }

  private after(owner: number, delayMs: number, task: () => void): () => void {
    const timer = { dueMs: this.nowMs + delayMs, owner, task };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  private log(number: number): MemoryLog {
    const log = this.logs[number];
    if (log === undefined) throw new RangeError(`there is no shard ${number}`);
    return log;
  }

  /** Returns the intention's id. Each has a participant of its own name in its shard. */
  post(number: number, participant: string, side: number, priceTicks: number, lots: number): number {
    const shard = this.shard(number);
    const clientId = `c-${++this.posts}`;
    const terms = limitPost({ clientIntentionId: clientId, participant, side, priceTicks, quantityLots: lots });
    const id = shard.posts.post(terms, this.nowMs);
    shard.commitSoon();
    if (typeof id !== 'number') throw new Error(`the post was refused: ${id}`);
    return id;
  }

  withdraw(intentionId: number): void {
    const shard = this.shard(shardOf(intentionId));
    shard.posts.withdraw(intentionId, this.nowMs);
    shard.commitSoon();
  }

  reduce(intentionId: number, byLots: number): void {
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

  /** The board's hint: a standing intention hears of one of the other side in another shard. Only what is durable is announced. */
  announce(standingId: number, arrivingId: number): void {
    const [standing, arriving] = [this.announced(standingId), this.announced(arrivingId)];
    if (standing === undefined || arriving === undefined || standing.side === arriving.side) return;
    const ids = { toId: standingId, fromId: arrivingId, dealNumber: 0 };
    const names = { participant: '', instrument: acme.symbol, side: arriving.side };
    const { priceTicks } = standing;
    this.messages.push({ kind: MessageKind.Announcement, ...ids, priceTicks, lots: arriving.lots, ...names });
  }

  private announced(id: number): { side: number; priceTicks: number; lots: number } | undefined {
    const shard = this.shard(shardOf(id));
    const { negotiators } = shard.market;
    const row = negotiators.rowOf(id);
    if (row === Index.None || shard.posts.postedPosition(id) >= shard.durable) return undefined;
    return { side: negotiators.side(row), priceTicks: negotiators.limitTicks(row), lots: negotiators.openLots(row) };
  }

  /** One message comes to its receiver's shard; a copy of it may stay on its way. */
  deliver(index: number, isCopied = false): void {
    const [message] = this.messages.splice(index, isCopied ? 0 : 1);
    const found = isCopied ? this.messages[index] : message;
    if (found !== undefined) this.shard(shardOf(found.toId)).receive(found);
  }

  /** The next timer falls due. False when none runs. */
  fire(): boolean {
    const next = this.timers.reduce<Timer | undefined>(
      (first, one) => (first === undefined || one.dueMs < first.dueMs ? one : first),
      undefined,
    );
    if (next === undefined) return false;
    this.timers = this.timers.filter((one) => one !== next);
    this.nowMs = Math.max(this.nowMs, next.dueMs);
    next.task();
    return true;
  }

  /** Lets what is under way come to its end and be durable. */
  async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) await nextRound();
  }

  /** Lets every message come, and then deadline after deadline, until no deal is open anywhere. */
  async rest(): Promise<void> {
    for (let deadlines = 0; deadlines < MOST_DEADLINES; deadlines++) {
      await this.settle();
      while (this.messages.length > 0) {
        this.deliver(0);
        await this.settle();
      }
      if (this.shards.every(({ market }) => market.deals.size === 0)) return;
      this.fire();
    }
    throw new Error('the market does not come to rest');
  }
}
