import { type OpenOptions, openShard } from '../../../src/exchange/recovery/recovery.js';
import { Side } from '../../../src/domain/terms.js';
import type { Shard } from '../../../src/exchange/shard/shard.js';
import type { ShardLog } from '../../../src/log/port.js';
import { benchPost, benchTerms } from '../parts/bench-engine.js';
import type { FlowTaker } from './flow-player.js';

const ADMITTED_AT_ONCE = 512;

/** Hands the flow to a shard as its edges would: posts by the hot path, withdrawals as commands. */
export class ShardTaker implements FlowTaker {
  private firstId: number;
  private atMs = 0;

  private constructor(readonly shard: Shard) {
    this.firstId = shard.market.nextIntentionId;
  }

  /** Opens the log for writing and lists the instruments; the first is that of the flow. */
  static async open(log: ShardLog, options: OpenOptions = {}, instruments = 1): Promise<ShardTaker> {
    const shard = await openShard(log, options);
    for (let instrument = 1; instrument <= instruments; instrument++) {
      const { symbol } = benchTerms;
      const terms = { ...benchTerms, symbol: instrument === 1 ? symbol : `${symbol}-${instrument}` };
      shard.submit(
        (engine, atMs) => {
          engine.list(terms, atMs);
          return () => undefined;
        },
        () => undefined,
      );
    }
    await flushed(shard);
    return new ShardTaker(shard);
  }

  /** Lets each of them post and withdraw once, so that the shard knows them when the flow begins. Their client ids begin with `prefix`. */
  async admit(participants: readonly string[], prefix: string): Promise<void> {
    for (let from = 0; from < participants.length; from += ADMITTED_AT_ONCE) {
      this.beginChunk();
      for (const participant of participants.slice(from, from + ADMITTED_AT_ONCE)) {
        this.post(prefix + participant, participant, Side.Buy, 1, 1);
        this.withdraw(this.shard.market.lastIntentionId - this.firstId);
      }
      await flushed(this.shard);
    }
    this.firstId = this.shard.market.nextIntentionId;
  }

  /** To be called before each chunk: the clock is read once for all of it, as for a batch of posts from outside. */
  beginChunk(): void {
    this.atMs = this.shard.clock.nowMs();
  }

  post(
    clientIntentionId: string,
    participant: string,
    side: number,
    priceTicks: number,
    quantityLots: number,
    instrumentId = 1,
  ): void {
    const { shard } = this;
    if (!shard.isServingAt(this.atMs)) throw new Error('the shard does not serve');
    const terms = benchPost(clientIntentionId, participant, side, priceTicks, quantityLots, instrumentId);
    const posted = shard.posts.post(terms, this.atMs);
    if (typeof posted !== 'number' || posted <= 0)
      throw new Error(`refused, or posted before: ${JSON.stringify(posted)}`);
  }

  withdraw(intention: number): void {
    const refusal = this.shard.posts.withdraw(this.firstId + intention, this.atMs);
    if (refusal !== undefined) throw new Error(`not withdrawn: ${refusal}`);
  }

  prefetch(clientIntentionId: string, participant: string): void {
    this.shard.posts.prefetch(clientIntentionId, participant);
  }
}

/** Resolves once all that was recorded is durable. */
export function flushed(shard: Shard): Promise<void> {
  return new Promise((resolve) => {
    shard.whenDurable(resolve);
  });
}
