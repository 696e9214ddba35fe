import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedLog, type EmbeddedLogOptions } from '../../../infra/embedded/embedded-log.js';
import { parseClaimFileName, parseSegmentFileName } from '../../../infra/embedded/format.js';
import { SnapshotStore } from '../../exchange/snapshots/snapshots.js';
import type { Logger } from '../../resilience/logger.js';
import { contradictions, describe } from '../../log/evidence.js';
import { LogLostError } from '../../log/port.js';
import { NoLogError } from './no-log.js';
import type { EventStoreSettings, KafkaSettings } from './settings.js';
import { namesIn } from './shard-folders.js';

const SNAPSHOTS = 'snapshots';
const PROJECTIONS = 'projections';
const QUERY_STORE = 'queries.db';
const SHOWN_NAMES = 5;

/**
 * What the folder of `--data` holds: the log itself, and in folders of their own what is made from it and can be thrown away
 * (`snapshots`, `projections`). The query store may be in another folder.
 */
export class DataFolder {
  constructor(
    readonly path: string,
    private readonly shard = 0,
    /** The folder of the query store; `projections` below this one unless it is given. */
    private readonly store = join(path, PROJECTIONS),
  ) {}

  /**
   * The database of the query store. A server that took over, whose epoch this is, has a new one of its own: the process that it took
   * from may hang in the middle of a transaction, and hold the other's lock for as long as it hangs. Those of earlier ones are removed, with
   * the models that lie beside them.
   */
  async queryStore(takenOverIn?: number): Promise<string> {
    const { store: folder } = this;
    const own = takenOverIn === undefined ? QUERY_STORE : `queries-${takenOverIn}.db`;
    for (const name of await namesIn(folder)) {
      const [, epoch] = /^queries-(\d+)(?:\.db|-models)/.exec(name) ?? [];
      const isOfEarlier = epoch !== undefined && Number(epoch) !== takenOverIn;
      if (isOfEarlier) await rm(join(folder, name), { recursive: true, force: true });
    }
    return join(folder, own);
  }

  /** The database of the query store of a process that shares the shards with others. */
  queryStoreOf(owner: string): string {
    return join(this.store, `queries-of-${owner}.db`);
  }

  /** The log, there or not. */
  log(options: Omit<EmbeddedLogOptions, 'folder' | 'shard'> = {}): EmbeddedLog {
    return new EmbeddedLog({ ...options, folder: this.path, shard: this.shard });
  }

  /**
   * The log, to be read: an empty one where its writer made no segment yet, or a repair has set all of them aside. Fails where nobody has
   * ever written one, and with LogLostError where only what knows of it is left.
   */
  async existingLog(): Promise<EmbeddedLog> {
    const names = await this.names();
    const log = this.log();
    if (names.some((name) => parseSegmentFileName(name) !== undefined)) return log;
    const claims = names.filter((name) => parseClaimFileName(name) !== undefined);
    const claimed = await log.evidence();
    const isNothing = claimed.length > 0 && claimed.every(({ position, missing }) => position === 0 && !missing);
    const left = [
      ...(isNothing ? [] : claims),
      ...(await namesIn(join(this.path, SNAPSHOTS))).filter((name) => /^snapshot-\d{20}\.bin$/.test(name)),
      ...(await this.queryStores()).map(({ name }) => name),
    ];
    if (left.length === 0 && claims.length > 0) return log;
    if (left.length === 0) {
      throw new NoLogError(`there is no log in ${this.path} (--data or PARLEY_DATA names its folder)`);
    }
    const shown = left.slice(0, SHOWN_NAMES).join(', ') + (left.length > SHOWN_NAMES ? ', …' : '');
    const found = await contradictions(log, 0, claimed);
    const known = found.length === 0 ? '' : `; ${describe(found)}`;
    throw new LogLostError(`${this.path} holds no segment of a log, but what is left of one: ${shown}${known}`, found);
  }

  /** The databases of query stores that are there: this one’s, and those of the servers that it took over from. */
  async queryStores(): Promise<readonly { readonly name: string; readonly file: string }[]> {
    const { store: folder } = this;
    const names = (await namesIn(folder)).filter((name) => /^queries.*\.db$/.test(name));
    return names.sort().map((name) => ({ name, file: join(folder, name) }));
  }

  snapshots(logger?: Logger): SnapshotStore {
    return new SnapshotStore(join(this.path, SNAPSHOTS), logger);
  }

  /** Throws away what was made from the log: after a repair it may know of events that are gone. */
  async discardDerived(): Promise<void> {
    await rm(join(this.path, SNAPSHOTS), { recursive: true, force: true });
    for (const name of await namesIn(this.store)) {
      if (name.startsWith('queries')) await rm(join(this.store, name), { recursive: true, force: true });
    }
  }

  /** What is in the folder; nothing where it does not exist. */
  names(): Promise<readonly string[]> {
    return namesIn(this.path);
  }
}

/** What is made of a shard of a log that is elsewhere lies in a folder of its own, below those that are given for all. */
export function remoteFolder(
  { kind, topic, data, store }: KafkaSettings | EventStoreSettings,
  shard: number,
): DataFolder {
  const name = `${kind}-${topic}-${shard}`;
  return new DataFolder(join(data, name), shard, store === undefined ? undefined : join(store, name));
}
