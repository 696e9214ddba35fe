import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toHex } from '../../src/events/bytes.js';
import { digestBefore } from '../../src/log/evidence.js';
import { FILE_MODE, FOLDER_MODE } from '../../src/log/file-modes.js';
import { messageOf } from '../../src/log/message-of.js';
import { PositionNames } from '../../src/log/position-names.js';
import type { ReadableLog } from '../read-models.js';
import { UnusableModelError } from './dump.js';
import { leastMissed } from './least-missed.js';
import { pack, unpack } from './packed.js';
import { ReadModel } from './read-model.js';

export interface CheckpointOptions {
  /** How many files there are at most; 64 unless said otherwise. */
  readonly mostFiles?: number;
  /** How large they are together, but that the newest stays however large it is; 1 GiB unless said otherwise. */
  readonly mostBytes?: number;
  /** Receives the name of a file that cannot be used, and why. */
  readonly onUnusable?: (name: string, why: string) => void;
  /** Whether such a file is removed: by the one who writes them. */
  readonly removesUnusable?: boolean;
}

const MOST_FILES = 64;
const MOST_BYTES = 1 << 30;
const names = new PositionNames('model');
/** The file that is being written; what a crash leaves of it is overwritten by the next. */
const UNFINISHED = 'model.tmp';

/** Where the checkpoints of a shard are: beside the database of its query store. */
export function modelFolder(queryStore: string): string {
  return join(dirname(queryStore), `${basename(queryStore, '.db')}-models`);
}

/**
 * Models of one shard at moments of its past, one file each: `model-<position>.bin`. They shorten the way to any moment, and can be thrown
 * away.
 *
 * 1. A file that is damaged, of another format or of another log is passed over: what it would have saved is folded again.
 * 2. There are never more of them, nor larger ones, than the options say, but for the newest. Where one must go, it is the one whose two
 *    neighbours are closest, and a gap at the log's beginning may be twice as large as one at its end.
 * 3. They are not synced: what a power cut leaves of one is damaged, and its checksum says so.
 * 4. One thread writes them; any may read.
 */
export class ModelCheckpoints {
  private readonly mostFiles: number;
  private readonly mostBytes: number;
  private readonly onUnusable: (name: string, why: string) => void;
  private readonly removesUnusable: boolean;
  /** Positions of those that were found to be of the log. */
  private readonly confirmed = new Set<number>();

  constructor(
    private readonly folder: string,
    { mostFiles = MOST_FILES, mostBytes = MOST_BYTES, ...unusable }: CheckpointOptions = {},
  ) {
    this.mostFiles = mostFiles;
    this.mostBytes = mostBytes;
    this.onUnusable = unusable.onUnusable ?? (() => undefined);
    this.removesUnusable = unusable.removesUnusable ?? false;
  }

  /** Where they stand, ascending. */
  async positions(): Promise<readonly number[]> {
    return names.positionsIn(await namesIn(this.folder));
  }

  /** The newest usable one at or before a position, as far as `suits` says that it will do; undefined where there is none. */
  async nearest(
    log: ReadableLog,
    atMost: number,
    suits: (model: ReadModel) => boolean = () => true,
  ): Promise<ReadModel | undefined> {
    const positions = (await this.positions()).filter((position) => position <= atMost);
    for (const position of positions.reverse()) {
      const model = await this.load(log, position);
      if (model !== undefined && suits(model)) return model;
    }
    return undefined;
  }

  /** Writes a model that stands at the end of a batch, and removes what is then too much. */
  async write(model: ReadModel): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: FOLDER_MODE });
    const file = join(this.folder, names.nameOf(model.foldedTo));
    const unfinished = join(this.folder, UNFINISHED);
    await writeFile(unfinished, pack(model.dump()), { mode: FILE_MODE });
    await rename(unfinished, file);
    this.confirmed.add(model.foldedTo);
    await this.thin();
  }

  private async load(log: ReadableLog, position: number): Promise<ReadModel | undefined> {
    let model: ReadModel;
    try {
      model = ReadModel.load(unpack(await readFile(join(this.folder, names.nameOf(position)))));
      if (model.foldedTo !== position) throw new UnusableModelError('it is of another position');
    } catch (error) {
      // Nobody need hear of one that was removed since.
      return isMissing(error) ? undefined : this.passOver(position, messageOf(error));
    }
    if (this.confirmed.has(position)) return model;
    const held = await digestBefore(log, position);
    if (held !== toHex(model.sealDigest)) return this.passOver(position, 'it is of another log');
    this.confirmed.add(position);
    return model;
  }

  private async passOver(position: number, why: string): Promise<undefined> {
    this.onUnusable(names.nameOf(position), why);
    if (this.removesUnusable) await this.remove(position);
  }

  private async thin(): Promise<void> {
    const kept = await Promise.all(
      (await this.positions()).map(async (position) => {
        const found = await stat(join(this.folder, names.nameOf(position))).catch(() => undefined);
        return { position, bytes: found?.size ?? 0 };
      }),
    );
    let bytes = kept.reduce((sum, each) => sum + each.bytes, 0);
    while (kept.length > 1 && (kept.length > this.mostFiles || bytes > this.mostBytes)) {
      const index = leastMissed(kept.map(({ position }) => position));
      const [removed] = kept.splice(index, 1);
      if (removed === undefined) return;
      bytes -= removed.bytes;
      await this.remove(removed.position);
    }
  }

  private async remove(position: number): Promise<void> {
    this.confirmed.delete(position);
    await rm(join(this.folder, names.nameOf(position)), { force: true });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
