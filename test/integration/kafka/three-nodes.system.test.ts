import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { type LocalKafka, startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import { checkTopics } from '../../../infra/kafka/topic-settings.js';
import { ensureTopics } from '../../../infra/kafka/topics.js';
import { asRead, collect, type ReadBatch, Sealer } from '../../support/log/batches.js';
import { describeWith } from '../../support/needs/suite.js';
import { whenSuiteIsOver } from '../../support/when-over.js';

const NODES = 3;
const SHARDS = 2;
/** Brokers hear of new topics one after the other; which is asked first is chance. */
const ROUNDS = 6;

await describeWith('local-kafka', 'a log on several brokers', () => {
  const whenOver = whenSuiteIsOver();
  let kafka: LocalKafka;

  beforeAll(async () => {
    kafka = await startLocalKafka({ nodes: NODES });
    whenOver(() => kafka.stop());
  });

  function makeLog(topic: string, shard: number): KafkaLog {
    const log = new KafkaLog({ connection: { brokers: kafka.brokers }, topic, shard, shards: SHARDS });
    onTestFinished(() => log.close());
    return log;
  }

  async function mustTake(topic: string, shard: number): Promise<void> {
    const log = makeLog(topic, shard);
    const writer = await log.open();
    const batch = new Sealer().sealSome(3);
    expect(await writer.append(batch)).toBe('appended');
    expect(await collect(log.read(0))).toEqual([asRead(batch)]);
    await writer.close();
  }

  it('is written and looked at as soon as its topics are made, whichever of them is asked', async () => {
    const connection = { brokers: kafka.brokers };
    for (let round = 0; round < ROUNDS; round++) {
      const prefix = `new-${round}`;
      // Named, for a broker that a busy machine keeps from its heartbeat is not counted when nothing is said.
      expect(await ensureTopics(connection, { prefix, shards: SHARDS, replicas: NODES })).toBe(SHARDS);
      expect(await checkTopics(connection, prefix, SHARDS)).toEqual([]);
      await Promise.all([mustTake(prefix, 0), mustTake(prefix, 1)]);
      const opened = `opened-${round}`;
      await Promise.all([mustTake(opened, 0), mustTake(opened, 1)]);
    }
  });

  it('has another writer, who finds all of it, while one of them is dead, each in turn', async () => {
    const sealer = new Sealer();
    const all: ReadBatch[] = [];
    await (await makeLog('one-dead', 0).open()).close();
    for (let node = 1; node <= NODES; node++) {
      await kafka.node(node).kill();
      const log = makeLog('one-dead', 0);
      // Who leads now is found out by those that are left, and is not known at once.
      const open = async (): Promise<unknown> => log.open().then(({ head }) => head, String);
      await expect.poll(open).toBe(all.reduce((sum, { count }) => sum + count, 0));
      const batch = sealer.sealSome(3);
      expect(await log.writer?.append(batch)).toBe('appended');
      all.push(asRead(batch));
      expect(await collect(log.read(0))).toEqual(all);
      await log.writer?.close();
      await kafka.node(node).start();
    }
  });
});
