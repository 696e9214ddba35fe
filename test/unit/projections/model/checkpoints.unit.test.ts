import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ModelCheckpoints } from '../../../../projections/model/checkpoints.js';
import { leastMissed } from '../../../../projections/model/least-missed.js';
import { ModelKeeper } from '../../../../projections/model/model-keeper.js';
import { Models } from '../../../../projections/model/models.js';
import { pack } from '../../../../projections/model/packed.js';
import { ReadModel } from '../../../../projections/model/read-model.js';
import { Throttle } from '../../../../projections/store/throttle.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import type { ShardLog } from '../../../../src/log/port.js';
import { logOfBatches } from '../../../support/history/cut-log.js';
import { History } from '../../../support/history/history.js';
import { NaiveMarket } from '../../../support/history/naive-market.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';
import { folded } from '../folding.js';

let folder: string;
let batches: readonly EventBatch[];
let log: ShardLog;
let ends: readonly number[];
let unusable: string[];
beforeEach(() => {
  folder = temporaryFolder();
  batches = batchesOf(1);
  log = logOfBatches(batches);
  ends = batches.map(({ firstPosition, count }) => firstPosition + count);
  unusable = [];
});
afterEach(() => {
  removeFolder(folder);
});

function batchesOf(seed: number): readonly EventBatch[] {
  const history = new History();
  new NaiveMarket(history, seed).run(600);
  return history.batches();
}

const note = (name: string, why: string): void => void unusable.push(`${name}: ${why}`);
const checkpointsOf = (options = {}): ModelCheckpoints =>
  new ModelCheckpoints(folder, { onUnusable: note, ...options });
const modelAt = (position: number, of = batches): ReadModel => folded(of, new ReadModel(), position);
/** The end of a batch that stands so far into the log. */
const endAt = (share: number): number => ends[Math.floor(share * (ends.length - 1))] ?? 0;
const fileOf = (position: number): string => join(folder, `model-${String(position).padStart(20, '0')}.bin`);

describe('checkpoints', () => {
  it('Checkpoints give the nearest model at or before a position, and an empty one before the first', async () => {
    const [early, late] = [endAt(0.2), endAt(0.6)];
    await checkpointsOf().write(modelAt(early));
    await checkpointsOf().write(modelAt(late));
    const models = new Models(log, checkpointsOf());
    const found = [early - 1, early, late - 1, late, late + 50].map((atMost) => models.openModel(atMost));
    expect((await Promise.all(found)).map(({ foldedTo }) => foldedTo)).toEqual([0, early, early, late, late]);
    expect(Buffer.compare(pack((await models.modelAt(late + 7)).dump()), pack(modelAt(late + 7).dump()))).toBe(0);
  });

  it('Checkpoints that are damaged anywhere are passed over for an earlier one, and removed by who writes them alone', async () => {
    const [early, late] = [endAt(0.2), endAt(0.6)];
    await checkpointsOf().write(modelAt(early));
    await checkpointsOf().write(modelAt(late));
    const whole = readFileSync(fileOf(late));
    for (const at of [0, 9, 13, 40, whole.length >> 1, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      writeFileSync(fileOf(late), damaged);
      expect((await new Models(log, checkpointsOf()).openModel(late)).foldedTo).toBe(early);
    }
    for (const length of [0, 7, 16, whole.length - 1]) {
      writeFileSync(fileOf(late), whole.subarray(0, length));
      expect((await new Models(log, checkpointsOf()).openModel(late)).foldedTo).toBe(early);
    }
    expect(unusable).toHaveLength(10);
    expect(await checkpointsOf().positions()).toEqual([early, late]);
    await checkpointsOf({ removesUnusable: true }).nearest(log, late);
    expect(await checkpointsOf().positions()).toEqual([early]);
  });

  it('Checkpoints of another log, or under the name of another position, are refused', async () => {
    const others = batchesOf(2);
    const end = others.map(({ firstPosition, count }) => firstPosition + count).find((each) => each > 200) ?? 0;
    await checkpointsOf().write(modelAt(end, others));
    expect((await new Models(log, checkpointsOf()).openModel(end)).foldedTo).toBe(0);
    await checkpointsOf().write(modelAt(endAt(0.5)));
    writeFileSync(fileOf(endAt(0.9)), readFileSync(fileOf(endAt(0.5))));
    expect((await new Models(log, checkpointsOf()).openModel(endAt(0.9))).foldedTo).toBe(endAt(0.5));
    expect(unusable.map((each) => each.split(': ')[1])).toEqual(['it is of another log', 'it is of another position']);
  });

  it('Checkpoints whose log cannot be read are neither used nor removed: the reader is told', async () => {
    await checkpointsOf().write(modelAt(endAt(0.5)));
    const broken = {
      read: () => {
        throw new Error('the disk is gone');
      },
    };
    const checkpoints = checkpointsOf({ removesUnusable: true });
    await expect(checkpoints.nearest(broken, endAt(0.9))).rejects.toThrow('the disk is gone');
    expect(await checkpoints.positions()).toEqual([endAt(0.5)]);
  });

  it('Checkpoints are never more than they may be, nor larger, and keep the newest and even gaps', async () => {
    const few = checkpointsOf({ mostFiles: 8 });
    for (const end of ends) await few.write(modelAt(end));
    const positions = await few.positions();
    expect(positions).toHaveLength(8);
    expect(positions.at(-1)).toBe(ends.at(-1));
    const gaps = positions.map((position, index) => position - (positions[index - 1] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan((5 * (ends.at(-1) ?? 0)) / 8);
    const bytes = pack(modelAt(endAt(1)).dump()).length;
    const small = checkpointsOf({ mostBytes: 2.5 * bytes });
    await small.write(modelAt(endAt(1)));
    const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name)).length);
    const sum = kept.reduce((all, each) => all + each, 0);
    expect(sum).toBeLessThanOrEqual(2.5 * bytes);
    expect(sum).toBeGreaterThan(bytes); // and no fewer than there is room for
    expect((await small.positions()).at(-1)).toBe(ends.at(-1));
    await checkpointsOf({ mostBytes: 1 }).write(modelAt(endAt(1)));
    expect(await small.positions()).toEqual([endAt(1)]);
  });

  it('Checkpoints are thinned where the gap that is left counts least, at the beginning first, and never the newest', () => {
    // The later gap is the smaller one, and counts more.
    expect(leastMissed([110, 200, 300])).toBe(0);
    expect(leastMissed([10, 20, 30, 40])).toBe(0);
    expect(leastMissed([10, 20, 22, 40])).toBe(1);
    expect(leastMissed([30, 60, 61])).toBe(1);
    expect(leastMissed([5])).toBe(0);
  });
});

