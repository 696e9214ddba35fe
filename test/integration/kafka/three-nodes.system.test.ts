import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { type LocalKafka, startLocalKafka } from '../../../infra/kafka/local/local-kafka.js';
import { checkTopics } from '../../../infra/kafka/topics/topic-settings.js';
import { ensureTopics } from '../../../infra/kafka/topics/topics.js';
import type { SealedBatch } from '../../../src/log/port.js';
import { asRead, collect, type ReadBatch, Sealer } from '../../support/log/batches.js';
import { describeWith } from '../../support/needs/suite.js';
import {
  createTopic,
  kafkaClient,
  leaderOf,
  readCommitted,
  sendOne,
  transactionalProducer,
} from '../../support/servers/kafka-client.js';
import { whenSuiteIsOver } from '../../support/when-over.js';

const NODES = 3;
/** Nodes that stand still are missed, and taken back, whenever that is. */
const MANY_TRIES = 1_000;
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

  /** Of its first partition. */
  async function leaderNumber(topic: string): Promise<number> {
    return (await leaderOf({ brokers: kafka.brokers }, { topic, partition: 0 })) ?? 0;
  }

  it('A log on several brokers is written and looked at as soon as its topics are made, whichever of them is asked', async () => {
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

  it('A log on several brokers has another writer, who finds all of it, while one of them is dead, each in turn', async () => {
    const sealer = new Sealer();
    const all: ReadBatch[] = [];
    await (await makeLog('one-dead', 0).open()).close();
    // Who leads now is found out by those that are left, and is not known at once: until then a log does not open, or
    // cannot say the outcome of a batch, which the next to open it sees.
    const append = async (batch: SealedBatch): Promise<unknown> => {
      const log = makeLog('one-dead', 0);
      try {
        const { head } = await log.open();
        return head > batch.firstPosition ? 'appended' : await log.writer?.append(batch);
      } catch (error) {
        return String(error);
      } finally {
        await log.close();
      }
    };
    for (let node = 1; node <= NODES; node++) {
      await kafka.node(node).kill();
      const batch = sealer.sealSome(3);
      await expect.poll(() => append(batch)).toBe('appended');
      all.push(asRead(batch));
      expect(await collect(makeLog('one-dead', 0).read(0))).toEqual(all);
      await kafka.node(node).start();
    }
  });

  it('A log on several brokers commits while one of them is dead, whichever leads, and takes it back', async () => {
    const client = kafkaClient(kafka.brokers, undefined, MANY_TRIES);
    await createTopic(client, 'survivor');
    const producer = await transactionalProducer(client, 'survivor');
    await sendOne(producer, 'survivor', 'before', 'commit');
    const leader = kafka.node(await leaderNumber('survivor'));
    await leader.kill();
    expect(leader.isRunning).toBe(false);
    await sendOne(producer, 'survivor', 'without it', 'commit');
    await leader.start();
    await producer.disconnect();
    expect(await readCommitted(client, 'survivor', 2)).toEqual(['before', 'without it']);
  });

  it('A log on several brokers says how far it goes while one of them is silent, and not when the leader alone answers', async () => {
    const log = makeLog('alone', 0);
    const writer = await log.open();
    const batch = new Sealer().sealSome(3);
    expect(await writer.append(batch)).toBe('appended');
    const { head } = writer;
    await writer.close();
    expect(await log.head()).toBe(head);
    const leader = await leaderNumber('alone.events');
    const [one, other] = kafka.nodes.filter((_, at) => at + 1 !== leader);
    one?.signal('SIGSTOP');
    expect(await log.head()).toBe(head);
    other?.signal('SIGSTOP');
    await expect.poll(() => log.head().catch(String)).toMatch(/where it ends cannot be known/);
    for (const node of [one, other]) node?.signal('SIGCONT');
    await expect.poll(() => log.head().catch(String)).toBe(head);
  });
});
