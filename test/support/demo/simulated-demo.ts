/** The demonstration market by a clock that stands still, on a log in memory. */
import type { RecordedEvent } from '../../../src/events/event.js';
import { DemoMarket } from '../../../src/app/demo/demo-market.js';
import { nowAndThen } from '../../../src/app/demo/failing.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import { openShard } from '../../../src/exchange/recovery/recovery.js';
import type { Shard } from '../../../src/exchange/shard/shard.js';
import { ManualClock } from '../../../src/in-process/testing/index.js';
import { MemoryLog } from '../log/memory-log.js';
import type { ShardLog } from '../../../src/log/port.js';
import { eventsIn, Listener } from '../reference/exchange-harness.js';

export const OPENS_AT = '2030-01-07T09:00:00.000Z';

export class SimulatedDemo {
  private constructor(
    readonly log: ShardLog,
    readonly clock: ManualClock,
    readonly exchange: Exchange,
    readonly shard: Shard,
    readonly market: DemoMarket,
    readonly listener: Listener,
    private readonly unwatch: () => void,
  ) {}

  static async open(log: ShardLog = new MemoryLog(), clock = new ManualClock(OPENS_AT)): Promise<SimulatedDemo> {
    const listener = new Listener();
    const { time } = clock;
    const shard = await openShard(log, { ...time, logger: listener, faults: nowAndThen() });
    const exchange = new Exchange(shard, time);
    const { clock: now, scheduler } = time;
    const { epoch } = exchange.status();
    const market = new DemoMarket({ exchange, epoch, logger: listener, clock: now, scheduler });
    const unwatch = clock.watch(async () => {
      await market.settled();
      await exchange.log.flushed();
    });
    market.start();
    await clock.advance(0);
    return new SimulatedDemo(log, clock, exchange, shard, market, listener, unwatch);
  }

  events(): Promise<RecordedEvent[]> {
    return eventsIn(this.log);
  }

  async close(): Promise<void> {
    this.market.stop();
    await this.market.settled();
    this.unwatch();
    await this.exchange.close();
  }
}
