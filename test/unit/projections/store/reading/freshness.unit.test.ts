import { beforeEach, describe, expect, it } from 'vitest';
import { LogFreshness } from '../../../../../projections/store/reading/freshness.js';
import { MemoryLog } from '../../../../support/log/memory-log.js';

/** A stand-in for a log that is far away: each question is answered when the test says so. */
class FarLog extends MemoryLog {
  readonly asked: { readonly answer: (head: number) => void; readonly fail: (error: Error) => void }[] = [];

  override head(): Promise<number> {
    return new Promise((answer, fail) => this.asked.push({ answer, fail }));
  }
}

let log: FarLog;
let freshness: LogFreshness;
/** What this process has acknowledged of shard 1. */
let acknowledged: number | undefined;
beforeEach(() => {
  acknowledged = undefined;
  log = new FarLog({ shard: 1 });
  freshness = new LogFreshness([new MemoryLog({ shard: 0 }), log], {
    durableHere: (shard) => (shard === 0 ? 7 : undefined),
    acknowledgedHere: (shard) => (shard === 1 ? acknowledged : undefined),
  });
});

const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the heads of logs', () => {
  it('The heads of logs come from the writer for a shard that is written here, and from the log for all others', async () => {
    const heads = freshness.heads([0, 1]);
    log.asked[0]?.answer(5);
    expect(await heads).toEqual(
      new Map([
        [0, 7],
        [1, 5],
      ]),
    );
    expect(await freshness.heads([0])).toEqual(new Map([[0, 7]]));
    expect(log.asked).toHaveLength(1);
  });

  it('The heads of logs are never those of a question that was put before the reader came', async () => {
    const first = freshness.heads([1]);
    const second = freshness.heads([1]);
    const third = freshness.heads([1]);
    expect(log.asked).toHaveLength(1);
    log.asked[0]?.answer(5);
    expect((await first).get(1)).toBe(5);
    await answered();
    expect(log.asked).toHaveLength(2); // one for both
    const fourth = freshness.heads([1]);
    log.asked[1]?.answer(8);
    expect([(await second).get(1), (await third).get(1)]).toEqual([8, 8]);
    await answered();
    log.asked[2]?.answer(9);
    expect((await fourth).get(1)).toBe(9);
  });

  it('The heads of logs are never less than what was acknowledged here, though a log that is held back says less', async () => {
    acknowledged = 9;
    const heads = freshness.heads([1]);
    log.asked[0]?.answer(5);
    expect(await heads).toEqual(new Map([[1, 9]]));
    const further = freshness.heads([1]);
    await answered();
    log.asked[1]?.answer(12);
    expect(await further).toEqual(new Map([[1, 12]]));
  });

  it('The heads of logs are asked for again after the log has failed', async () => {
    const failing = freshness.heads([1]);
    const next = freshness.heads([1]);
    log.asked[0]?.fail(new Error('away'));
    await expect(failing).rejects.toThrow('away');
    await answered();
    log.asked[1]?.answer(3);
    expect((await next).get(1)).toBe(3);
  });

  it('The heads of logs are refused for a shard that there is not', async () => {
    await expect(freshness.heads([2])).rejects.toThrow(RangeError);
  });
});
