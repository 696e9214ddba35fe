import { errorCode, messageOf } from '../../log/message-of.js';
import { usage } from '../exit.js';
import type { SnapshotFiles } from '../../exchange/snapshots/snapshot-files.js';
import type { Logger } from '../../resilience/logger.js';
import type { ShardLog } from '../../log/port.js';
import type { EventStoreSettings, KafkaSettings } from './settings.js';

/** A log that another program keeps, with the connections to it. */
export interface RemoteLog extends ShardLog {
  close(): Promise<void>;
}

/** How a kind of log is opened. Nothing is connected to before the log is used. Throws RangeError for settings that it cannot use. */
export interface Opener<Settings> {
  log(settings: Settings, sink: Logger | undefined): RemoteLog;
  /** How many shards there are, as far as the server knows: 0 where there are none yet. Connects, and leaves again. */
  shards(settings: Settings): Promise<number>;
  /** Where its snapshots are; in the folder of `--data` where it has no place for them. */
  readonly snapshots?: (settings: Settings) => SnapshotFiles & { close(): Promise<void> };
}

interface Openers {
  readonly kafka: () => Promise<Opener<KafkaSettings>>;
  readonly eventstoredb: () => Promise<Opener<EventStoreSettings>>;
}

const EVENT_STORE_CLIENT = '@eventstore/db-client';

/** Loaded when they are asked for: their clients are large, and most processes need none. */
export const openers: Openers = {
  kafka: async () => {
    const [{ KafkaLog }, { SnapshotTopic }, { countShards }] = await Promise.all([
      import('../../../infra/kafka/kafka-log.js'),
      import('../../../infra/kafka/topics/snapshot-topic.js'),
      import('../../../infra/kafka/topics/topics.js'),
    ]);
    return {
      shards: ({ connection, topic }) => countShards(connection, topic),
      log: ({ connection, topic, shard, shards, format }, log) =>
        new KafkaLog({ connection, topic, shard, shards, format, log }),
      snapshots: ({ connection, topic, shard }) => new SnapshotTopic(connection, topic, shard),
    };
  },
  eventstoredb: async () => {
    const { EventStoreLog, countShards } = await withEventStoreClient(
      import('../../../infra/eventstoredb/eventstore-log.js'),
    );
    return {
      shards: ({ connection, topic, patienceMs }) => countShards(connection, topic, patienceMs),
      log: ({ connection, topic: prefix, shard, patienceMs }, log) =>
        new EventStoreLog({
          ...{ connection, prefix, shard },
          ...(patienceMs === undefined ? {} : { patienceMs, answerMs: patienceMs }),
          ...(log === undefined ? {} : { log }),
        }),
    };
  },
};

/** A part of the program that needs EventStoreDB's client, which an install of the package does not bring. */
async function withEventStoreClient<Module>(loading: Promise<Module>): Promise<Module> {
  try {
    return await loading;
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND' || !messageOf(error).includes(EVENT_STORE_CLIENT)) throw error;
    throw usage(`a log in EventStoreDB needs its client: npm install ${EVENT_STORE_CLIENT}`);
  }
}

/** Installs, or brings up to date, what links events to streams of intentions and deals in EventStoreDB; resolves to its name there. */
export async function installLinks({ connection, topic }: EventStoreSettings): Promise<string> {
  const { installLinksAt } = await withEventStoreClient(import('../../../infra/eventstoredb/links.js'));
  return installLinksAt(connection, topic);
}