describe('a keeper of models', () => {
  const keeping = async (until: () => Promise<boolean>, everyEvents = 100): Promise<string[]> => {
    const troubles: string[] = [];
    const ending = new AbortController();
    const keeper = new ModelKeeper(log, checkpointsOf(), {
      everyEvents,
      retryMs: 1,
      onTrouble: (why) => troubles.push(why),
    });
    const running = keeper.run(ending.signal);
    await expect.poll(until).toBe(true);
    ending.abort();
    await running;
    return troubles;
  };

  it('A keeper of models makes a checkpoint at the end of a batch, each time the log has grown enough', async () => {
    await keeping(async () => (await checkpointsOf().positions()).length >= 5);
    const positions = await checkpointsOf().positions();
    for (const [index, position] of positions.entries()) {
      expect(ends).toContain(position);
      expect(position - (positions[index - 1] ?? 0)).toBeGreaterThanOrEqual(100);
      const model = await new Models(log, checkpointsOf()).openModel(position);
      expect(Buffer.compare(pack(model.dump()), pack(modelAt(position).dump()))).toBe(0);
    }
  });

  it('A keeper of models does not count it as work that it waited for a quiet log', async () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    onTestFinished(() => void vi.restoreAllMocks());
    const pace = new Throttle(0.3);
    const rest = vi.spyOn(pace, 'rest');
    const quiet: ShardLog['follow'] = async function* (from, signal) {
      for await (const batch of log.follow(from, signal)) {
        now += 3_600_000;
        yield batch;
      }
    };
    const ending = new AbortController();
    const keeper = new ModelKeeper({ ...log, follow: quiet }, checkpointsOf(), { everyEvents: 100, pace });
    const running = keeper.run(ending.signal);
    await expect.poll(async () => (await checkpointsOf().positions()).length).toBeGreaterThanOrEqual(3);
    ending.abort();
    await running;
    expect(now).toBeGreaterThan(3_600_000);
    expect(rest).not.toHaveBeenCalled();
  });

  it('A keeper of models goes on from the newest checkpoint, and reads nothing before it but the batch that names the log', async () => {
    const written = endAt(0.5);
    await checkpointsOf().write(modelAt(written));
    const asked: number[] = [];
    const { read, follow } = log;
    log = {
      ...log,
      read: (from) => (asked.push(from), read(from)),
      follow: (from, signal) => (asked.push(from), follow(from, signal)),
    };
    await keeping(async () => (await checkpointsOf().positions()).length >= 2);
    expect(asked).toEqual([written - 1, written]);
  });

  it('A keeper of models tells of a log that cannot be read, and begins again by itself', async () => {
    const { follow } = log;
    let failures = 2;
    log = {
      ...log,
      follow: (from, signal) => {
        if (failures-- > 0) throw new Error('the log is away');
        return follow(from, signal);
      },
    };
    const troubles = await keeping(async () => (await checkpointsOf().positions()).length >= 3);
    expect(troubles).toEqual(['the log is away', 'the log is away']);
  });
});
