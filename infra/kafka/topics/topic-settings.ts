/**
 * The settings that an exchange's topics need: Parley makes them with these, and checks whether they still have them. Operators may have
 * made the topics, and may change their settings at any time.
 */
import kafkajs from 'kafkajs';
import { type Admin, topicsThere, withAdmin } from '../admin.js';
import { causes, type KafkaConnection, typeOf } from '../connection.js';
import { type TopicNames, topicNames } from './topic-names.js';

export interface TopicFinding {
  readonly topic: string;
  /** `retention.ms`, or `partitions`, `replicas`; undefined where a topic could not be looked at. */
  readonly setting: string | undefined;
  /** What is wrong and how it is set right, for people. */
  readonly says: string;
  /** The log would lose events, or could not be read: nothing is started with such topics. */
  readonly losesEvents: boolean;
}

/** A setting that a topic is made with. */
interface Setting {
  readonly value: string;
  /** What will do as well, where somebody else has made the topic. */
  readonly others?: readonly string[];
  /** Numbers from here on will do as well. */
  readonly least?: number;
  /** What comes of any other value; undefined where nothing does that would have to be told. */
  readonly otherwise?: string;
  /** The log would lose events, or could not be read. */
  readonly losesEvents?: true;
}

type Settings = Readonly<Record<string, Setting>>;

const HOUR = String(3_600_000);
/** From so many brokers on, a record can be on two of them whichever one is away. */
const BROKERS_FOR_TWO = 3;

/** Permanently, and however large. */
function kept(otherwise: string, loses: { readonly losesEvents?: true } = {}): Settings {
  return {
    'retention.ms': { value: '-1', otherwise, ...loses },
    'retention.bytes': { value: '-1', otherwise, ...loses },
    'cleanup.policy': { value: 'delete', otherwise, ...loses },
  };
}

const UNSEEN = 'what has not been looked at yet gets lost';
/** Records stay as their producer, which does not compress, has written them. */
const UNCHANGED = { value: 'producer', others: ['uncompressed'] };
const COMPACTED: Settings = {
  'cleanup.policy': { value: 'compact', otherwise: 'the last record gets lost' },
  'segment.ms': { value: HOUR },
  'compression.type': { ...UNCHANGED, otherwise: 'it cannot be read' },
};
/** A replica that has less than those in sync is never made the leader. */
const CLEAN: Settings = {
  'unclean.leader.election.enable': {
    value: 'false',
    otherwise: 'a broker that has not all of it may become its leader',
  },
};

/** Only where there are brokers enough. */
const IN_SYNC: Settings = {
  'min.insync.replicas': {
    value: '2',
    least: 2,
    otherwise: 'what was acknowledged may be on one broker alone',
  },
};

/** What the topics are made with, and checked for. */
const settings: Readonly<Record<keyof TopicNames, Settings>> = {
  events: {
    ...kept('events get lost', { losesEvents: true }),
    'compression.type': { ...UNCHANGED, otherwise: 'events cannot be read', losesEvents: true },
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
  const wanted = { ...settings[kind], ...(replicas >= BROKERS_FOR_TWO && IN_SYNC) };
  return Object.fromEntries(Object.entries(wanted).map(([name, { value }]) => [name, value]));
}

/**
 * All that is wrong; a topic that is not there is passed over. Rejects with LogUnreachableError or LogRefusedError when the brokers
 * cannot be asked; what they do not let be looked at is a finding.
 */
export function checkTopics(
  connection: KafkaConnection,
  prefix: string,
  shards: number,
): Promise<readonly TopicFinding[]> {
  return withAdmin(connection, async (admin) => {
    const names = topicNames(prefix);
    const brokers = (await admin.describeCluster()).brokers.length;
    const there = await topicsThere(admin, Object.values({ ...names }));
    const placed = [names.events, names.commands, names.claims, names.deadLetters].filter((name) =>
      there.includes(name),
    );
    const findings = [...(await placeFindings(admin, placed, shards, brokers))];
    for (const kind of ['events', 'claims', 'commands', 'snapshots', 'deadLetters'] as const) {
      const checked =
        kind === 'events' && brokers >= BROKERS_FOR_TWO ? { ...settings.events, ...IN_SYNC } : settings[kind];
      if (there.includes(names[kind])) findings.push(...(await settingFindings(admin, names[kind], checked)));
    }
    return findings;
  });
}

async function placeFindings(
  admin: Admin,
  topics: readonly string[],
  shards: number,
  brokers: number,
): Promise<readonly TopicFinding[]> {
  if (topics.length === 0) return []; // asked for none, brokers tell of all
  const { topics: found } = await admin.fetchTopicMetadata({ topics: [...topics] });
  const wanted = Math.min(BROKERS_FOR_TWO, brokers);
  return found.flatMap(({ name: topic, partitions }) => {
    const note = (setting: string, says: string): TopicFinding[] => [
      { topic, setting, says: `${topic} ${says}`, losesEvents: false },
    ];
    const count = partitions.length;
    const replicas = Math.min(...partitions.map((each) => each.replicas.length));
    return [
      ...(count === shards
        ? []
        : note('partitions', `has ${count} partitions for ${shards} shards: the log stays with its shards`)),
      ...(replicas >= wanted
        ? []
        : note('replicas', `has ${replicas} replicas: with ${brokers} brokers there can be ${wanted}`)),
    ];
  });
}

async function settingFindings(admin: Admin, topic: string, wanted: Settings): Promise<readonly TopicFinding[]> {
  const found = await settingsOf(admin, topic);
  if (found === undefined) {
    const says = `the settings of ${topic} cannot be checked: the brokers refuse to show them`;
    return [{ topic, setting: undefined, says, losesEvents: false }];
  }
  return Object.entries(wanted).flatMap(
    ([setting, { value, others = [], least = Infinity, otherwise, losesEvents }]) => {
      const is = found.get(setting);
      if (otherwise === undefined || is === undefined || [value, ...others].includes(is) || Number(is) >= least)
        return [];
      const remedy = `kafka-configs.sh --alter --entity-type topics --entity-name ${topic} --add-config ${setting}=${value}`;
      const says = `${topic} has ${setting}=${is}, by which ${otherwise}; ${remedy}`;
      return [{ topic, setting, says, losesEvents: losesEvents === true }];
    },
  );
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
