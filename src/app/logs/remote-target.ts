import { SnapshotStore } from '../../exchange/snapshots/snapshots.js';
import { contradictions, describe } from '../../log/evidence.js';
import type { Logger } from '../../resilience/logger.js';
import { type Evidence, LogLostError } from '../../log/port.js';
import { withDeadline } from '../../resilience/deadline.js';
import { type DataFolder, remoteFolder } from './data-folder.js';
import { usage } from '../exit.js';
import { evidenceOf, type NotJudged } from './evidence.js';
import type { LogTarget, WriteOptions } from './log-target.js';
import { NoLogError } from './no-log.js';
import type { Opener, RemoteLog } from './openers.js';
import type { EventStoreSettings, KafkaSettings } from './settings.js';

/** How long to wait for a server that does not answer when its connections are closed. */
const CLOSE_MS = 2_000;

/** A log that another program keeps. It owns the connections to it. */
export class RemoteTarget<Settings extends KafkaSettings | EventStoreSettings> implements LogTarget {
  readonly folder: DataFolder;
  private readonly opened: { close(): Promise<void> }[] = [];

  constructor(
    readonly settings: Settings,
    private readonly opener: Opener<Settings>,
  ) {
    this.folder = remoteFolder(settings, settings.shard);
  }

  describe(): string {
    const { topic, shard } = this.settings;
    return `shard ${shard} of ${topic} in ${serverOf(this.settings)}`;
  }

  async log({ log }: WriteOptions = {}): Promise<RemoteLog> {
    return this.open(log);
  }

  async existingLog(): Promise<RemoteLog> {
    const log = this.open(undefined);
    if ((await log.head()) > 0) return log;
    const found = await contradictions(log, 0, await this.evidence());
    if (found.length === 0) throw new NoLogError(`there is no log: ${this.describe()} is empty`);
    throw new LogLostError(`${this.describe()} is empty, and was not: ${describe(found)}`, found);
  }

  evidence(notJudged: NotJudged = () => undefined, isThorough = false): Promise<readonly Evidence[]> {
    return evidenceOf(this, notJudged, isThorough);
  }

  async snapshots(logger?: Logger): Promise<SnapshotStore> {
    const files = this.opener.snapshots?.(this.settings);
    if (files === undefined) return this.folder.snapshots(logger);
    this.opened.push(files);
    return new SnapshotStore('', logger, { files });
  }

  inspect(): undefined {
    return undefined;
  }

  async close(): Promise<void> {
    const closing = Promise.allSettled(this.opened.splice(0).map((each) => each.close()));
    await withDeadline(closing, CLOSE_MS, () => undefined);
  }

  private open(sink: Logger | undefined): RemoteLog {
    try {
      const log = this.opener.log(this.settings, sink);
      this.opened.push(log);
      return log;
    } catch (cause) {
      throw cause instanceof RangeError ? usage(cause.message, cause) : cause;
    }
  }
}

function serverOf(settings: KafkaSettings | EventStoreSettings): string {
  if (settings.kind === 'kafka') return `Kafka at ${settings.connection.brokers.join(',')}`;
  const { connection } = settings;
  const hosts = connection.slice(Math.max(connection.indexOf('://') + 3, connection.lastIndexOf('@') + 1));
  return `EventStoreDB at ${hosts.replace(/[/?#].*$/, '')}`;
}
