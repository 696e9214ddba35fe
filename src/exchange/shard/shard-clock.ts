import type { Market } from '../../domain/market.js';

/** A shard's time: the machine's clock, but never earlier than what the log has said before. */
export class ShardClock {
  constructor(
    private readonly market: Pick<Market, 'nowMs'>,
    private readonly clock: () => number,
  ) {}

  /** Milliseconds since 1970. */
  nowMs(): number {
    return Math.max(this.market.nowMs, this.clock());
  }

  /** How far the log's time is ahead of the clock: until that has come to it, nothing falls due. */
  get aheadMs(): number {
    return Math.max(0, this.market.nowMs - this.clock());
  }
}
