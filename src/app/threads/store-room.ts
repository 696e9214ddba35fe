import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { filesOfStore, removeStore } from '../../../projections/store/database/open-store.js';

/** What is left of a disk to the log, which may be on the same one. */
const RESERVE_BYTES = 64 << 20;
/** Or a twentieth of the disk, where that is less. */
const RESERVE_SHARE = 1 / 20;

const fullCodes: ReadonlySet<unknown> = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT']);

/** The disk has no room for the query store: the store goes, for it can be made again and the log cannot. */
export class NoRoomError extends Error {
  readonly code = 'STORE_SUSPENDED';
  constructor() {
    super('the query store is suspended: its disk is full, so it was given up, and is made again when there is room');
    this.name = 'NoRoomError';
  }
}

/** Whether a write failed for want of room. */
export function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'STORE_SUSPENDED' || fullCodes.has(error.code));
}

/** A disk: how many bytes it has, and how many of them are free for this process. */
export type DiskOf = (folder: string) => { readonly bytes: number; readonly freeBytes: number };

/**
 * The room of a query store on its disk.
 *
 * 1. Where little is left, the store is to be given up: it gives way before the log has to stop.
 * 2. One that was given up is made again when there is room for as much as it had, and twice of what it leaves to the log: or it would be
 *    given up again soon.
 */
export class StoreRoom {
  private givenUpBytes = 0;

  constructor(
    private readonly file: string,
    private readonly diskOf: DiskOf = statedDisk,
  ) {}

  get isTight(): boolean {
    const { freeBytes, reserveBytes } = this.disk();
    return freeBytes < reserveBytes;
  }

  get isEnough(): boolean {
    const { freeBytes, reserveBytes } = this.disk();
    return freeBytes >= 2 * reserveBytes + this.givenUpBytes;
  }

  /** Removes the store, which is closed. */
  giveUp(): void {
    const sizes = filesOfStore(this.file).map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    this.givenUpBytes = Math.max(
      this.givenUpBytes,
      sizes.reduce((sum, size) => sum + size, 0),
    );
    removeStore(this.file);
  }

  private disk(): { readonly freeBytes: number; readonly reserveBytes: number } {
    const { bytes, freeBytes } = this.diskOf(dirname(this.file));
    return { freeBytes, reserveBytes: Math.min(RESERVE_BYTES, bytes * RESERVE_SHARE) };
  }
}

function statedDisk(folder: string): ReturnType<DiskOf> {
  try {
    const { blocks, bavail, bsize } = statfsSync(folder);
    return { bytes: blocks * bsize, freeBytes: bavail * bsize };
  } catch {
    // Nobody knows, as where the folder is not there yet: then what is written tells.
    return { bytes: Number.POSITIVE_INFINITY, freeBytes: Number.POSITIVE_INFINITY };
  }
}
