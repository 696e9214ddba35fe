/** What the log port promises, as one suite that every adapter passes. */
import { describe, expect, it } from 'vitest';
import type { LogWriter, SealedBatch, ShardLog } from '../../src/log/port.js';
import { aborted, asRead, collect, eventsOf, kept, reduced, Sealer, type ReadBatch } from '../support/log/batches.js';
import { describeHistories } from './log-histories.js';
import { collectAll, eachTrial, type LogMedium, type LogTrial } from './log-trial.js';
import { describeTroubles } from './log-troubles.js';

export type { LogMedium } from './log-trial.js';

const LARGE_BATCH = { count: 150_000, event: (position: number) => reduced(7, position) };

export function describeLogContract(name: string, makeMedium: () => Promise<LogMedium>): void {
  describe(`log contract: ${name}`, () => {
    let trial: LogTrial;
    let medium: LogMedium;
    let log: ShardLog;

    eachTrial(makeMedium, (next) => {
      trial = next;
      ({ medium, log } = next);
    });

    const open = (instance = log): Promise<LogWriter> => trial.open(instance);
    const append = (writer: LogWriter, sealer: Sealer, ...counts: number[]): Promise<ReadBatch[]> =>
      trial.append(writer, sealer, ...counts);

    describeHistories(() => trial);
    describeTroubles(() => trial);

    describe('an empty log', () => {
      it('An empty log has its head at 0 and nothing to read, before and after it was opened', async () => {
        expect(await log.head()).toBe(0);
        expect(await collect(log.read(0))).toEqual([]);
        const writer = await open();
        expect(writer.head).toBe(0);
        expect(await log.head()).toBe(0);
        expect(await collect(log.read(0))).toEqual([]);
        expect(await collectAll(log.readStream('intention-7'))).toEqual([]);
      });

      it('An empty log gives its first writer epoch 1', async () => {
        expect((await open()).epoch).toBe(1);
      });
    });

    describe('appending', () => {
      it('Appending moves the head by the batch, whose bytes and positions are read back as they were', async () => {
        const writer = await open();
        const batches = await append(writer, new Sealer(), 1, 5, 200, 1);
        expect(writer.head).toBe(211);
        expect(writer.failure).toBeUndefined();
        expect(await log.head()).toBe(211);
        expect(await collect(log.read(0))).toEqual(batches);
      });

      it('A writer takes batches larger than any buffer', async () => {
        const writer = await open();
        const { count, event } = medium.largeBatch ?? LARGE_BATCH;
        const batches = await append(writer, new Sealer(0, event), 3, count, 3);
        expect(await collect(log.read(0))).toEqual(batches);
      });

      it('A writer takes one batch at a time', async () => {
        const writer = await open();
        const sealer = new Sealer();
        const first = writer.append(sealer.sealSome(1));
        await expect(writer.append(sealer.sealSome(1))).rejects.toThrow();
        expect(await first).toBe('appended');
        expect(writer.head).toBe(2);
      });

      it('A writer refuses a batch that does not begin at the head, and is none the worse for it', async () => {
        const writer = await open();
        await expect(writer.append(new Sealer(1).sealSome(1))).rejects.toThrow();
        const sealer = new Sealer();
        const batches = await append(writer, sealer, 2);
        await expect(writer.append(new Sealer().sealSome(1))).rejects.toThrow();
        expect(await collect(log.read(0))).toEqual(batches);
      });

      it('A writer that was closed refuses batches', async () => {
        const writer = await open();
        await writer.close();
        await writer.close();
        await expect(writer.append(new Sealer().sealSome(1))).rejects.toThrow();
      });
    });

    describe('reopening', () => {
      it('A reopened log goes on at the head under the next epoch', async () => {
        const sealer = new Sealer();
        const first = await open();
        const before = await append(first, sealer, 3, 4);
        await first.close();
        const writer = await open(medium.instance(false));
        expect(writer.epoch).toBe(2);
        expect(writer.head).toBe(9);
        const after = await append(writer, sealer, 2);
        expect(await collect(log.read(0))).toEqual([...before, ...after]);
      });

      it('A log counts epochs although nothing was appended', async () => {
        for (const epoch of [1, 2, 3]) {
          const writer = await open();
          expect(writer.epoch).toBe(epoch);
          await writer.close();
        }
      });
    });

    describe('admission', () => {
      it('A log shows its opener what the log holds, before it is claimed', async () => {
        const writer = await open();
        const batches = await append(writer, new Sealer(), 1, 5, 2);
        await writer.close();
        const seen: object[] = [];
        const next = await medium.instance(false).open(async ({ log: found, head, epoch }) => {
          seen.push({ head, epoch, batches: await collect(found.read(0)), ownHead: await found.head() });
        });
        expect(seen).toEqual([{ head: writer.head, epoch: writer.epoch, batches, ownHead: writer.head }]);
        expect(next.epoch).toBe(writer.epoch + 1);
        await next.close();
      });

      it('A log claims nothing when its opener refuses what the log holds', async () => {
        const writer = await open();
        const batches = await append(writer, new Sealer(), 3);
        await writer.close();
        const found = new Error('something was found');
        for (let times = 0; times < 3; times++) await expect(log.open(() => Promise.reject(found))).rejects.toBe(found);
        expect(await collect(log.read(0))).toEqual(batches);
        const next = await open();
        expect(next.epoch).toBe(writer.epoch + 1);
      });
    });

    describe('fencing', () => {
      it('Fencing tells an older writer that its batch is not in the log, from the moment the newer one is open', async () => {
        const sealer = new Sealer();
        const older = await open();
        const before = await append(older, sealer, 2);
        const position = sealer.position;
        const newer = await open(medium.instance(true));
        expect(newer.epoch).toBe(2);
        expect(newer.head).toBe(position);
        expect(await older.append(new Sealer(position).sealSome(3))).toBe('fenced');
        expect(await log.head()).toBe(position);
        expect(await collect(log.read(0))).toEqual(before);
      });

      it('Fencing lets the newer writer go on where the older one was, which stays fenced', async () => {
        const sealer = new Sealer();
        const older = await open();
        const before = await append(older, sealer, 2);
        const position = sealer.position;
        const newer = await open(medium.instance(true));
        expect(await older.append(new Sealer(position).sealSome(3))).toBe('fenced');
        const after = await append(newer, sealer, 4, 1);
        expect(await older.append(new Sealer(position).sealSome(3))).toBe('fenced');
        expect(older.head).toBe(position);
        for (const instance of [log, medium.instance(false)]) {
          expect(await collect(instance.read(0))).toEqual([...before, ...after]);
          expect(await instance.head()).toBe(newer.head);
        }
      });

      it('Fencing never has a batch called appended that is not there after a race of two writers', async () => {
        const sealer = new Sealer();
        const older = await open();
        await append(older, sealer, 2);
        const batch = sealer.sealSome(3);
        const [outcome, newer] = await Promise.all([older.append(batch), open(medium.instance(true))]);
        const isThere = newer.head === batch.firstPosition + batch.count;
        if (outcome === 'appended') expect(isThere).toBe(true);
        if (outcome === 'fenced') expect(isThere).toBe(false);
        expect(await log.head()).toBe(newer.head);
        expect((await collect(log.read(0))).length).toBe(isThere ? 2 : 1);
      });
    });

    describe('reading', () => {
      it('Reading begins with the batch that holds the position, whatever that position is', async () => {
        const batches = await append(await open(), new Sealer(), 1, 3, 1, 6, 2);
        for (let from = 0; from <= 18; from++) {
          const expected = batches.filter(({ firstPosition, count }) => firstPosition + count > from);
          expect(await collect(log.read(from)), `from ${from}`).toEqual(expected);
        }
      });

      it('Reading ends at the head', async () => {
        const sealer = new Sealer();
        const writer = await open();
        await append(writer, sealer, 1, 1);
        expect(await collect(log.read(writer.head))).toEqual([]);
        expect(await collect(log.read(writer.head + 1000))).toEqual([]);
      });

      it('Reading needs no writer and no lock', async () => {
        const writer = await open();
        const batches = await append(writer, new Sealer(), 2, 2);
        expect(await collect(medium.instance(false).read(0))).toEqual(batches);
        await writer.close();
        expect(await collect(medium.instance(false).read(0))).toEqual(batches);
      });

      it('Reading can be broken off', async () => {
        const batches = await append(await open(), new Sealer(), 2, 2, 2);
        expect(await collect(log.read(0), 2)).toEqual(batches.slice(0, 2));
      });
    });

    describe('following', () => {
      it('Following gives what is there, then each batch as it comes, until it is aborted', async () => {
        const sealer = new Sealer();
        const writer = await open();
        const batches = await append(writer, sealer, 2, 3);
        const seen = await followed(log, 0, 6, async () => {
          for (const count of [1, 4, 2, 1]) batches.push(...(await append(writer, sealer, count)));
        });
        expect(seen).toEqual(batches);
      });

      it('Following waits for a log that has not been begun, and for a position that is not there yet', async () => {
        const sealer = new Sealer();
        const batches: ReadBatch[] = [];
        const seen = await followed(log, 5, 2, async () => {
          const writer = await open();
          for (const count of [1, 1, 1, 3]) batches.push(...(await append(writer, sealer, count)));
        });
        expect(seen).toEqual(batches.slice(2));
      });

      it('Following goes on under newer writers, and never gives a batch of one that was fenced', async () => {
        const sealer = new Sealer();
        const older = await open();
        const batches = await append(older, sealer, 2);
        const seen = await followed(medium.instance(false), 0, 3, async () => {
          const position = sealer.position;
          const newer = await open(medium.instance(true));
          expect(await older.append(new Sealer(position).sealSome(5))).toBe('fenced');
          batches.push(...(await append(newer, sealer, 3, 3)));
        });
        expect(seen).toEqual(batches);
      });

      it('Following ends when it is aborted while it waits for a log that has not been begun', async () => {
        const controller = new AbortController();
        const following = collect(log.follow(0, controller.signal));
        for (const instance of [log, medium.instance(false)]) expect(await collect(instance.read(0))).toEqual([]);
        controller.abort();
        expect(await following).toEqual([]);
        expect(await collect(log.follow(0, AbortSignal.abort()))).toEqual([]);
      });

      it('Following ends when it is aborted while it waits for the next batch', async () => {
        const controller = new AbortController();
        const seen: ReadBatch[] = [];
        const following = (async () => {
          for await (const batch of log.follow(0, controller.signal)) seen.push(kept(batch));
        })();
        const batches = await append(await open(), new Sealer(), 2);
        await expect.poll(() => seen).toEqual(batches);
        // It waits by the time at which another that comes later has got as far.
        expect(await followed(medium.instance(false), 0, 1, async () => undefined)).toEqual(batches);
        controller.abort();
        await following;
        expect(seen).toEqual(batches);
      });
    });

    describe('reading a stream', () => {
      it('Reading a stream gives that stream’s events alone, in order, with their positions', async () => {
        const writer = await open();
        const sealer = new Sealer();
        const sealed: SealedBatch[] = [
          sealer.seal([reduced(1, 10), reduced(2, 11), reduced(11, 12), reduced(1, 13)]),
          sealer.seal([aborted(1, 1), aborted(1, 11), aborted(11, 1), aborted(1, 1)]),
          sealer.seal([reduced(1, 14)]),
        ];
        for (const batch of sealed) expect(await writer.append(batch)).toBe('appended');
        const all = sealed.flatMap((batch) => eventsOf(asRead(batch)));
        for (const stream of ['intention-1', 'intention-11', 'deal-1-1', 'deal-11-1', 'shard-0']) {
          const expected = all.filter((event) => event.stream === stream);
          expect(expected.length).toBeGreaterThan(0);
          expect(await collectAll(log.readStream(stream)), stream).toEqual(expected);
        }
      });

      it('Reading a stream looks no further back than its caller asks', async () => {
        const writer = await open();
        const sealer = new Sealer();
        await writer.append(sealer.seal([reduced(1, 10), reduced(1, 11), reduced(1, 12)]));
        expect((await collectAll(log.readStream('intention-1', 1))).map(({ position }) => position)).toEqual([1, 2]);
        expect(await collectAll(log.readStream('intention-1', 3))).toEqual([]);
      });

      it('Reading a stream has nothing for a stream that is not there, or is none', async () => {
        await append(await open(), new Sealer(), 2);
        for (const stream of ['intention-99', 'deal-1-1', 'shard-1', 'nonsense', '']) {
          expect(await collectAll(log.readStream(stream)), stream).toEqual([]);
        }
      });
    });
  });
}

/** Follows until so many batches have come, while `act` goes on; then aborts. */
async function followed(log: ShardLog, from: number, most: number, act: () => Promise<void>): Promise<ReadBatch[]> {
  const controller = new AbortController();
  const collecting = (async () => {
    const seen: ReadBatch[] = [];
    for await (const batch of log.follow(from, controller.signal)) {
      seen.push(kept(batch));
      if (seen.length === most) controller.abort();
    }
    return seen;
  })();
  await act();
  return collecting;
}
