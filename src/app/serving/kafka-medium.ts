/** What the processes of a cluster share when they keep their logs in Kafka. */
import { type CommandRecord, CommandTopic, LostCommands } from '../../../infra/kafka/topics/command-topic.js';
import { KafkaLog } from '../../../infra/kafka/kafka-log.js';
import { MemberTopic } from '../../../infra/kafka/topics/member-topic.js';
import { SnapshotTopic } from '../../../infra/kafka/topics/snapshot-topic.js';
import { checkTopics } from '../../../infra/kafka/topics/topic-settings.js';
import { ensureTopics } from '../../../infra/kafka/topics/topics.js';
import type { MemberReport, Registry } from '../../cluster/membership/registry.js';
import type { Exchange } from '../../exchange/exchange.js';
import { SnapshotStore } from '../../exchange/snapshots/snapshots.js';
import type { Logger } from '../../resilience/logger.js';
import { CommandConsumer } from '../../intake/command-consumer.js';
import type { Evidence } from '../../log/port.js';
import { type DataFolder, remoteFolder } from '../logs/data-folder.js';
import { loggedEvidence } from '../logs/evidence.js';
import type { KafkaSettings } from '../logs/settings.js';
import type { AcceptedLosses } from './common-serving.js';
import { SnapshotMaker } from '../threads/snapshot-maker.js';
import type { ReadShard } from '../threads/stored-queries.js';
import { TopicWatch } from './topic-watch.js';

export interface KafkaMediumOptions {
  /** Names this process in the logs' claims, and its query stores, which may lie beside those of others. */
  readonly memberId: string;
  readonly snapshotEvery: number | undefined;
  readonly losses: AcceptedLosses;
  readonly logger: Logger & ConstructorParameters<typeof KafkaLog>[0]['log'];
}

/** A shard as this process reaches it, whichever process writes it. */
interface KafkaShard {
  readonly log: KafkaLog;
  readonly snapshots: SnapshotTopic;
  readonly snapshotStore: SnapshotStore;
  /** From the moment on at which it is known where the newest snapshot stands. */
  maker?: SnapshotMaker;
  /** Where the commands come from that the present writer takes. */
  commands?: CommandTopic;
  intake?: CommandConsumer<CommandRecord>;
  readonly lost: LostCommands;
}

/**
 * The topics of a cluster, as one of its processes reaches them.
 *
 * 1. A shard has one log here: the same one each time, opened for writing again and again, closed by `close`.
 */
export class KafkaMedium {
  readonly registry: Registry;
  private readonly members: MemberTopic;
  private readonly perShard: readonly KafkaShard[];

  private constructor(
    private readonly settings: KafkaSettings,
    readonly shards: number,
    private readonly options: KafkaMediumOptions,
    private readonly watch: TopicWatch,
  ) {
    const { connection, topic } = settings;
    this.members = new MemberTopic(connection, topic);
    this.registry = registryOf(this.members);
    this.perShard = Array.from({ length: shards }, (_, shard) => this.makeShard(shard));
  }

  /**
   * Makes the topics where they are missing, and checks the settings of all. Rejects with LogUnreachableError, LogRefusedError, or
   * LogLostError where a topic of events is gone and nobody's loss of all of it is accepted.
   */
  static async connect(settings: KafkaSettings, options: KafkaMediumOptions): Promise<KafkaMedium> {
    const { connection, topic: prefix, shards } = settings;
    const { logger, losses } = options;
    const isLossAccepted = [...losses.values()].includes(0);
    const count = await ensureTopics(connection, { prefix, shards, isLossAccepted, log: logger });
    const watch = new TopicWatch(() => checkTopics(connection, prefix, count), logger);
    await watch.start();
    return new KafkaMedium(settings, count, options, watch);
  }

  log(shard: number): KafkaLog {
    return this.of(shard).log;
  }

