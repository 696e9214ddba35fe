import type { CarriedAnswer, ClusterRequest } from '../../../cluster/forwarding/requests.js';
import { type Acknowledged, RoutedExchange } from '../../../cluster/forwarding/routed-exchange.js';
import { UnderWay } from '../../../cluster/forwarding/under-way.js';
import type { PostIntention, ShardStatus } from '../../../exchange/commands.js';
import type { Logger } from '../../../resilience/logger.js';
import type { Console } from '../../console.js';
import type { LogSettings } from '../../logs/settings.js';
import type { ShardNews, ShardWriters } from '../../serving/shard-writers.js';
import type { ShardThreadData, ShardWork } from './shard-messages.js';
import { ThreadedShard } from './threaded-shard.js';

export interface ThreadedShardsOptions extends Omit<ShardThreadData, 'settings' | 'shards' | 'known'> {
  readonly logger: Logger;
  readonly console: Pick<Console, 'progress'>;
  readonly news: ShardNews;
}

/**
 * The shards of a process, each in a thread of its own, and the exchange that they are together: it is routed as in a cluster, and a thread
 * is asked what a member would be.
 */
export class ThreadedShards extends RoutedExchange implements ShardWriters {
  private readonly threads: readonly ThreadedShard[];
  private readonly underWay = new UnderWay();
  private onReplay: (shard: number, done: number, total: number) => void = () => undefined;
  private isClosing = false;

  /** `places`: where the log of each shard is, by number. */
  constructor(
    places: readonly LogSettings[],
    private readonly options: ThreadedShardsOptions,
  ) {
    super(places.length);
    const { logger, news, console: _console, ...data } = options;
    this.threads = places.map(
      (settings) =>
        new ThreadedShard({
          ...{ data: { ...data, settings, shards: places.length }, logger, news },
          onReplay: (done, total = 0) => this.onReplay(settings.shard, done, total),
        }),
    );
  }

  get exchange(): this {
    return this;
  }

  isEnding(): boolean {
    return this.isClosing;
  }

  async open(): Promise<void> {
    const replayed = new Map<number, { readonly done: number; readonly total: number }>();
    const progress = this.options.console.progress('replaying', 'events');
    this.onReplay = (shard, done, total) => {
      replayed.set(shard, { done, total });
      const all = [...replayed.values()];
      progress.update(
        all.reduce((sum, each) => sum + each.done, 0),
        all.reduce((sum, each) => sum + each.total, 0),
      );
    };
    try {
      await Promise.all(this.threads.map((thread) => thread.open()));
    } finally {
      this.onReplay = () => undefined;
      progress.stop();
    }
  }

  shards(): readonly ShardStatus[] {
    return this.threads.map(({ status }) => status);
  }

  get congested(): boolean {
    return this.underWay.isCongested;
  }

  drained(): Promise<void> {
    return this.underWay.drained();
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all(this.threads.map((thread) => thread.end()));
  }

  /** What is made beside a shard ends with its thread. */
  end(): Promise<void> {
    return this.close();
  }

  protected override async postTo(shard: number, posts: readonly PostIntention[]): Promise<readonly Acknowledged[]> {
    return (await this.ofShard(shard, posts.length, { posts })) as readonly Acknowledged[]; // a post is answered as a post
  }

  protected carry(shard: number, requests: readonly ClusterRequest[]): Promise<readonly CarriedAnswer[]> {
    return this.ofShard(shard, requests.length, { requests });
  }

  private async ofShard(shard: number, count: number, work: ShardWork): Promise<readonly CarriedAnswer[]> {
    this.underWay.begin(count);
    try {
      return (await this.threads[shard]?.carry(work)) ?? [];
    } finally {
      this.underWay.end(count);
    }
  }
}
