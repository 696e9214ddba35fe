/**
 * The settings that the topics of an exchange need: what Parley makes them with, and whether they have them. Others may have made them,
 * and may change them at any time.
 */
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

/** A setting that a topic is made with. */
interface Setting {
  readonly value: string;
  /** What will do as well, where somebody else has made the topic. */
  readonly others?: readonly string[];
  /** What comes of any other value; undefined where nothing does that would have to be told. */
  readonly otherwise?: string;
  /** The log would lose events, or could not be read. */
  readonly losesEvents?: true;
}

type Settings = Readonly<Record<string, Setting>>;

const HOUR = String(3_600_000);
/** From so many brokers on, a record can be on two of them whichever one is away. */
const BROKERS_FOR_TWO = 3;
const IN_SYNC = 'min.insync.replicas';

/** For ever, and however large. */
function kept(otherwise: string, loses: { readonly losesEvents?: true } = {}): Settings {
  return {
    'retention.ms': { value: '-1', otherwise, ...loses },
    'retention.bytes': { value: '-1', otherwise, ...loses },
    'cleanup.policy': { value: 'delete', otherwise, ...loses },
  };
}

const UNSEEN = 'what has not been looked at yet gets lost';
const COMPACTED: Settings = {
  'cleanup.policy': { value: 'compact', otherwise: 'the last record gets lost' },
  'segment.ms': { value: HOUR },
  'compression.type': { value: 'producer', others: ['uncompressed'], otherwise: 'it cannot be read' },
};
/** What every replica in sync has is never given up for one that has less. */
const CLEAN: Settings = {
  'unclean.leader.election.enable': {
    value: 'false',
    otherwise: 'a broker that has not all of it may become its leader',
  },
};

/** What the topics are made with, and checked for. */
const settings: Readonly<Record<keyof TopicNames, Settings>> = {
  events: {
    ...kept('events get lost', { losesEvents: true }),
    'compression.type': {
      ...{ value: 'producer', others: ['uncompressed'] },
      ...{ otherwise: 'events cannot be read', losesEvents: true },
    },
    ...CLEAN,
  },
  claims: { ...COMPACTED, ...CLEAN },
  commands: {
    ...kept(UNSEEN),
    // Brokers undo what producers compress, so that every client may write commands and none need be known.
    'compression.type': { value: 'uncompressed', otherwise: 'what producers compress becomes a dead letter' },
  },
  deadLetters: kept(UNSEEN),
  snapshots: COMPACTED,
  members: { 'cleanup.policy': { value: 'delete' }, 'retention.ms': { value: HOUR }, 'segment.ms': { value: HOUR } },
};

/** What a topic is made with when it gets so many copies. */
export function madeWith(kind: keyof TopicNames, replicas: number): Readonly<Record<string, string>> {
  const own = Object.entries(settings[kind]).map(([name, { value }]) => [name, value] as const);
  return Object.fromEntries(replicas >= BROKERS_FOR_TWO ? [...own, [IN_SYNC, '2']] : own);
}

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
    const found = await settingsOf(admin, topic);
    if (found === undefined) {
      const says = `the settings of ${topic} cannot be checked: the brokers refuse to show them`;
      findings.push({ topic, setting: undefined, says, losesEvents: false });
      continue;
    }
    for (const [name, wanted] of Object.entries(settings[kind])) findings.push(...broken(topic, name, wanted, found));
    if (brokers.length >= BROKERS_FOR_TWO && kind === 'events') findings.push(...tooFewInSync(topic, found));
  }
  return findings;
}

function broken(
  topic: string,
  setting: string,
  { value: wanted, others = [], otherwise, losesEvents }: Setting,
  found: ReadonlyMap<string, string>,
): readonly TopicFinding[] {
  const value = found.get(setting);
  if (otherwise === undefined || value === undefined || value === wanted || others.includes(value)) return [];
  const says = `${topic} has ${setting}=${value}, by which ${otherwise}; ${remedy(topic, setting, wanted)}`;
  return [{ topic, setting, says, losesEvents: losesEvents === true }];
}

function tooFewInSync(topic: string, found: ReadonlyMap<string, string>): readonly TopicFinding[] {
  const setting = IN_SYNC;
  const value = Number(found.get(setting));
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
