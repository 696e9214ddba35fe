import { randomInt } from 'node:crypto';
import { toHex } from '../../events/bytes.js';
import { foldBatch } from '../../events/fold.js';
import { digestBefore } from '../../log/evidence.js';
import { messageOf } from '../../log/message-of.js';
import type { ShardLog } from '../../log/port.js';
import { PositionNames } from '../../log/position-names.js';
import { emptyState, MarketFold, type ShardState } from '../recovery/market-fold.js';
import type { Logger } from '../../resilience/logger.js';
import { dump, restore } from './snapshot-dump.js';
import { type SnapshotFiles, SnapshotFolder } from './snapshot-files.js';
import { decode, encode, OLDER, readHead, type SnapshotHead, verify } from './snapshot-layout.js';

const names = new PositionNames('snapshot');

export interface Snapshot {
  readonly state: ShardState;
  readonly position: number;
}

/** What a snapshot knows of its log. */
export interface SeenSnapshot {
  /** Of its file. */
  readonly name: string;
  /** The log had all events before this one. */
  readonly position: number;
  /** Of the batch that ends there, in lower-case hex; undefined when the format is not known, and the position then that of its name. */
  readonly digest?: string;
}

/** Told of a snapshot by its file's name, and of what is wrong with it. */
type Unusable = (name: string, why: string) => void;

export interface SnapshotStoreOptions {
  /** Where they are, when it is no folder. */
  readonly files?: SnapshotFiles;
  /** Chosen by tests. */
  readonly clientIdsSeed?: number;
  /** How many entries of a list are written at once; fewer in tests. */
  readonly sliceEntries?: number;
}

/**
 * Snapshots of the state of one shard's log, one file each: `snapshot-<position>.bin`, laid out as snapshot-layout.ts has it. The shard
 * itself never makes one.
 *
 * 1. A snapshot is a projection of the log and nothing more: one that is damaged, too new, of another format or of another log is
 *    passed over, and deleting them all costs time only.
 * 2. Files are removed only once a newer one is written and checked; kept are that one, the usable one that it was made from, and
 *    whatever stands beyond the log's head: the log has been longer than that, and somebody will want to know.
 * 3. One process makes them; any may read.
 */
export class SnapshotStore {
  private readonly files: SnapshotFiles;
  /** Positions of those that were found usable. */
  private readonly usable = new Set<number>();

  constructor(
    folder: string,
    private readonly logger?: Logger,
    private readonly options: SnapshotStoreOptions = {},
  ) {
    this.files = options.files ?? new SnapshotFolder(folder);
  }

  /** The newest usable snapshot at or before a position whose digest the log confirms. */
  async newest(until: number, log: Pick<ShardLog, 'read'>): Promise<Snapshot | undefined> {
    for (const position of await this.positionsBefore(until)) {
      const snapshot = await this.load(position);
      if (snapshot === undefined || !(await isOf(log, position, snapshot.state.digest))) continue;
      this.usable.add(position);
      return snapshot;
    }
    return undefined;
  }

  /** Where the newest file stands, usable or not; 0 where there is none. */
  async latest(): Promise<number> {
    return (await this.positions()).at(-1) ?? 0;
  }

  /**
   * Where the newest usable one at or before the log's head stands; 0 where there is none. Costs nothing for the one that `newest` has
   * given; others are read whole, but not restored.
   */
  async usableLatest(log: ShardLog): Promise<number> {
    for (const position of await this.positionsBefore(await log.head())) {
      if (this.usable.has(position)) return position;
      const { position: own, digest } = (await this.understood(position, verify)) ?? {};
      if (own === position && digest !== undefined && (await isOf(log, position, digest))) return position;
    }
    return 0;
  }

