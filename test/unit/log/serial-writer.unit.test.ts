import { describe, expect, it } from 'vitest';
import type { AppendOutcome, SealedBatch } from '../../../src/log/port.js';
import { SerialWriter } from '../../../src/log/serial-writer.js';
import { Sealer } from '../../support/log/batches.js';

const FAILURE = new Error('the disk failed');

/** A medium that stores nothing: each append has the outcome that stands next in the list. */
class StandInWriter extends SerialWriter {
  readonly epoch = 1;
  head = 0;
  stored = 0;
  released = 0;
  private readonly outcomes: AppendOutcome[];

  constructor(...outcomes: AppendOutcome[]) {
    super();
    this.outcomes = outcomes;
  }

  protected async store(batch: SealedBatch): Promise<AppendOutcome> {
    this.stored++;
    const outcome = this.outcomes.shift() ?? 'appended';
    if (outcome !== 'appended') return this.end(outcome, FAILURE);
    this.head += batch.count;
    return outcome;
  }

  protected async release(): Promise<void> {
    this.released++;
  }
}

describe('a log’s writer, whatever its medium', () => {
  it.each(['unknown', 'fenced'] as const)(
    'A log’s writer, whatever its medium, tries no append after one that was %s, and answers the same',
    async (outcome) => {
      const writer = new StandInWriter(outcome, 'appended');
      const batch = new Sealer().sealSome(2);
      expect(await writer.append(batch)).toBe(outcome);
      expect(await writer.append(batch)).toBe(outcome);
      expect(writer.stored).toBe(1);
      expect(writer.failure).toBe(outcome === 'unknown' ? FAILURE : undefined);
    },
  );

  it('A log’s writer, whatever its medium, takes one append at a time, at the head alone', async () => {
    const writer = new StandInWriter();
    const sealer = new Sealer();
    const [first, second] = [sealer.sealSome(2), sealer.sealSome(2)];
    await expect(writer.append(second)).rejects.toThrow(RangeError);
    const appending = writer.append(first);
    await expect(writer.append(first)).rejects.toThrow('an append is still under way');
    expect(await appending).toBe('appended');
    expect(await writer.append(second)).toBe('appended');
    expect(writer.stored).toBe(2);
  });

  it('A log’s writer, whatever its medium, releases what it holds once, however often it is closed, and takes nothing afterwards', async () => {
    const writer = new StandInWriter();
    await Promise.all([writer.close(), writer.close()]);
    await writer.close();
    expect(writer.released).toBe(1);
    await expect(writer.append(new Sealer().sealSome(1))).rejects.toThrow('the log has been closed');
  });
});
