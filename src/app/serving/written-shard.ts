import { SoloExchange } from '../../cluster/solo-exchange.js';
import type { Exchange } from '../../exchange/exchange.js';
import type { Console } from '../console.js';
import { nowAndThen } from '../demo/failing.js';
import type { LogTarget } from '../logs/log-target.js';
import { followDurable } from '../threads/durable-feed.js';
import { SnapshotMaker } from '../threads/snapshot-maker.js';
import { isFinalAlone } from './final.js';
import { Opening, type OpeningOptions } from './opening.js';
import type { ShardNews, ShardWriters } from './shard-writers.js';

export interface WrittenShardOptions extends Omit<OpeningOptions, 'isEnding' | 'faults'> {
  readonly snapshotEvery: number | undefined;
  /** Let negotiators fail now and then. */
  readonly demo: boolean;
}

export interface WrittenShardParts {
  readonly console: Pick<Console, 'progress'>;
  readonly target: LogTarget;
  readonly news: ShardNews;
}

/** A shard that this thread writes: opened again whenever its log has failed, with snapshots made of it in a thread of their own. */
export class WrittenShard implements ShardWriters {
  readonly exchange: SoloExchange;
  /** The number of its writer as the log’s claims count them; 0 before it has been opened. */
  writerEpoch = 0;
  private durable = 0;
  private readonly opening: Opening;
  private maker: SnapshotMaker | undefined;

  constructor(
    private readonly parts: WrittenShardParts,
    private readonly options: WrittenShardOptions,
  ) {
    const { console, target, news } = parts;
    const { logger, demo } = options;
    const { shard } = target.settings;
    const isEnding = (): boolean => this.isEnding();
    this.opening = new Opening(console, target, { ...options, isEnding, faults: demo ? nowAndThen() : undefined });
    this.exchange = new SoloExchange({
      ...{ shard, logger, isFinal: isFinalAlone },
      openShard: () => this.openShard(),
      onFinal: (reason) => news.onFinal(shard, reason),
    });
  }

  async open(): Promise<void> {
    await this.exchange.open();
    if (this.isEnding()) return;
    const latest = await this.opening.latestSnapshot();
    if (this.isEnding()) return;
    const { snapshotEvery: everyEvents, logger } = this.options;
    const { settings } = this.parts.target;
    this.maker = new SnapshotMaker({ settings, logger, everyEvents, latest });
    this.maker.advance(this.durable);
  }

  isEnding(): boolean {
    return this.exchange.isEnding();
  }

  async end(): Promise<void> {
    await this.maker?.end();
  }

  private async openShard(): Promise<Exchange> {
    const exchange = await this.opening.open();
    this.writerEpoch = exchange.log.writerEpoch;
    followDurable(exchange.log, (durable) => this.onDurable(durable));
    return exchange;
  }

  private onDurable(durable: number): void {
    const { news, target } = this.parts;
    this.durable = durable;
    this.maker?.advance(durable);
    news.onDurable(target.settings.shard, durable);
  }
}
