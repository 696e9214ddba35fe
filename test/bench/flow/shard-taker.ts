import { type OpenOptions, openShard } from '../../../src/exchange/recovery/recovery.js';
import type { Shard } from '../../../src/exchange/shard/shard.js';
import type { ShardLog } from '../../../src/log/port.js';
import { benchPost, benchTerms } from '../parts/bench-engine.js';
import type { FlowTaker } from './flow-player.js';

/** Hands the flow to a shard as its edges would: posts by the hot path, withdrawals as commands. */
export class ShardTaker implements FlowTaker {
  private readonly firstId: number;
  private atMs = 0;

  private constructor(readonly shard: Shard) {
    this.firstId = shard.market.lastIntentionId + 1;
  }

  /** Opens the log for writing and lists the instrument. */
  static async open(log: ShardLog, options: OpenOptions = {}): Promise<ShardTaker> {
    const shard = await openShard(log, options);
    await new Promise<void>((resolve) => {
      shard.submit(
        (engine, atMs) => {
          engine.list(benchTerms, atMs);
          return () => undefined;
        },
        () => {
          shard.whenDurable(resolve);
        },
      );
    });
    return new ShardTaker(shard);
  }

  /** To be called before each chunk: the clock is read once for all of it, as for a batch of posts from outside. */
  beginChunk(): void {
    this.atMs = this.shard.clock.nowMs();
  }

  post(clientIntentionId: string, participant: string, side: number, priceTicks: number, quantityLots: number): void {
    const { shard } = this;
    if (!shard.isServingAt(this.atMs)) throw new Error('the shard does not serve');
    const terms = benchPost(clientIntentionId, participant, side, priceTicks, quantityLots);
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
