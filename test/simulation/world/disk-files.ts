import type { LogHost } from '../../../infra/embedded/host.js';
import { LEAST_LOST_BYTES, type SimulatedFile } from '../../support/disk/simulated-disk.js';
import { fail, SimulatedFiles } from '../../support/disk/simulated-files.js';
import type { Machine } from './machine.js';
import type { SimulatedProcess } from './world.js';

/** The simulated disk as one process reaches it: its calls take time, fail, fall short, or are cut off when it dies. */
export class DiskFiles extends SimulatedFiles {
  constructor(
    private readonly machine: Machine,
    private readonly process: SimulatedProcess,
  ) {
    super(machine.disk, machine.folders);
  }

  override write(fd: number, bytes: Uint8Array, offset: number, length: number, at: number): Promise<number> {
    this.begin();
    const { random } = this.machine.world;
    const file = this.file(fd);
    const { writeUs } = this.machine.profile.disk;
    return this.call(
      random.around(writeUs),
      () => this.writeSome(file, bytes.subarray(offset, offset + length), at),
      () => {
        const most = Math.min(partOf(length, random.below(length + 1)), this.taken(length));
        if (most > 0) file.write(bytes.subarray(offset, offset + most), at);
      },
    );
  }

  override read(fd: number, into: Uint8Array, offset: number, length: number, at: number): Promise<number> {
    this.begin();
    const file = this.file(fd);
    return this.call(this.machine.world.random.around(20), () => file.read(into, offset, length, at));
  }

  override sync(fd: number): Promise<void> {
    return this.syncSlowly(this.opening(fd));
  }

  override dataSync(fd: number): Promise<void> {
    return this.syncSlowly(this.file(fd));
  }

  /** Another one in each process: what the product keeps for its own process must not be shared with another. */
  override keyOf(folder: string): string | undefined {
    return this.folders.has(folder) ? `${this.machine.name} ${this.process.number} ${folder}` : undefined;
  }

  protected override begin(): void {
    this.machine.touch(this.process);
  }

  protected override writeSome(file: SimulatedFile, bytes: Uint8Array, at: number): number {
    const { machine } = this;
    const { world, profile } = machine;
    if (at + bytes.length > file.length) this.refuseWhenFull();
    if (machine.fails(profile.disk.writeFails)) {
      world.count('writeFailed');
      world.tell(`process ${this.process.number}: a write fails`);
      fail('EIO', 'write');
    }
    return super.writeSome(file, bytes.subarray(0, this.taken(bytes.length)), at);
  }

  /** How many bytes of a write the disk takes. */
  private taken(length: number): number {
    const { machine } = this;
    if (length < 2 || !machine.fails(machine.profile.disk.writeFallsShort)) return length;
    machine.world.count('writeShort');
    return partOf(length, machine.world.random.between(1, length - 1));
  }

  protected override refuseWhenFull(): void {
    const { machine } = this;
    if (!machine.isDiskFull || machine.isHealthy) return;
    machine.world.count('writeRefused');
    fail('ENOSPC', 'no space left on device');
  }

  private syncSlowly(file: SimulatedFile | undefined): Promise<void> {
    this.begin();
    const { world, profile } = this.machine;
    const isSlow = this.machine.fails(profile.disk.syncIsSlow);
    if (isSlow) world.count('syncSlow');
    const delayUs = world.random.around(profile.disk.syncUs * (isSlow ? 100 : 1));
    return this.call(delayUs, () => {
      this.syncOne(file);
    });
  }

  protected override syncOne(file: SimulatedFile | undefined): void {
    const { world, profile } = this.machine;
    if (this.machine.fails(profile.disk.syncFails)) {
      world.count('syncFailed');
      world.tell(`process ${this.process.number}: a sync fails`);
      file?.failSync(world.random);
      fail('EIO', 'sync');
    }
    super.syncOne(file);
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
}

/** No call stops so little before its end that what is missing could not be told from damage. */
function partOf(length: number, most: number): number {
  return length - most < LEAST_LOST_BYTES ? length : most;
}

/** What a log asks of the simulated machine besides files. */
export function simulatedHost(machine: Machine, process: SimulatedProcess): LogHost {
  return {
    whoAmI: () => ({ pid: process.number, host: 'simulated', startedAt: new Date(machine.nowMs()).toISOString() }),
    lock: (folder) => machine.lock(folder, process),
  };
}
