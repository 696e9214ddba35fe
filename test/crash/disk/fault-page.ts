/**
 * The page by which a test says what is to go wrong in the processes under test, while they run: 64-bit numbers in a file that the preloaded
 * library has mapped. The order is that of faults.h.
 */
import fs from 'node:fs';

const names = [
  'clockOffsetMs',
  'lies',
  'spaceBytes',
  'failingSyncs',
  'shortPerMille',
  'eintrPerMille',
  'syncMicros',
  'stepsToDeath',
  'stepsToStop',
  'random',
  'syncs',
  'failedSyncs',
  'liesTold',
  'shortWrites',
  'interruptions',
  'refusedForSpace',
  'stops',
] as const;

export type FaultName = (typeof names)[number];
export type Faults = Partial<Record<FaultName, number>>;

const PAGE_BYTES = 4096;
const NUMBER_BYTES = 8;

export class FaultPage {
  /** Creates the file; nothing is wrong yet. */
  constructor(private readonly file: string) {
    fs.writeFileSync(file, Buffer.alloc(PAGE_BYTES));
    this.set({ spaceBytes: -1 });
  }

  set(faults: Faults): void {
    const bytes = Buffer.alloc(NUMBER_BYTES);
    const fd = fs.openSync(this.file, 'r+');
    for (const [index, name] of names.entries()) {
      const value = faults[name];
      if (value === undefined) continue;
      bytes.writeBigInt64LE(BigInt(Math.round(value)));
      fs.writeSync(fd, bytes, 0, NUMBER_BYTES, index * NUMBER_BYTES);
    }
    fs.closeSync(fd);
  }

  get(name: FaultName): number {
    return Number(fs.readFileSync(this.file).readBigInt64LE(names.indexOf(name) * NUMBER_BYTES));
  }
}
