/** The whole exchange in one process: its logs, its shards, its query stores, its snapshots, its HTTP server. */
import type { Logger } from 'pino';
import { shardOfSymbol } from '../../cluster/shard-of.js';
import type { ShardStatus } from '../../exchange/commands.js';
import type { ShardLog } from '../../log/port.js';
import { LogFreshness } from '../../../projections/store/reading/freshness.js';
import { ShardStores } from '../../../projections/store/reading/shard-stores.js';
import type { FeedWish } from '../../server/feeds/feed-source.js';
import type { RunningServer } from '../../server/server.js';
import type { StreamWish } from '../../server/streams/stream-source.js';
import { type Anchoring, startAnchoring } from '../anchors/anchoring.js';
import type { Console } from '../console.js';
import type { DemoMarket } from '../demo/demo-market.js';
import type { LogTarget } from '../logs/log-target.js';
import { feedThread, streamThread, ThreadedFeeds } from '../threads/feeds/threaded-feeds.js';
import { ThreadedLooks } from '../threads/moments/threaded-looks.js';
import { type ReadShard, StoredQueries } from '../threads/stored-queries.js';
import { type CommonServingOptions, startDemo, startHttp, stopOnSignals } from './common-serving.js';
import { endFor } from './final.js';
import type { ShardNews, ShardWriters } from './shard-writers.js';

export interface ServingOptions extends CommonServingOptions {
  readonly takeOver: boolean;
  readonly snapshotEvery: number | undefined;
}

export interface ServingParts {
  readonly console: Console;
  /** One for each shard, by number where there are several; how this thread reads their logs. */
  readonly shards: readonly { readonly target: LogTarget; readonly log: ShardLog }[];
  readonly write: (news: ShardNews) => ShardWriters;
  /** For people: where the logs are, of shards that have been opened. */
  readonly where: (shards: readonly ShardStatus[]) => string;
  readonly logger: Logger;
}

/**
 * 1. Wrong settings are found before the log is touched: keys, host and port come first, and every request is answered 503 until the log
 *    is open.
 * 2. A signal ends it at any moment.
 */
export class Serving {
  private readonly queries: StoredQueries;
  private readonly feeds: ThreadedFeeds<FeedWish>;
  private readonly streams: ThreadedFeeds<StreamWish>;
  private readonly looks: ThreadedLooks;
  private readonly writers: ShardWriters;
  private readonly logs: readonly ShardLog[];
  private anchoring: Anchoring | undefined;
  private demo: DemoMarket | undefined;
  private hasOpened = false;
  /** By shard, up to where its log is durable. */
  private readonly durable = new Map<number, number>();
  private server: RunningServer | undefined;

  constructor(
    private readonly parts: ServingParts,
    private readonly options: ServingOptions,
  ) {
    const { shards, write, logger } = parts;
    this.logs = shards.map(({ log }) => log);
    this.queries = new StoredQueries({ shards: this.logs.map(({ shard }) => shard), logger });
    this.feeds = new ThreadedFeeds(feedThread, logger);
    this.streams = new ThreadedFeeds(streamThread, logger);
    this.looks = new ThreadedLooks(logger);
    this.writers = write({
      onDurable: (shard, durable) => this.onDurable(shard, durable),
      onFinal: (shard, reason) => {
        if (options.exitOnStop) endFor(reason, shard, { ...parts, server: this.server });
      },
    });
  }

  /** Serves until a signal ends it. */
  async run(): Promise<void> {
    const { queries, feeds, streams, looks, logs, writers } = this;
    const { console, logger } = this.parts;
    const shards = logs.map(({ shard }) => shard);
    const shardOfInstrument = (symbol: string): number => shardOfSymbol(symbol, shards.length);
    const served = {
      ...{ exchange: writers.exchange, looks, logs, logger, starting: () => !this.hasOpened },
      stores: new ShardStores({ shards, desk: queries, progress: queries, shardOfInstrument }),
      freshness: new LogFreshness(logs, { durableHere: (shard) => this.durable.get(shard) ?? 0 }),
    };
    const server = await startHttp(served, { source: feeds, streams }, this.options);
    this.server = server;
    stopOnSignals(server, console, logger, () => this.demo?.stop());
    try {
      console.throwIfStopped(); // by a signal before that
      await Promise.race([this.begin(server), server.stopped]);
      await server.stopped;
    } catch (error) {
      await server.stop();
      throw error;
    } finally {
      const beside = [queries, feeds, streams, looks, writers, this.anchoring];
      await Promise.all(beside.map(async (each) => each?.end()));
    }
  }

  /** Opens the logs, and starts what follows them. */
  private async begin(server: RunningServer): Promise<void> {
    const { writers, options } = this;
    const { console, where, logger } = this.parts;
    await writers.open().catch((error: unknown) => {
      if (!writers.isEnding()) throw error;
    });
    if (writers.isEnding()) return;
    await this.startBeside();
    if (writers.isEnding()) return;
    this.hasOpened = true;
    const opened = writers.exchange.shards();
    await console.out.line(`parley listens on ${server.url} (log in ${where(opened)})`);
    await console.out.flush();
    const epoch = Math.max(...opened.map((shard) => shard.epoch));
    if (options.demo) this.demo = startDemo(writers.exchange, epoch, logger);
  }

  private async startBeside(): Promise<void> {
    const { shards, logger } = this.parts;
    const read: ReadShard[] = [];
    for (const { target } of shards) read.push(await this.read(target));
    if (this.writers.isEnding()) return;
    for (const each of [this.queries, this.feeds, this.streams, this.looks]) each.start(read);
    const logOf = (shard: number): ShardLog => this.logOf(shard);
    this.anchoring = startAnchoring(this.options.anchor, logOf, logger);
    for (const [shard, durable] of this.durable) this.anchoring?.advance(shard, durable);
  }

  private async read({ settings, folder }: LogTarget): Promise<ReadShard> {
    const { shard } = settings;
    const status = this.writers.exchange.shards().find((each) => each.shard === shard);
    const file = await folder.queryStore(this.options.takeOver ? status?.epoch : undefined);
    // Files show what has been written, durable or not; the other logs show only what is.
    const durable = settings.kind === 'embedded' ? (): number => this.durable.get(shard) ?? 0 : undefined;
    return { log: settings, file, durable };
  }

  private logOf(shard: number): ShardLog {
    const found = this.logs.find((log) => log.shard === shard);
    if (found === undefined) throw new RangeError(`there is no shard ${shard}`);
    return found;
  }

  private onDurable(shard: number, durable: number): void {
    this.durable.set(shard, durable);
    this.queries.advance(shard, durable);
    this.feeds.advance(shard, durable);
    this.streams.advance(shard, durable);
    this.looks.advance(shard, durable);
    this.anchoring?.advance(shard, durable);
  }
}
