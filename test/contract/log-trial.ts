/** One test's log, as the contract suite has it: a medium, a first instance on it, and the writers to be closed when it is over. */
import { afterEach, beforeEach, expect, type TestContext } from 'vitest';
import type { Event } from '../../src/events/event.js';
import type { LogWriter, ShardLog } from '../../src/log/port.js';
import { asRead, type ReadBatch, type Sealer } from '../support/log/batches.js';

/** A log of its own, empty at first, and as many instances on it as are asked for. */
export interface LogMedium {
  /** As another process would have it. `takeOver`: it is to open although an older writer is still there. */
  instance(takeOver: boolean): ShardLog;
  /**
   * Lets the next append fail with an outcome that its writer cannot know at once. `stored`: the batch is in the log for all that, as
   * when only the answer is lost. A medium whose failures cannot be brought about says why instead.
   */
  readonly failNext: ((stored: boolean) => void) | string;
  /** Ends and starts again what keeps the log, as a crash of it would; a text where nothing but the instances themselves keeps it. */
  readonly restart: (() => Promise<void>) | string;
  /** What makes a batch that is larger than any buffer on its way. Defaults to 150,000 small events. */
  readonly largeBatch?: { readonly count: number; readonly event: (position: number) => Event };
  dispose(): Promise<void>;
}

export class LogTrial {
  readonly log: ShardLog;
  private readonly writers: LogWriter[] = [];

  constructor(readonly medium: LogMedium) {
    this.log = medium.instance(false);
  }

  async open(instance = this.log): Promise<LogWriter> {
    const writer = await instance.open();
    this.writers.push(writer);
    return writer;
  }

  /** Appends batches of so many events (and their BatchSealed), and returns them as they must be read. */
  async append(writer: LogWriter, sealer: Sealer, ...counts: number[]): Promise<ReadBatch[]> {
    const batches: ReadBatch[] = [];
    for (const count of counts) {
      const batch = sealer.sealSome(count);
      batches.push(asRead(batch));
      expect(await writer.append(batch)).toBe('appended');
    }
    return batches;
  }

  async close(): Promise<void> {
    for (const writer of this.writers.splice(0)) await writer.close();
  }
}

/** A new trial before each test, disposed of after it. */
export function eachTrial(makeMedium: () => Promise<LogMedium>, use: (trial: LogTrial) => void): void {
  let trial: LogTrial | undefined;
  beforeEach(async () => {
    trial = new LogTrial(await makeMedium());
    use(trial);
  });
  afterEach(async () => {
    await trial?.close();
    await trial?.medium.dispose();
    trial = undefined;
  });
}

/** What a medium can do, or a test that is skipped and says why. */
export function orSkip<T>(context: TestContext, ability: T | string): T {
  if (typeof ability === 'string') context.skip(ability);
  return ability;
}

export async function collectAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
