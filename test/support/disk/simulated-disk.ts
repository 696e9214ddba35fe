/**
 * A stand-in for a disk and the kernel's page cache before it, all in memory: files by their paths, each with the bytes that every
 * reader sees and those that would be left if the power went now.
 *
 * 1. What is written, cut or named is seen at once. It is durable once synced: bytes and length by a sync of the file, names by a sync
 *    of their folder; until then it may be kept, lost, or kept in part.
 * 2. After a sync that failed the file's pages count as clean: a later sync does not write them, only writing them again does.
 * 3. Names become durable in the order in which they changed, as a journal keeps them.
 */
const SECTOR_BYTES = 512;
/** A reader cannot tell a shorter piece of lost bytes from damage (infra/embedded/segments/tail.ts), so no such piece is lost alone. */
export const LEAST_LOST_BYTES = 8;

/** Decides by lot what is lost: a Random, or what a test draws. */
export interface Lots {
  below(bound: number): number;
}

export type Loss = 'kept' | 'lost' | 'torn' | 'zeroed';
const losses: readonly Loss[] = ['kept', 'lost', 'torn', 'zeroed'];

/** Bytes that can grow. What lies past its length is zero. */
class Bytes {
  length = 0;
  private buffer: Buffer = Buffer.alloc(SECTOR_BYTES);

  view(start: number, end: number): Buffer {
    return this.buffer.subarray(start, Math.min(end, this.length));
  }

  put(bytes: Uint8Array, at: number): void {
    this.resize(Math.max(this.length, at + bytes.length));
    this.buffer.set(bytes, at);
  }

  resize(length: number): void {
    if (length > this.buffer.length)
      this.buffer = Buffer.concat([this.buffer], Math.max(length, 2 * this.buffer.length));
    if (length < this.length) this.buffer.fill(0, length, this.length);
    this.length = length;
  }
}

let files = 0;

export class SimulatedFile {
  /** Which file it is, whatever its names. */
  readonly number = ++files;
  private readonly seen = new Bytes();
  private readonly durable = new Bytes();
  private readonly dirty = new Set<number>();

  get length(): number {
    return this.seen.length;
  }

  read(into: Uint8Array, offset: number, length: number, at: number): number {
    const piece = this.seen.view(at, at + length);
    into.set(piece, offset);
    return piece.length;
  }

  write(bytes: Uint8Array, at: number): void {
    this.seen.put(bytes, at);
    for (let sector = sectorOf(at); sector <= sectorOf(at + bytes.length - 1); sector++) this.dirty.add(sector);
  }

  truncate(length: number): void {
    this.seen.resize(length);
  }

  sync(): void {
    this.writeBack(this.seen.length, () => true);
  }

  /** Invariant 2. */
  failSync(lots: Lots): void {
    const { length } = this.durable;
    this.writeBack(Math.max(length, this.seen.length), () => lots.below(2) === 0);
    this.durable.resize(length);
  }

  /** The power goes. */
  lose(loss: Loss, lots: Lots): void {
    if (loss === 'kept') this.writeBack(this.seen.length, () => true);
    if (loss === 'torn') {
      const least = Math.min(this.durable.length, this.seen.length);
      const most = Math.max(this.durable.length, this.seen.length);
      const overwritten = [...this.dirty].map(startOf).filter((start) => start + SECTOR_BYTES <= least);
      const first = Math.min(least, ...overwritten);
      const cut = first + lots.below(most - first + 1);
      this.writeBack(Math.max(least, cut), (sector) => cut >= least || startOf(sector) < cut);
    }
    if (loss === 'zeroed') {
      this.writeBack(this.seen.length, (sector) => this.isNearlySame(sector) || lots.below(2) === 0);
    }
    this.seen.resize(0);
    this.seen.put(this.durable.view(0, this.durable.length), 0);
    this.dirty.clear();
  }

  /** Whether so few of a sector's bytes were changed since it was durable that it is not lost. */
  private isNearlySame(sector: number): boolean {
    const start = startOf(sector);
    const now = this.seen.view(start, start + SECTOR_BYTES);
    const before = this.durable.view(start, start + SECTOR_BYTES);
    return areNearlySame(now, before);
  }

  private writeBack(length: number, isWritten: (sector: number) => boolean): void {
    this.durable.resize(length);
    for (const sector of this.dirty) {
      const start = startOf(sector);
      const end = Math.min(start + SECTOR_BYTES, length);
      if (start < end && isWritten(sector)) this.durable.put(this.seen.view(start, end), start);
    }
    this.dirty.clear();
  }
}

export class SimulatedDisk {
  private names = new Map<string, SimulatedFile>();
  private durableNames = new Map<string, SimulatedFile>();
  private readonly changes: ((names: Map<string, SimulatedFile>) => void)[] = [];

  file(path: string): SimulatedFile | undefined {
    return this.names.get(path);
  }

  get bytes(): number {
    return [...this.names.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** The names of the files in a folder, in no order that anybody may count on. */
  list(folder: string): string[] {
    const before = `${folder}/`;
    return [...this.names.keys()].filter((path) => path.startsWith(before)).map((path) => path.slice(before.length));
  }

  create(path: string): SimulatedFile {
    const file = new SimulatedFile();
    this.change((names) => names.set(path, file));
    return file;
  }

  rename(from: string, to: string): void {
    this.change((names) => {
      const file = names.get(from);
      names.delete(from);
      if (file !== undefined) names.set(to, file);
    });
  }

  remove(path: string): void {
    this.change((names) => names.delete(path));
  }

  syncNames(): void {
    this.durableNames = new Map(this.names);
    this.changes.length = 0;
  }

  syncAll(): void {
    for (const file of this.names.values()) file.sync();
    this.syncNames();
  }

  /** The power goes: of each file, and of the names, something is left. */
  losePower(lots: Lots): void {
    this.loseNames(lots.below(this.changes.length + 1));
    for (const file of new Set(this.names.values())) file.lose(losses[lots.below(losses.length)] ?? 'lost', lots);
  }

  /** The power goes, and the same happens to all that was not synced. A change of names is there or not. */
  lose(loss: Loss, lots: Lots): void {
    this.loseNames(loss === 'lost' ? 0 : this.changes.length);
    for (const file of new Set(this.names.values())) file.lose(loss, lots);
  }

  private loseNames(survivors: number): void {
    for (const change of this.changes.slice(0, survivors)) change(this.durableNames);
    this.names = new Map(this.durableNames);
    this.changes.length = 0;
  }

  private change(change: (names: Map<string, SimulatedFile>) => void): void {
    change(this.names);
    this.changes.push(change);
  }
}

/** Whether fewer than LEAST_LOST_BYTES of these bytes differ from the others, behind which there are zeros. */
export function areNearlySame(bytes: Uint8Array, others: Uint8Array): boolean {
  return bytes.reduce((count, byte, at) => count + (byte === (others[at] ?? 0) ? 0 : 1), 0) < LEAST_LOST_BYTES;
}

function startOf(sector: number): number {
  return sector * SECTOR_BYTES;
}

function sectorOf(byte: number): number {
  return Math.floor(byte / SECTOR_BYTES);
}
