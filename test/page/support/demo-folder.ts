import { EmbeddedTarget } from '../../../src/app/logs/embedded-target.js';
import { ManualClock } from '../../../src/in-process/testing/index.js';
import { SimulatedDemo } from '../../support/demo/simulated-demo.js';

const MINUTE_MS = 60_000;

/** Lets the demonstration market trade for so many minutes, which end now, into the log of a folder: in much less time than that. */
export async function tradeInto(data: string, minutes: number): Promise<void> {
  const target = await EmbeddedTarget.of({ kind: 'embedded', shard: 0, data });
  const log = await target.log();
  const clock = new ManualClock(Date.now() - minutes * MINUTE_MS - 1_000);
  const demo = await SimulatedDemo.open(log, clock);
  for (let minute = 0; minute < minutes; minute++) await clock.advance(MINUTE_MS);
  await demo.close();
}
