import { SimulatedDisk, type SimulatedFile } from './simulated-disk.js';
import { fail, SimulatedFiles } from './simulated-files.js';

/**
 * A simulated disk that a test stages: it takes less than it is given, fills up, takes other bytes than it was given, and stands still
 * for good at any of its calls, as for a process that is killed there.
 */
export class StagedDisk extends SimulatedFiles {
  /** What was done, in order: `write`, `sync file`, `rename`, … */
  readonly calls: string[] = [];
  /** At most so many bytes are taken by one write. */
  mostBytes = Infinity;
  /** So many bytes may still be written. */
  room = Infinity;
  /** The byte of a file that is not written as it was given; none, when negative. */
  spoiledByte = -1;
  /** The call at which the process dies; it makes none after that. */
  callsToDeath = Infinity;

  constructor() {
    super(new SimulatedDisk(), new Set());
  }

  override readNow(fd: number, into: Uint8Array, offset: number, length: number, at: number): number {
    return super.readNow(fd, into, offset, Math.min(length, this.mostBytes), at);
  }

  override remove(path: string): void {
    const freed = this.disk.file(path)?.length ?? 0;
    super.remove(path);
    this.room += freed;
  }

  override list(folder: string): string[] {
    return super.list(folder).sort();
  }

  /** Flips a bit of a file that is there. */
  flip(path: string, at: number): void {
    const file = this.disk.file(path) ?? fail('ENOENT', path);
    const byte = new Uint8Array(1);
    file.read(byte, 0, 1, at);
    file.write(Uint8Array.of((byte[0] ?? 0) ^ 1), at);
  }

  protected override begin(call: string): void {
    if (this.callsToDeath <= 0) throw new Error('the process is dead');
    if (--this.callsToDeath === 0) throw new Error('the process dies');
    this.calls.push(call);
  }

  protected override writeSome(file: SimulatedFile, bytes: Uint8Array, at: number): number {
    const there = Math.max(0, file.length - at);
    if (bytes.length > there && this.room + there <= 0) fail('ENOSPC', 'no space left on device');
    const given = Uint8Array.from(bytes.subarray(0, Math.min(bytes.length, this.mostBytes, there + this.room)));
    this.room -= Math.max(0, given.length - there);
    const spoiled = this.spoiledByte - at;
    if (spoiled >= 0 && spoiled < given.length) given[spoiled] = ~(given[spoiled] ?? 0);
    return super.writeSome(file, given, at);
  }
}