  /** Where the thread of the query stores finds a shard’s log, and keeps what it makes of it. */
  read(shard: number): ReadShard {
    const owner = this.options.memberId.replace(/[^A-Za-z0-9.-]/g, '_');
    return { log: { ...this.settings, shard }, file: this.folder(shard).queryStoreOf(owner) };
  }

  snapshots(shard: number): SnapshotStore {
    return this.of(shard).snapshotStore;
  }

  /** What was made from a shard’s log and knows of it. */
  evidence(shard: number): Promise<readonly Evidence[]> {
    const place = { folder: this.folder(shard), snapshots: async () => this.snapshots(shard) };
    return loggedEvidence(place, shard, this.options.logger);
  }

  private folder(shard: number): DataFolder {
    return remoteFolder(this.settings, shard);
  }

  /** To be called after each commit of a shard that is written here. */
  onDurable(shard: number, durable: number): void {
    this.of(shard).maker?.advance(durable);
  }

  /** To be called when a shard has been opened for writing: takes the commands of its topic, for as long as this exchange takes any. */
  onOpened(shard: number, exchange: Exchange): void {
    const { connection, topic } = this.settings;
    const { logger } = this.options;
    const held = this.of(shard);
    const writer = held.log.writer;
    void held.commands?.close();
    const source = new CommandTopic({ connection, prefix: topic, shard, log: logger, lost: held.lost });
    held.commands = source;
    writer?.attach(source);
    const settle = async (): Promise<void> => writer?.settle();
    const intake = new CommandConsumer({ source, exchange, shards: this.shards, logger, settle });
    held.intake = intake;
    intake.start();
    void this.makeSnapshots(shard);
  }

  private async makeSnapshots(shard: number): Promise<void> {
    const { logger, snapshotEvery: everyEvents } = this.options;
    const held = this.of(shard);
    try {
      const latest = await held.snapshotStore.usableLatest(held.log);
      held.maker ??= new SnapshotMaker({ settings: { ...this.settings, shard }, everyEvents, latest, logger });
    } catch (error) {
      logger.warn({ shard, err: error }, 'no snapshots are made: those that there are cannot be listed');
    }
  }

  /** For people. */
  describe(): string {
    return `${this.settings.topic} in Kafka at ${this.settings.connection.brokers.join(',')}`;
  }

  /** What would lose events, or keeps commands from being taken. */
  trouble(): string | undefined {
    const standing = this.perShard.find(({ intake }) => intake?.trouble !== undefined);
    return this.watch.trouble ?? standing?.intake?.trouble;
  }

  /** Offsets of commands that were removed from the topics before this process could take them. */
  get lostCommands(): number {
    return this.perShard.reduce((sum, { lost }) => sum + lost.count, 0);
  }

  async close(): Promise<void> {
    this.watch.end();
    const closing = this.perShard.flatMap(({ log, snapshots, commands, maker }) => [
      log.close(),
      snapshots.close(),
      commands?.close(),
      maker?.end(),
    ]);
    await Promise.all([this.members.close(), ...closing]);
  }

  private of(shard: number): KafkaShard {
    const found = this.perShard[shard];
    if (found === undefined) throw new RangeError(`there is no shard ${shard} among ${this.shards}`);
    return found;
  }

  private makeShard(shard: number): KafkaShard {
    const { connection, topic, format } = this.settings;
    const { memberId: owner, logger } = this.options;
    const snapshots = new SnapshotTopic(connection, topic, shard);
    return {
      log: new KafkaLog({ connection, topic, shard, shards: this.shards, format, owner, log: logger }),
      snapshots,
      snapshotStore: new SnapshotStore('', logger, { files: snapshots }),
      lost: new LostCommands(),
    };
  }
}

function registryOf(members: MemberTopic): Registry {
  return {
    announce: (report) => members.announce(report.memberId, report),
    async *follow(signal) {
      // Nothing but members writes there; what they do not understand of a newer one, they pass over.
      for await (const report of members.follow(signal)) yield report as MemberReport;
    },
  };
}
