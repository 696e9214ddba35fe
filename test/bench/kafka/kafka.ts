import { KafkaClient } from '../../../infra/kafka/protocol/client.js';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { Partition } from '../../../infra/kafka/protocol/partition.js';
import { topicNames } from '../../../infra/kafka/topics/topics.js';
import { replay } from '../../../src/exchange/recovery/recovery.js';
import { makeFlow } from '../flow/flow.js';
import { FlowPlayer } from '../flow/flow-player.js';
import { withBroker } from './broker.js';
import { BareProducer, type Message } from './kafka-producer.js';
import { type Part, say, thousands } from '../part.js';
import { Producer, type Stretch } from '../parts/producer.js';
import { ShardTaker } from '../flow/shard-taker.js';
import { median, rounded } from '../statistics.js';

const SAMPLE_RECORDS = 100_000;
const MOST_REPLAYED = 4_000_000;

/**
 * One shard on one Kafka broker, every intention answered once its transaction is committed. First sustained; then in slices by turns
 * with a plain kafkajs producer that sends the very records that the slice before has written, in transactions of as many; then what it
 * has written is replayed. Last the same, sustained and replayed, with events as JSON.
 */
export const kafka: Part = ({ seconds, quick }) => withBroker((brokers) => measure(brokers, seconds, quick));

async function measure(brokers: readonly string[], seconds: number, quick: boolean): Promise<object> {
  const topic = `bench-${Date.now()}`;
  const binary = await played(new KafkaLog({ connection: { brokers }, topic, shard: 0 }), quick, async (producer) => {
    const sustained = await producer.run(seconds);
    say(`kafka: ${thousands(sustained.intentions / sustained.seconds)} durable intentions a second`);
    const compared = await compare(brokers, topic, producer, quick ? 1 : 3, quick ? 2 : 5);
    return { ...figures(sustained), ...compared };
  });
  const asJson = { connection: { brokers }, topic: `${topic}-json`, shard: 0, format: 'json' } as const;
  const json = await played(new KafkaLog(asJson), quick, async (producer) => {
    const sustained = await producer.run(seconds);
    return { intentionsPerSecond: rounded(sustained.intentions / sustained.seconds) };
  });
  return { ...binary, json };
}

/** What is found while the flow is played into a log, and then how fast that is replayed. */
async function played(log: KafkaLog, quick: boolean, find: (producer: Producer) => Promise<object>): Promise<object> {
  const taker = await ShardTaker.open(log);
  const producer = new Producer(new FlowPlayer(makeFlow()), taker);
  await producer.run(quick ? 1 : 5);
  const found = await find(producer);
  await producer.finish();
  await taker.shard.close();
  const replayEventsPerSecond = await replayed(log, quick);
  await log.close();
  return { ...found, replayEventsPerSecond };
}

/** Events a second of a replay from the broker: the state is rebuilt from the first event on. */
async function replayed(log: KafkaLog, quick: boolean): Promise<number> {
  const until = Math.min(await log.head(), quick ? MOST_REPLAYED / 4 : MOST_REPLAYED);
  const rates: number[] = [];
  for (let run = 0; run < 3; run++) {
    const from = performance.now();
    const { events } = await replay(log, { until });
    rates.push((1_000 * events) / (performance.now() - from));
  }
  const rate = rounded(median(rates));
  say(`kafka: ${thousands(rate)} events a second replayed`);
  return rate;
}

function figures({ seconds, intentions, deals, events, commits, cpuSeconds, perSecond }: Stretch): object {
  return {
    intentionsPerSecond: rounded(intentions / seconds),
    dealsPerSecond: rounded(deals / seconds),
    eventsPerSecond: rounded(events / seconds),
    seconds: rounded(seconds, 3),
    commits,
    intentionsPerCommit: rounded(intentions / commits),
    cpuNanosecondsPerIntention: rounded((1e9 * cpuSeconds) / intentions),
    intentionsPerSecondMedianSecond: perSecond.length === 0 ? 0 : median(perSecond),
  };
}

async function compare(
  brokers: readonly string[],
  topic: string,
  producer: Producer,
  sliceSeconds: number,
  rounds: number,
): Promise<object> {
  const bare = await BareProducer.connect(brokers, `${topic}-bare`);
  const own: number[] = [];
  const theirs: number[] = [];
  let bytesPerRecord = 0;
  for (let round = 0; round < rounds; round++) {
    const slice = await producer.run(sliceSeconds);
    const sample = await lastRecords(brokers, topic);
    bytesPerRecord = sample.bytes / sample.messages.length;
    const recordsPerSecond = await bare.run(sample.messages, Math.round(slice.events / slice.commits), sliceSeconds);
    own.push(slice.intentions / slice.seconds);
    theirs.push((recordsPerSecond * slice.intentions) / slice.events);
    say(`kafka: ${thousands(own[round] ?? 0)}, kafkajs alone ${thousands(theirs[round] ?? 0)} intentions a second`);
  }
  await bare.close();
  const ratios = own.map((rate, round) => rate / (theirs[round] ?? Number.NaN));
  return {
    ratioToBareProducer: rounded(median(ratios), 3),
    bareProducer: {
      rounds,
      sliceSeconds,
      bytesPerRecord: rounded(bytesPerRecord),
      intentionsPerSecond: rounded(median(theirs)),
      ownIntentionsPerSecond: rounded(median(own)),
      ratios: ratios.map((ratio) => rounded(ratio, 3)),
    },
  };
}

/** The last records of the events' topic as a plain producer would send them, and how many bytes their keys, values and headers take. */
async function lastRecords(brokers: readonly string[], topic: string): Promise<{ messages: Message[]; bytes: number }> {
  const client = new KafkaClient({ brokers });
  try {
    const partition = new Partition(client, { topic: topicNames(topic).events, partition: 0 });
    const { first, end } = await partition.ends();
    const messages: Message[] = [];
    let bytes = 0;
    for await (const batch of partition.batches(Math.max(first, end - SAMPLE_RECORDS), end)) {
      for (const record of batch.records()) {
        const texts = record.headers();
        const headers = Object.fromEntries(
          texts.flatMap((text, at) => (at % 2 === 0 ? [[text, texts[at + 1] ?? '']] : [])),
        );
        messages.push({ key: record.key, value: Buffer.from(record.value), headers, partition: 0 });
        bytes += record.key.length + record.value.length + texts.join('').length;
      }
    }
    return { messages, bytes };
  } finally {
    await client.close();
  }
}
