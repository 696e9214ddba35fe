import { LogLockedError } from '../../../src/log/port.js';
import type { FolderLock } from '../../../infra/embedded/host.js';
import { SimulatedDisk } from '../../support/disk/simulated-disk.js';
import { OPENING_MS } from '../../support/reference/exchange-harness.js';
import type { Profile } from '../profile.js';
import type { SimulatedProcess, World } from './world.js';

/** Distinguishes one run's machine from another's where the product keeps something for its whole process. */
let machines = 0;

/**
 * The machine that the processes share: its disk, its clock, its locks, and the faults of each. `isHealthy` ends the faults.
 */
export class Machine {
  readonly name = `machine-${++machines}`;
  readonly disk = new SimulatedDisk();
  readonly folders = new Set(['/']);
  isHealthy = false;
  isDiskFull = false;
  /** The clock's error: it jumps. */
  skewMs = 0;
  /** What happens when a process has used up the calls that it was given; set by the operator. */
  onCallsUsedUp: (process: SimulatedProcess) => void = () => undefined;
  /** Processes that will die at their n-th call to the file system from now on. */
  readonly callsLeft = new Map<SimulatedProcess, number>();
  private readonly lockHolders = new Map<string, SimulatedProcess>();

  constructor(
    readonly world: World,
    readonly profile: Profile,
  ) {}

  /** Milliseconds since 1970, as this machine has it. */
  nowMs(): number {
    return OPENING_MS + this.skewMs + Math.floor(this.world.nowUs / 1_000);
  }

  /** Whether a fault of this rate happens now. */
  fails(rate: number): boolean {
    return !this.isHealthy && rate > 0 && this.world.random.chance(rate);
  }

  /** Before each call of a process to the file system. Throws where it dies at this one, or has. */
  touch(process: SimulatedProcess): void {
    const left = this.callsLeft.get(process);
    if (left === 0) {
      this.callsLeft.delete(process);
      this.onCallsUsedUp(process);
    } else if (left !== undefined) {
      this.callsLeft.set(process, left - 1);
    }
    if (process.isDead) throw new Error('this process is dead');
  }

  lock(folder: string, process: SimulatedProcess): Promise<FolderLock> {
    const holder = this.lockHolders.get(folder);
    if (holder !== undefined && !holder.isDead) {
      this.world.count('writerLocked');
      return Promise.reject(new LogLockedError(`${folder}: process ${holder.number} writes this log`));
    }
    this.lockHolders.set(folder, process);
    const release = (): Promise<void> => {
      if (this.lockHolders.get(folder) === process) this.lockHolders.delete(folder);
      return Promise.resolve();
    };
    return Promise.resolve({ release });
  }
}
