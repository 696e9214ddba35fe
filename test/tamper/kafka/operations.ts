/** What brokers, operators and other programs may do to the topics of an exchange. */
import fs from 'node:fs';
// Of its enumerations, modules can import by name no more than some.
import kafkajs, { type Admin, CompressionTypes, type Kafka } from 'kafkajs';
import { topicNames } from '../../../infra/kafka/topics/topics.js';
import type { Random } from '../../support/random.js';
import { clientOf, symbols } from '../market.js';
import type { Done, RemoteOperation } from '../remote/operation.js';
import { sleep } from '../serve.js';

/** Longer than a round takes: it must not end by itself. */
const TRANSACTION_MS = 300_000;
const INTAKE_MS = 10_000;
const LOOK_MS = 100;

export interface TopicGround {
  readonly kafka: Kafka;
  readonly admin: Admin;
  /** What the names of the topics begin with. */
  readonly prefix: string;
  /** The server's own folder. */
  readonly data: string;
  readonly random: Random;
}

export const topicOperations: readonly RemoteOperation<TopicGround>[] = [
  { name: 'delete the front', when: 'down', expects: 'a refusal', apply: (ground) => deleteRecords(ground, 'front') },
  { name: 'delete all records', when: 'down', expects: 'a refusal', apply: (ground) => deleteRecords(ground, 'all') },
  {
    name: 'make the events again',
    when: 'down',
    expects: 'a refusal',
    apply: (ground) => makeAgain(ground, ['events']),
  },
  {
    name: 'make all but the claims again',
    when: 'down',
    expects: 'a refusal',
    apply: (ground) => makeAgain(ground, ['events', 'commands', 'deadLetters', 'snapshots', 'members']),
  },
  { name: 'delete all topics', when: 'down', expects: 'hidden', apply: (ground) => remove(ground, everything) },
  { name: 'delete all topics and the folder', when: 'down', expects: 'anything', apply: deleteEverything },
  { name: 'delete the claims', when: 'down', expects: 'either', apply: (ground) => remove(ground, ['claims']) },
  {
    name: 'delete the snapshots',
    when: 'down',
    expects: 'as before',
    apply: (ground) => remove(ground, ['snapshots']),
  },
  { name: 'delete the commands', when: 'down', expects: 'either', apply: (ground) => remove(ground, ['commands']) },
  { name: 'delete the members', when: 'down', expects: 'as before', apply: (ground) => remove(ground, ['members']) },
  { name: 'remove the stores', when: 'down', expects: 'as before', apply: removeFolder },
  {
    name: 'add partitions to the events',
    when: 'down',
    expects: 'either',
    apply: (ground) => widen(ground, ['events']),
  },
  {
    name: 'add partitions to all topics',
    when: 'down',
    expects: 'either',
    apply: (ground) => widen(ground, everything),
  },
  { name: 'hold a transaction open', when: 'before', expects: 'held', apply: holdTransaction },
  { name: 'hold a transaction on the claims open', when: 'before', expects: 'held', apply: holdOnClaims },
  { name: 'a foreign record', when: 'down', expects: 'either', apply: foreignRecord },
  { name: 'settings that lose records', when: 'down', expects: 'either', apply: spoilSettings },
  {
    name: 'running: delete the front',
    when: 'running',
    expects: 'a refusal',
    apply: (ground) => deleteRecords(ground, 'front'),
  },
  {
    name: 'running: delete all records',
    when: 'running',
    expects: 'a refusal',
    apply: (ground) => deleteRecords(ground, 'all'),
  },
  {
    name: 'running: make the events again',
    when: 'running',
    expects: 'a refusal',
    isNoticed: true,
    apply: (ground) => makeAgain(ground, ['events']),
  },
  {
    name: 'running: delete all topics',
    when: 'running',
    expects: 'hidden',
    isNoticed: true,
    apply: (ground) => remove(ground, everything),
  },
  { name: 'running: a foreign record', when: 'running', expects: 'either', apply: foreignRecord },
  { name: 'running: hold a transaction open', when: 'running', expects: 'held', apply: holdTransaction },
  { name: 'running: add partitions', when: 'running', expects: 'either', apply: (ground) => widen(ground, ['events']) },
  {
    name: 'running: a compressed command',
    when: 'running',
    expects: 'as before',
    afterwards: askIntake,
    apply: compressedCommand,
  },
  {
    name: 'commands removed before they were taken',
    when: 'down',
    expects: 'as before',
    afterwards: askIntake,
    apply: commandsRemoved,
  },
];

type Topic = keyof ReturnType<typeof topicNames>;
const everything: readonly Topic[] = ['events', 'commands', 'deadLetters', 'snapshots', 'claims', 'members'];

function namesOf({ prefix }: TopicGround, topics: readonly Topic[]): string[] {
  const names = topicNames(prefix);
  return topics.map((topic) => names[topic]);
}

async function deleteRecords(ground: TopicGround, which: 'front' | 'all'): Promise<Done> {
  const [topic = ''] = namesOf(ground, ['events']);
  const [ends] = await ground.admin.fetchTopicOffsets(topic);
  const high = Number(ends?.high);
  const offset = which === 'all' ? high : 1 + ground.random.below(high - 1);
  await ground.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: String(offset) }] });
  return { did: `${topic} up to offset ${offset} of ${high}` };
}

