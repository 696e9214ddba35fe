/** The whole exchange in one process: its log, its shard, its query store, its snapshots, its HTTP server. */
import type { Logger } from 'pino';
import { SoloExchange } from '../../cluster/solo-exchange.js';
import type { Exchange } from '../../exchange/exchange.js';
import type { ShardLog } from '../../log/port.js';
import type { FeedWish } from '../../server/feeds/feed-source.js';
import type { StreamWish } from '../../server/streams/stream-source.js';
import { ShardStores } from '../../../projections/store/reading/shard-stores.js';
import type { RunningServer } from '../../server/server.js';
import type { LogTarget } from '../logs/log-target.js';
import type { Console } from '../console.js';
import { type Anchoring, startAnchoring } from '../anchors/anchoring.js';
import { type CommonServingOptions, startDemo, startHttp, startLogging, stopOnSignals } from './common-serving.js';
import type { DemoMarket } from '../demo/demo-market.js';
import { nowAndThen } from '../demo/failing.js';
import { followDurable } from '../threads/durable-feed.js';
import { endFor, isFinalAlone } from './final.js';
import { Opening } from './opening.js';
import { SnapshotMaker } from '../threads/snapshot-maker.js';
import { StoredQueries } from '../threads/stored-queries.js';
import { ThreadedLooks } from '../threads/moments/threaded-looks.js';
import { feedThread, streamThread, ThreadedFeeds } from '../threads/feeds/threaded-feeds.js';

export interface ServingOptions extends CommonServingOptions {
  readonly takeOver: boolean;
  readonly snapshotEvery: number | undefined;
}

/**
 * Serves until a signal ends it.
 *
 * 1. Wrong settings are found before the log is touched: keys, host and port come first, and every request is answered 503 until the log
 *    is open.
 * 2. A signal ends it at any moment.
 */
export async function serve(console: Console, target: LogTarget, options: ServingOptions): Promise<void> {
  const logger = await startLogging(console, options);
  const log = await target.log({ log: logger });
  await new Serving({ console, target, log, logger }, options).run();
}

interface ServingParts {
  readonly console: Console;
  readonly target: LogTarget;
  /** As anchors read it. */
  readonly log: ShardLog;
  readonly logger: Logger;
}

class Serving {
  private readonly queries: StoredQueries;
  private readonly feeds: ThreadedFeeds<FeedWish>;
  private readonly streams: ThreadedFeeds<StreamWish>;
  private readonly looks: ThreadedLooks;
  private readonly opening: Opening;
  private readonly exchange: SoloExchange;
  private maker: SnapshotMaker | undefined;
  private anchoring: Anchoring | undefined;
  private demo: DemoMarket | undefined;
  private hasOpened = false;
  /** Up to where the log is durable, as the exchange says that was opened last. */
  private durable = 0;
  /** The first exchange, until what follows the log is started. */
  private first: Exchange | undefined;
  private server: RunningServer | undefined;

  constructor(
    private readonly parts: ServingParts,
    private readonly options: ServingOptions,
  ) {
    const { console, target, logger } = parts;
    const { shard } = target.settings;
    this.queries = new StoredQueries({ shards: [shard], logger });
    this.feeds = new ThreadedFeeds(feedThread, logger);
    this.streams = new ThreadedFeeds(streamThread, logger);
    this.looks = new ThreadedLooks(logger);
    const isEnding = (): boolean => this.exchange.isEnding();
    this.opening = new Opening(console, target, {
      ...{ ...options, logger, isEnding },
      faults: options.demo ? nowAndThen() : undefined,
    });
    this.exchange = new SoloExchange({
      ...{ shard, logger, isFinal: isFinalAlone },
      openShard: () => this.openShard(),
      onFinal: (reason) => this.onFinal(reason),
    });
  }

  async run(): Promise<void> {
    const { exchange, queries, feeds, streams, looks } = this;
    const { console, log, logger } = this.parts;
    const stores = new ShardStores({ shards: [log.shard], desk: queries, progress: queries });
    const starting = (): boolean => !this.hasOpened;
    const served = { exchange, stores, looks, logs: [log], logger, starting };
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
      const { maker, anchoring } = this;
      const beside = [queries, feeds, streams, looks, maker, anchoring];
      await Promise.all(beside.map(async (each) => each?.end()));
    }
  }

  /** Opens the log, and starts what follows it. */
  private async begin(server: RunningServer): Promise<void> {
    const { exchange, options } = this;
    const { console, target, logger } = this.parts;
    await exchange.open().catch((error: unknown) => {
      if (!exchange.isEnding()) throw error;
    });
    const { first } = this;
    if (exchange.isEnding() || first === undefined) return;
    await this.startBeside(first);
    this.first = undefined;
    if (exchange.isEnding()) return;
    this.hasOpened = true;
    const [{ epoch } = { epoch: 0 }] = exchange.shards();
    await console.out.line(`parley listens on ${server.url} (log in ${target.describe()}, epoch ${epoch})`);
    await console.out.flush();
    if (options.demo) this.demo = startDemo(exchange, epoch, logger);
  }

  private async openShard(): Promise<Exchange> {
    const exchange = await this.opening.open();
    if (this.maker === undefined) this.first = exchange;
    else this.follow(exchange);
    return exchange;
  }

  private async startBeside(exchange: Exchange): Promise<void> {
    const { target, log, logger } = this.parts;
    const { settings } = target;
    const { snapshotEvery: everyEvents, takeOver } = this.options;
    const file = await target.folder.queryStore(takeOver ? exchange.status().epoch : undefined);
    // Files show what has been written, durable or not; the other logs show only what is.
    const durable = settings.kind === 'embedded' ? (): number => this.durable : undefined;
    const latest = await this.opening.latestSnapshot();
    if (this.exchange.isEnding()) return;
    this.durable = exchange.log.durable;
    const read = [{ log: settings, file, durable }];
    for (const each of [this.queries, this.feeds, this.streams, this.looks]) each.start(read);
    this.maker = new SnapshotMaker({ settings, logger, everyEvents, latest });
    this.anchoring = startAnchoring(this.options.anchor, () => log, logger);
    this.follow(exchange);
  }

  private follow(exchange: Exchange): void {
    const { shard } = this.parts.log;
    followDurable(exchange.log, (durable) => {
      this.durable = durable;
      this.queries.advance(shard, durable);
      this.feeds.advance(shard, durable);
      this.streams.advance(shard, durable);
      this.looks.advance(shard, durable);
      this.maker?.advance(durable);
      this.anchoring?.advance(shard, durable);
    });
  }

  private onFinal(reason: string): void {
    const { parts, server } = this;
    if (this.options.exitOnStop) endFor(reason, parts.log.shard, { ...parts, server });
  }
}
