/** Whether the topics of an exchange have the settings that they need: others may have made them, and may change them at any time. */
import kafkajs, { type Admin, Kafka, logLevel } from 'kafkajs';
import { causes, isOfLog, type KafkaConnection, kafkaConfig, kafkaError, typeOf } from './connection.js';
import './request-queue.js';
import { type TopicNames, topicNames } from './topic-names.js';

export interface TopicFinding {
  readonly topic: string;
  /** `retention.ms`, or `partitions`, `replicas`; undefined where a topic could not be looked at. */
  readonly setting: string | undefined;
  /** What is wrong and how it is set right, for people. */
  readonly says: string;
  /** The log would lose events, or could not be read: not to be borne with. */
  readonly losesEvents: boolean;
}

interface Rule {
  readonly topics: readonly (keyof TopicNames)[];
  readonly setting: string;
  readonly wanted: readonly [string, ...string[]];
  readonly why: string;
  readonly losesEvents?: true;
}

const KEPT: readonly (keyof TopicNames)[] = ['commands', 'deadLetters'];
const COMPACTED: readonly (keyof TopicNames)[] = ['claims', 'snapshots'];
const PLAIN: readonly [string, ...string[]] = ['producer', 'uncompressed'];

const rules: readonly Rule[] = [
  ...['retention.ms', 'retention.bytes'].map((setting): Rule => ({
    topics: ['events'],
    setting,
    wanted: ['-1'],
    why: 'events get lost',
    losesEvents: true,
  })),
  { topics: ['events'], setting: 'cleanup.policy', wanted: ['delete'], why: 'events get lost', losesEvents: true },
  { topics: ['events'], setting: 'compression.type', wanted: PLAIN, why: 'events cannot be read', losesEvents: true },
  ...['retention.ms', 'retention.bytes'].map((setting): Rule => ({
    topics: KEPT,
    setting,
    wanted: ['-1'],
    why: 'what has not been looked at yet gets lost',
  })),
  { topics: KEPT, setting: 'cleanup.policy', wanted: ['delete'], why: 'what has not been looked at yet gets lost' },
  {
    ...{ topics: ['commands'], setting: 'compression.type', wanted: ['uncompressed'] },
    why: 'what producers compress becomes a dead letter',
  },
  { topics: COMPACTED, setting: 'cleanup.policy', wanted: ['compact'], why: 'the last record gets lost' },
  { topics: COMPACTED, setting: 'compression.type', wanted: PLAIN, why: 'it cannot be read' },
  {
    ...{ topics: ['events', 'claims'], setting: 'unclean.leader.election.enable', wanted: ['false'] },
    why: 'a broker that has not all of it may become its leader',
  },
];

/** From so many brokers on, a record can be on two of them whichever one is away. */
const BROKERS_FOR_TWO = 3;

/**
 * All that is wrong; a topic that is not there is passed over. Rejects with LogUnreachableError or LogRefusedError when the brokers
 * cannot be asked; what they do not let be looked at is a finding.
 */
export async function checkTopics(
  connection: KafkaConnection,
  prefix: string,
  shards: number,
): Promise<readonly TopicFinding[]> {
  const admin = new Kafka({ ...kafkaConfig(connection), logLevel: logLevel.NOTHING }).admin();
  const names = topicNames(prefix);
  try {
    await admin.connect();
    return [...(await placeFindings(admin, names, shards)), ...(await settingFindings(admin, names))];
  } catch (error) {
    throw isOfLog(error) ? error : kafkaError(error, connection);
  } finally {
    await admin.disconnect();
  }
}

async function placeFindings(admin: Admin, names: TopicNames, shards: number): Promise<readonly TopicFinding[]> {
  const { brokers } = await admin.describeCluster();
  const wantedReplicas = Math.min(BROKERS_FOR_TWO, brokers.length);
  const findings: TopicFinding[] = [];
  for (const topic of await thereAmong(admin, [names.events, names.commands, names.claims, names.deadLetters])) {
    const [found] = (await admin.fetchTopicMetadata({ topics: [topic] })).topics;
    const partitions = found?.partitions ?? [];
    const note = (setting: string, says: string): void =>
      void findings.push({ topic, setting, says: `${topic} ${says}`, losesEvents: false });
    if (partitions.length !== shards)
      note('partitions', `has ${partitions.length} partitions for ${shards} shards: the log stays with its shards`);
    const replicas = Math.min(...partitions.map((each) => each.replicas.length));
    if (replicas < wantedReplicas)
      note('replicas', `has ${replicas} replicas: with ${brokers.length} brokers there can be ${wantedReplicas}`);
  }
  return findings;
}

async function settingFindings(admin: Admin, names: TopicNames): Promise<readonly TopicFinding[]> {
  const { brokers } = await admin.describeCluster();
  const findings: TopicFinding[] = [];
  for (const kind of ['events', 'claims', 'commands', 'snapshots', 'deadLetters'] as const) {
    const topic = names[kind];
    if ((await thereAmong(admin, [topic])).length === 0) continue;
    const settings = await settingsOf(admin, topic);
    if (settings === undefined) {
      const says = `the settings of ${topic} cannot be checked: the brokers refuse to show them`;
      findings.push({ topic, setting: undefined, says, losesEvents: false });
      continue;
    }
    for (const rule of rules) if (rule.topics.includes(kind)) findings.push(...broken(topic, rule, settings));
    if (brokers.length >= BROKERS_FOR_TWO && kind === 'events') findings.push(...tooFewInSync(topic, settings));
  }
  return findings;
}

function broken(topic: string, rule: Rule, settings: ReadonlyMap<string, string>): readonly TopicFinding[] {
  const { setting, wanted, why, losesEvents = false } = rule;
  const value = settings.get(setting);
  if (value === undefined || wanted.includes(value)) return [];
  const says = `${topic} has ${setting}=${value}, by which ${why}; ${remedy(topic, setting, wanted[0])}`;
  return [{ topic, setting, says, losesEvents }];
}

function tooFewInSync(topic: string, settings: ReadonlyMap<string, string>): readonly TopicFinding[] {
  const setting = 'min.insync.replicas';
  const value = Number(settings.get(setting));
  if (!(value < 2)) return [];
  const why = 'what was acknowledged may be on one broker alone';
  return [
    {
      topic,
      setting,
      says: `${topic} has ${setting}=${value}: ${why}; ${remedy(topic, setting, '2')}`,
      losesEvents: false,
    },
  ];
}

function remedy(topic: string, setting: string, value: string): string {
  return `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${setting}=${value}`;
}

/** Undefined where the brokers do not let them be seen. */
async function settingsOf(admin: Admin, name: string): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name }];
    const described = await admin.describeConfigs({ resources, includeSynonyms: false });
    const entries = described.resources.flatMap(({ configEntries }) => configEntries);
    return new Map(entries.map(({ configName, configValue }) => [configName, configValue]));
  } catch (error) {
    if (causes(error).some((each) => typeOf(each)?.endsWith('AUTHORIZATION_FAILED'))) return undefined;
    throw error;
  }
}

async function thereAmong(admin: Admin, topics: readonly string[]): Promise<readonly string[]> {
  const existing = new Set(await admin.listTopics());
  return topics.filter((topic) => existing.has(topic));
}