  /**
   * What each file knows, the oldest first; the market is not restored. Those that cannot be read are left out, and `unusable` is told of
   * every one from which no shard could be opened, as far as its first part shows, or, when they are read `whole`, any of its parts. Its
   * content is not compared with the log's. Rejects when the files cannot be listed.
   */
  async seen(unusable: Unusable = () => undefined, whole = false): Promise<readonly SeenSnapshot[]> {
    const seen: SeenSnapshot[] = [];
    for (const named of names.positionsIn(await this.files.list())) {
      const name = names.nameOf(named);
      const tell = (why: string): void => unusable(name, why);
      const head = await this.understood(named, readHead, tell);
      if (head === undefined) continue;
      const { position = named, digest, isOlder } = head;
      if (digest === undefined) tell('its format is not known, so only the position in its name was looked at');
      else if (isOlder) tell(OLDER);
      else if (position !== named) tell(`it says that it is of position ${position}`);
      else if (whole) await this.understood(named, verify, tell);
      const known = digest === undefined ? {} : { digest: Buffer.from(digest).toString('hex') };
      seen.push({ name, position, ...known });
    }
    return seen;
  }

  /**
   * Brings the newest usable snapshot up to the log's head and writes it. Returns its position. Where that fails it rejects, and the
   * files that there were are still there. `onReplayed` is told how many events were read, and how long that took.
   */
  async make(log: ShardLog, onReplayed?: (events: number, ms: number) => void): Promise<number> {
    const head = await log.head();
    const before = await this.newest(head, log);
    const state = before?.state ?? emptyState(this.options.clientIdsSeed ?? randomInt(0x7fff_ffff));
    const fold = new MarketFold(state);
    const from = before?.position ?? 0;
    const startedMs = performance.now();
    let position = from;
    if (from < head) {
      for await (const batch of log.read(from)) {
        if (batch.firstPosition + batch.count > head) break;
        foldBatch(batch, fold, from);
        position = batch.firstPosition + batch.count;
        if (position === head) break;
      }
    }
    onReplayed?.(position - from, performance.now() - startedMs);
    if (position > from) {
      await this.files.write(names.nameOf(position), encode(dump(state, position), this.options.sliceEntries));
      await this.removeBelow(position, from);
    }
    return position;
  }

  private async removeBelow(position: number, kept: number): Promise<void> {
    try {
      const old = (await this.positions()).filter((each) => each < position && each !== kept);
      for (const each of old) await this.files.remove(names.nameOf(each));
    } catch (error) {
      this.logger?.warn(
        { err: error, snapshot: names.nameOf(position) },
        'snapshots before this one cannot be removed',
      );
    }
  }

  private async load(position: number): Promise<Snapshot | undefined> {
    return this.understood(position, async (parts) => {
      const content = await decode(parts);
      if (content.position !== position) throw new Error('it is of another position');
      return { state: restore(content), position };
    });
  }

  /** What is read from a file; undefined, and a word to the operator, where that cannot be. */
  private async understood<Result extends Snapshot | SnapshotHead>(
    position: number,
    read: (parts: AsyncIterable<Uint8Array>) => Promise<Result>,
    tell: (why: string) => void = () => undefined,
  ): Promise<Result | undefined> {
    const snapshot = names.nameOf(position);
    try {
      return await read(this.files.read(snapshot));
    } catch (error) {
      this.logger?.warn({ err: error, snapshot }, 'snapshot passed over');
      tell(messageOf(error));
      return undefined;
    }
  }

  /** The newest first. */
  private async positionsBefore(until: number): Promise<readonly number[]> {
    return (await this.positions()).filter((position) => position <= until).reverse();
  }

  /** The oldest first. None, and a word to the operator, where they cannot be listed: the log is then replayed. */
  private async positions(): Promise<readonly number[]> {
    try {
      return names.positionsIn(await this.files.list());
    } catch (error) {
      this.logger?.warn({ err: error }, 'snapshots cannot be listed');
      return [];
    }
  }
}

/** Whether the batch that ends where a snapshot stands has the digest that it remembers: it is of this log, not of another. */
async function isOf(log: Pick<ShardLog, 'read'>, position: number, digest: Uint8Array): Promise<boolean> {
  return (await digestBefore(log, position)) === toHex(digest);
}
