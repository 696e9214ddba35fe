import { MemoryLog } from '../../infra/memory/memory-log.js';
import { EmbeddedTarget } from '../app/logs/embedded-target.js';
import { isFinalAlone } from '../app/serving/final.js';
import { Opening, type ShardTime } from '../app/serving/opening.js';
import { followDurable } from '../app/threads/durable-feed.js';
import { DurableLog, HighWatermark } from '../app/threads/durable-log.js';
import { SoloExchange } from '../cluster/solo-exchange.js';
import { Exchange } from '../exchange/exchange.js';
import { ShardUnavailableError } from '../exchange/port.js';
import { defaultShardOptions } from '../exchange/shard/shard-options.js';
import type { ShardLog } from '../log/port.js';
import { type Logger, silentLogger } from '../resilience/logger.js';
import { readPage } from '../server/page/page.js';
import { type RunningServer, startServer } from '../server/server.js';
import { commandsOf } from './commands.js';
import type { ExchangeInProcess, ExchangeOptions, Listening, ListenOptions } from './exchange-in-process.js';
import { type EventFilter, eventsOf, type LogEvent } from './log-events.js';
import { readsOf } from './reads.js';
import { IN_MEMORY, StoreReading } from './store-reading.js';

/** A log that is to be written by an exchange and read by others. */
interface Place {
  readonly log: ShardLog;
  /** The database of the query store. */
  readonly file: string;
  openShard(): Promise<Exchange>;
}

export interface Time extends ShardTime {
  /** How far the log's time may be ahead of the clock. */
  readonly maxClockAheadMs?: number;
}

/** Opens an exchange by another time than the machine's, where one is given. */
export async function openHost(options: ExchangeOptions, time: Time = {}): Promise<ExchangeInProcess> {
  const { logger = silentLogger } = options;
  const ending = { isEnding: (): boolean => false };
  const place =
    options.data === undefined ? inMemory(logger, time) : await inFolder(options.data, logger, time, ending);
  const host = new Host(place, logger, time.clock ?? Date.now);
  ending.isEnding = () => host.exchange.isEnding();
  await host.open();
  return host.shown();
}

function inMemory(logger: Logger, time: Time): Place {
  const log = new MemoryLog();
  return { log, file: IN_MEMORY, openShard: () => Exchange.open(log, { logger, ...time }) };
}

/** What a bar on a terminal would show, for nobody. */
const noProgress = { progress: () => ({ update: () => undefined, stop: () => undefined }) };

async function inFolder(
  data: string,
  logger: Logger,
  { maxClockAheadMs = defaultShardOptions.maxClockAheadMs, ...time }: Time,
  ending: { isEnding(): boolean },
): Promise<Place> {
  // It is one shard: a folder of several is refused.
  const target = await EmbeddedTarget.of({ kind: 'embedded', shard: 0, shards: 1, data });
  const opening = new Opening(noProgress, target, {
    ...{ takeOver: false, losses: new Map<number, number>(), anchor: undefined },
    ...{ logger, maxClockAheadMs, time, isEnding: () => ending.isEnding() },
  });
  return {
    log: await target.log(),
    file: await target.folder.queryStore(),
    openShard: () => opening.open(),
  };
}

/**
 * The parts of an exchange in its own process: its log, its shard, its query store, and its server where one is wanted.
 *
 * 1. What is read of the log is durable: reads, events and feeds stand on a view of it that ends there.
 * 2. A shard whose log failed is opened again, as that of a server is.
 */
class Host {
  readonly exchange: SoloExchange;
  private readonly mark = new HighWatermark(0);
  /** As far as it is durable. */
  private readonly log: DurableLog;
  private readonly closing = new AbortController();
  private latest: Exchange | undefined;
  private reading: StoreReading | undefined;
  private server: Promise<RunningServer> | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly place: Place,
    private readonly logger: Logger,
    private readonly clock: () => number,
  ) {
    this.log = new DurableLog(place.log, this.mark);
    const { shard } = place.log;
    this.exchange = new SoloExchange({ shard, logger, isFinal: isFinalAlone, openShard: () => this.openShard() });
  }

  async open(): Promise<void> {
    const { log, mark, logger, place } = this;
    await this.exchange.open();
    try {
      this.reading = await StoreReading.open({ log, mark, file: place.file, logger });
    } catch (error) {
      await this.exchange.close();
      throw error;
    }
  }

  shown(): ExchangeInProcess {
    return {
      ...commandsOf(this.exchange),
      ...readsOf({ exchange: this.exchange, find: (ask) => this.store.find(ask), clock: this.clock }),
      events: ({ signal, ...filter } = {}) => this.events(filter, signal),
      eventsSoFar: (filter) => this.eventsSoFar(filter),
      quiet: () => this.quiet(),
      listen: (options) => this.listen(options),
      close: () => (this.closed ??= this.close()),
    };
  }

  private get store(): StoreReading {
    if (this.reading === undefined) throw new Error('the exchange is not open');
    return this.reading;
  }

  private async openShard(): Promise<Exchange> {
    const exchange = await this.place.openShard();
    this.latest = exchange;
    followDurable(exchange.log, (durable) => this.mark.advance(durable));
    return exchange;
  }

  private events(
    { from = this.mark.position, ...filter }: EventFilter,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LogEvent, void, undefined> {
    const until = signal === undefined ? this.closing.signal : AbortSignal.any([signal, this.closing.signal]);
    return eventsOf(this.log.follow(from, until), this.log.shard, { ...filter, from });
  }

  private async eventsSoFar(filter: EventFilter = {}): Promise<readonly LogEvent[]> {
    const events: LogEvent[] = [];
    for await (const event of eventsOf(this.log.read(filter.from ?? 0), this.log.shard, filter)) events.push(event);
    return events;
  }

  private async quiet(): Promise<void> {
    for (;;) {
      const { latest } = this;
      if (latest === undefined) throw new ShardUnavailableError('the exchange is not open');
      await latest.log.flushed();
      await this.store.caughtUp();
      if (latest.recorded.head === latest.log.durable) return;
    }
  }

  private async listen({ port = 0, host, keyFile, page = false }: ListenOptions = {}): Promise<Listening> {
    if (this.server !== undefined) throw new Error('the exchange listens already');
    const { exchange, log, logger, clock, store } = this;
    this.server = startServer({
      ...{ exchange, stores: store.stores, logs: [log], logger, clock, port, host, keyFile },
      page: page ? readPage() : undefined,
    });
    try {
      const { url, port: taken } = await this.server;
      return { url, port: taken };
    } catch (error) {
      this.server = undefined;
      throw error;
    }
  }

  private async close(): Promise<void> {
    this.closing.abort();
    const server = await this.server?.catch(() => undefined);
    await (server === undefined ? this.exchange.close() : server.stop());
    await this.store.end();
  }
}
