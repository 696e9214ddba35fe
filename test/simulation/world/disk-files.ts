import type { LogFiles, NamedBytes } from '../../../infra/embedded/files.js';
import type { LogHost } from '../../../infra/embedded/host.js';
import type { SimulatedFile } from '../../support/log/simulated-disk.js';
import type { Machine } from './machine.js';
import type { SimulatedProcess } from './world.js';

/** The simulated disk as one process reaches it: its calls take time, fail, fall short, or are cut off when it dies. */
export class DiskFiles implements LogFiles {
  /** Undefined stands for a folder. */
  private readonly opened = new Map<number, SimulatedFile | undefined>();
  private descriptors = 2;

  constructor(
    private readonly machine: Machine,
    private readonly process: SimulatedProcess,
  ) {}

  open(path: string, flags: string): number {
    this.machine.touch(this.process);
    const { disk, folders } = this.machine;
    if (folders.has(path)) return this.note(undefined);
    const file = disk.file(path);
    if (!flags.startsWith('w')) {
      if (file === undefined) throw failure('ENOENT', path);
      return this.note(file);
    }
    if (flags === 'wx' && file !== undefined) throw failure('EEXIST', path);
    this.refuseWhenFull();
    if (file === undefined) return this.note(disk.create(path));
    file.truncate(0);
    return this.note(file);
  }

  close(fd: number): void {
    this.opened.delete(fd);
  }

  write(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): Promise<number> {
    this.machine.touch(this.process);
    const { random } = this.machine.world;
    const file = this.file(fd);
    const { writeUs } = this.machine.profile.disk;
    return this.call(
      random.around(writeUs),
      () => this.writeSome(file, bytes, offset, length, at),
      () => {
        const most = Math.min(random.below(length + 1), this.taken(length));
        if (most > 0) file.write(bytes.subarray(offset, offset + most), at);
      },
    );
  }

  writeNow(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): number {
    this.machine.touch(this.process);
    return this.writeSome(this.file(fd), bytes, offset, length, at);
  }

  sync(fd: number): Promise<void> {
    return this.syncSlowly(this.opened.get(fd));
  }

  dataSync(fd: number): Promise<void> {
    return this.syncSlowly(this.file(fd));
  }

  dataSyncNow(fd: number): void {
    this.machine.touch(this.process);
    this.syncOrFail(this.file(fd));
  }

  truncate(fd: number, bytes: number): void {
    this.machine.touch(this.process);
    this.file(fd).truncate(bytes);
  }

  rename(from: string, to: string): void {
    this.machine.touch(this.process);
    this.machine.disk.rename(from, to);
  }

  remove(path: string): void {
    this.machine.touch(this.process);
    this.machine.disk.remove(path);
  }

  makeFolder(path: string): void {
    this.machine.touch(this.process);
    this.machine.folders.add(path);
  }

  read(fd: number, into: Uint8Array, offset: number, length: number, at: number): Promise<number> {
    this.machine.touch(this.process);
    const file = this.file(fd);
    return this.call(this.machine.world.random.around(20), () => file.read(into, offset, length, at));
  }

  readNow(fd: number, into: Uint8Array, offset: number, length: number, at: number): number {
    this.machine.touch(this.process);
    return this.file(fd).read(into, offset, length, at);
  }

  lengthOf(fd: number): number {
    return this.file(fd).length;
  }

  lengthAt(path: string): number | undefined {
    return this.machine.folders.has(path) ? 0 : this.machine.disk.file(path)?.length;
  }

  fileAt(path: string): NamedBytes | undefined {
    const file = this.machine.disk.file(path);
    return file && { file: file.number, bytes: file.length };
  }

  fileOf(fd: number): number {
    return this.file(fd).number;
  }

  list(folder: string): string[] {
    if (!this.machine.folders.has(folder)) throw failure('ENOENT', folder);
    return this.machine.disk.list(folder);
  }

  /** Another one in each process: what the product keeps for its own process must not be shared with another. */
  keyOf(folder: string): string | undefined {
    return this.machine.folders.has(folder) ? `${this.machine.name} ${this.process.number} ${folder}` : undefined;
  }

  private writeSome(file: SimulatedFile, bytes: Uint8Array, offset: number, length: number, at: number): number {
    const { machine } = this;
    const { world, profile } = machine;
    this.refuseWhenFull();
    if (machine.fails(profile.disk.writeFails)) {
      world.count('writeFailed');
      world.tell(`process ${this.process.number}: a write fails`);
      throw failure('EIO', 'write');
    }
    const taken = this.taken(length);
    file.write(bytes.subarray(offset, offset + taken), at);
    return taken;
  }

  /** How many bytes of a write the disk takes. */
  private taken(length: number): number {
    const { machine } = this;
    if (length < 2 || !machine.fails(machine.profile.disk.writeFallsShort)) return length;
    machine.world.count('writeShort');
    return machine.world.random.between(1, length - 1);
  }

  private refuseWhenFull(): void {
    const { machine } = this;
    if (!machine.isDiskFull || machine.isHealthy) return;
    machine.world.count('writeRefused');
    throw failure('ENOSPC', 'no space left on device');
  }

  private syncSlowly(file: SimulatedFile | undefined): Promise<void> {
    this.machine.touch(this.process);
    const { world, profile } = this.machine;
    const isSlow = this.machine.fails(profile.disk.syncIsSlow);
    if (isSlow) world.count('syncSlow');
    const delayUs = world.random.around(profile.disk.syncUs * (isSlow ? 100 : 1));
    return this.call(delayUs, () => {
      this.syncOrFail(file);
    });
  }

  private syncOrFail(file: SimulatedFile | undefined): void {
    const { world, profile, disk } = this.machine;
    if (this.machine.fails(profile.disk.syncFails)) {
      world.count('syncFailed');
      world.tell(`process ${this.process.number}: a sync fails`);
      file?.failSync(world.random);
      throw failure('EIO', 'sync');
    }
    if (file === undefined) disk.syncNames();
    else file.sync();
  }

  /** A call that takes time; the process hears of its end a little later. If it dies meanwhile, the call may have got anywhere. */
  private call<Result>(delayUs: number, carryOut: () => Result, inPart?: () => void): Promise<Result> {
    const { world } = this.machine;
    const { process } = this;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        if (world.random.chance(0.5)) inPart?.();
      };
      process.inFlight.add(stop);
      world.after(delayUs, process, () => {
        process.inFlight.delete(stop);
        let settle: () => void;
        try {
          const result = carryOut();
          settle = () => {
            resolve(result);
          };
        } catch (error) {
          settle = () => {
            reject(error instanceof Error ? error : new Error(String(error)));
          };
        }
        world.after(world.random.below(30), process, settle);
      });
    });
  }

  private file(fd: number): SimulatedFile {
    const file = this.opened.get(fd);
    if (file === undefined) throw failure('EBADF', String(fd));
    return file;
  }

  private note(file: SimulatedFile | undefined): number {
    this.opened.set(++this.descriptors, file);
    return this.descriptors;
  }
}

/** What a log asks of the simulated machine besides files. */
export function simulatedHost(machine: Machine, process: SimulatedProcess): LogHost {
  return {
    whoAmI: () => ({ pid: process.number, host: 'simulated', startedAt: new Date(machine.nowMs()).toISOString() }),
    lock: (folder) => machine.lock(folder, process),
  };
}

function failure(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}