async function remove(ground: TopicGround, topics: readonly Topic[]): Promise<Done> {
  const names = namesOf(ground, topics);
  await ground.admin.deleteTopics({ topics: names });
  return { did: names.join(', ') };
}

async function makeAgain(ground: TopicGround, topics: readonly Topic[]): Promise<Done> {
  const done = await remove(ground, topics);
  await ground.admin.createTopics({
    waitForLeaders: false,
    topics: namesOf(ground, topics).map((topic) => ({ topic, numPartitions: 1 })),
  });
  return done;
}

async function deleteEverything(ground: TopicGround): Promise<Done> {
  fs.rmSync(ground.data, { recursive: true, force: true });
  return remove(ground, everything);
}

async function removeFolder({ data }: TopicGround): Promise<Done> {
  fs.rmSync(data, { recursive: true, force: true });
  return { did: 'its whole folder' };
}

async function widen(ground: TopicGround, topics: readonly Topic[]): Promise<Done> {
  const names = namesOf(ground, topics);
  await ground.admin.createPartitions({ topicPartitions: names.map((topic) => ({ topic, count: 2 })) });
  return { did: names.join(', ') };
}

function holdTransaction(ground: TopicGround): Promise<Done> {
  return holdOn(ground, 'events');
}

function holdOnClaims(ground: TopicGround): Promise<Done> {
  return holdOn(ground, 'claims');
}

/** A record in a transaction that nobody ends until it is undone. */
async function holdOn(ground: TopicGround, of: Topic): Promise<Done> {
  const [topic = ''] = namesOf(ground, [of]);
  const transactionalId = `${ground.prefix}-somebody`;
  const producer = ground.kafka.producer({
    transactionalId,
    transactionTimeout: TRANSACTION_MS,
    maxInFlightRequests: 1,
  });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ key: 'somebody', value: 'else', partition: 0 }] });
  const undo = async (): Promise<void> => {
    await transaction.abort();
    await producer.disconnect();
  };
  return { did: topic, undo };
}

async function foreignRecord(ground: TopicGround): Promise<Done> {
  const [topic = ''] = namesOf(ground, ['events']);
  await send(ground, topic, { key: 'somebody', value: '{"of":"another program"}', partition: 0 });
  return { did: topic };
}

async function spoilSettings(ground: TopicGround): Promise<Done> {
  const [topic = ''] = namesOf(ground, ['events']);
  const configEntries = [
    { name: 'cleanup.policy', value: ground.random.chance(1, 2) ? 'compact' : 'delete' },
    { name: 'retention.ms', value: '86400000' },
  ];
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await ground.admin.alterConfigs({ validateOnly: false, resources });
  return { did: configEntries.map(({ name, value }) => `${name}=${value}`).join(', ') };
}

/** Where brokers leave as it is what producers compress. */
async function compressedCommand(ground: TopicGround): Promise<Done> {
  const [topic = ''] = namesOf(ground, ['commands']);
  const configEntries = [{ name: 'compression.type', value: 'producer' }];
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await ground.admin.alterConfigs({ validateOnly: false, resources });
  await send(ground, topic, { key: symbols[0], value: commandOf('compressed'), partition: 0 }, CompressionTypes.GZIP);
  return { did: topic };
}

/** A gap between what was taken and what is there. */
async function commandsRemoved(ground: TopicGround): Promise<Done> {
  const [topic = ''] = namesOf(ground, ['commands']);
  for (const id of ['removed-1', 'removed-2']) {
    await send(ground, topic, { key: symbols[0], value: commandOf(id), partition: 0 });
  }
  const [ends] = await ground.admin.fetchTopicOffsets(topic);
  await ground.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: ends?.high ?? '0' }] });
  return { did: `${topic} up to offset ${ends?.high}` };
}

/** A post as a program writes it to the topic. */
function commandOf(clientIntentionId: string): string {
  const terms = { participant: 'zoe', instrument: symbols[0], side: 'buy', price: '1', quantity: '1' };
  return JSON.stringify({ clientIntentionId, ...terms });
}

async function send(
  { kafka }: TopicGround,
  topic: string,
  message: { readonly key: string; readonly value: string; readonly partition: number },
  compression = CompressionTypes.None,
): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic, messages: [message], compression });
  await producer.disconnect();
}

/** A command that comes after is carried out, or readiness says why not. */
async function askIntake(ground: TopicGround, url: string): Promise<string[]> {
  const client = clientOf(url, 1);
  const clientIntentionId = 'asked-afterwards';
  const [topic = ''] = namesOf(ground, ['commands']);
  await send(ground, topic, { key: symbols[0], value: commandOf(clientIntentionId), partition: 0 });
  for (const startedMs = performance.now(); performance.now() - startedMs < INTAKE_MS; await sleep(LOOK_MS)) {
    const found = await client.intentions({ participant: 'zoe', clientIntentionId }).catch(() => []);
    if (found.length > 0) return [];
    const { isReady } = await client.health();
    if (!isReady) return [];
  }
  return ['a command in the topic is not carried out, and readiness says nothing of it'];
}
