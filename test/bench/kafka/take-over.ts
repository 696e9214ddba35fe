import { join } from 'node:path';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { SnapshotTopic } from '../../../infra/kafka/topics/snapshot-topic.js';
import { SnapshotStore } from '../../../src/exchange/snapshots/snapshots.js';
import { type TakeOver, takeOversIn } from '../../cluster-crash/member.js';
import { Serving } from '../../support/cli/serving.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { makeFlow } from '../flow/flow.js';
import { ShardTaker } from '../flow/shard-taker.js';
import { until } from '../page/until.js';
import { type Part, say } from '../part.js';
import { Producer } from '../parts/producer.js';
import { rounded } from '../statistics.js';
import { withBroker } from './broker.js';

const EVENTS = 10_000_000;
/** The snapshot is so far behind the end as it can be: one is due once a replay would take two seconds. */
const BEHIND_EVENTS = 1_000_000;
const PATIENCE_MS = 120_000;

/**
 * A member of a cluster is killed that has a shard of ten million events; another takes it over. `secondsFor10M` is from when it may, for
 * the one that is gone is known to be, until it answers: it fences, restores the snapshot, replays what came since. `secondsUnserved`
 * is from the last sign of life of the member that is gone.
 */
export const takeOver: Part = ({ quick, folder }) =>
  withBroker(async (brokers) => {
    const topic = `bench-${Date.now()}`;
    const scale = quick ? 10 : 1;
    const head = await fill(brokers, topic, { events: EVENTS / scale, behind: BEHIND_EVENTS / scale });
    const { openMs, tookMs } = await killed((name) =>
      Serving.begin([
        ...['--log', 'kafka', '--brokers', brokers.join(','), '--topic', topic],
        ...['--data', join(folder, name), '--snapshot-every', '0'],
      ]),
    );
    return { secondsFor10M: rounded(openMs / 1_000, 3), secondsUnserved: rounded(tookMs / 1_000, 3), events: head };
  });

interface Extent {
  readonly events: number;
  readonly behind: number;
}

/** Makes a log of so many events, and a snapshot so far behind its end. Resolves to where it ends. */
async function fill(brokers: readonly string[], topic: string, { events, behind }: Extent): Promise<number> {
  const connection = { brokers };
  const log = new KafkaLog({ connection, topic, shard: 0 });
  const taker = await ShardTaker.open(log);
  const producer = new Producer(new FlowPlayer(makeFlow()), taker);
  const reach = async (position: number): Promise<void> => {
    while (taker.shard.status().durable < position) await producer.run(0.2);
  };
  await reach(events - behind);
  const files = new SnapshotTopic(connection, topic, 0);
  const position = await new SnapshotStore('', undefined, { files }).make(log);
  say(`takeOver: a snapshot at ${position}`);
  await reach(events);
  const { durable } = taker.shard.status();
  await taker.shard.close();
  await Promise.all([log.close(), files.close()]);
  return durable;
}

/** Starts two members, kills the first once both are there, and resolves to what the second says of its take-over. */
async function killed(begin: (name: string) => Serving): Promise<TakeOver> {
  const owner = begin('owner');
  const heir = await says(owner, 'serves the shard').then(() => begin('heir'));
  try {
    await says(heir, 'joined the cluster');
    await owner.end('SIGKILL');
    await says(heir, 'took over the shard');
    const [taken] = takeOversIn(heir.stderr);
    if (taken === undefined) throw new Error('the take-over cannot be read');
    return taken;
  } finally {
    await Promise.all([owner.end('SIGKILL'), heir.end('SIGKILL')]);
  }
}

async function says(serving: Serving, what: string): Promise<void> {
  await until(what, () => Promise.resolve(serving.stderr.includes(what) || undefined), PATIENCE_MS);
}
