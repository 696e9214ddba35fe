import type { MemoryFolder } from './memory-folder.js';
import type { Loss, Lots } from './simulated-disk.js';
import { SimulatedFiles } from './simulated-files.js';

/** Of what may be lost in part, the second half is; of what may have holes, all is holes. */
const half: Lots = { below: (bound) => bound >> 1 };

/**
 * A folder in memory as one process reaches it whose machine loses power: at a given call everything stops, and `lose` then leaves in
 * the folder what such a disk may hold. What was in the folder before is durable.
 */
export class LossyDisk extends SimulatedFiles {
  private calls = 0;

  constructor(
    folder: MemoryFolder,
    private mostCalls: number,
  ) {
    super(folder.disk, folder.files.folders);
    folder.disk.syncAll();
  }

  /** A process was killed, and the machine goes on, for so many calls more. */
  goOn(mostCalls: number): void {
    this.calls = 0;
    this.mostCalls = mostCalls;
  }

  /** Whether everything has stopped. */
  get isOff(): boolean {
    return this.calls > this.mostCalls;
  }

  lose(loss: Loss): void {
    this.disk.lose(loss, half);
  }

  protected override begin(call: string): void {
    if (call === 'open r' || call === 'read') return; // reading changes nothing
    this.calls++;
    if (this.isOff) throw new Error('everything has stopped');
  }
}
