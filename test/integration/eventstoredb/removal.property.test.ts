/** Whatever is done to a stream while it is written: what was acknowledged is read back, or there is an error that says why not. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventStoreLog } from '../../../infra/eventstoredb/eventstore-log.js';
import type { LogWriter } from '../../../src/log/port.js';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import { collect, kept, type ReadBatch, Sealer } from '../../support/log/batches.js';
import { until } from '../../support/patience.js';
import { runs } from '../../support/property/runs.js';

const STREAM = 'parley_shard-0';

/** What happens next, and a number that tells how much of it. */
type Deed = readonly [
  kind: 'append' | 'reopen' | 'delete' | 'truncate' | 'limit' | 'take back' | 'scavenge' | 'tombstone',
  count: number,
];

const often = ['append', 'reopen', 'delete', 'truncate', 'limit', 'take back', 'take back'] as const;
const seldom = ['scavenge', 'tombstone'] as const;
const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...often) },
      { weight: 1, arbitrary: fc.constantFrom(...seldom) },
    ),
    fc.integer({ min: 0, max: 9 }),
  ),
  { minLength: 1, maxLength: 12 },
);

/** A log that is written and followed while deeds are done to it. */
class Run {
  readonly acknowledged: ReadBatch[] = [];
  readonly seen: ReadBatch[] = [];
  /** Why the follower ended. */
  ended: unknown;
  /** How often all that was acknowledged was read back, and how often there was a reason not to. */
  readonly answers = { whole: 0, refused: 0 };
  private writer: LogWriter | undefined;
  private readonly log: EventStoreLog;
  private readonly controller = new AbortController();

  constructor(private readonly trial: EventStoreTrial) {
    this.log = trial.log({ appendBytes: 1_000 });
    void this.follow();
  }

  async done([kind, count]: Deed): Promise<void> {
    const { streams } = this.trial.server;
    if (kind === 'append') await this.append(count + 1);
    if (kind === 'reopen') await this.open();
    if (kind === 'delete') streams.delete(STREAM, 'any');
    if (kind === 'truncate') streams.setMetadata(STREAM, `{"$tb":${count}}`);
    if (kind === 'limit') streams.setMetadata(STREAM, `{"$maxCount":${count + 1}}`);
    if (kind === 'take back') streams.setMetadata(STREAM, '{}');
    if (kind === 'scavenge') streams.scavenge(STREAM);
    if (kind === 'tombstone') streams.tombstone(STREAM, 'any');
  }

  /** Every way to read gives all that was acknowledged, or fails with a reason. */
  async judge(): Promise<void> {
    const head = this.acknowledged.reduce((sum, { count }) => sum + count, 0);
    const batches = await this.wholeOrRefused(collect(this.log.read(0)));
    if (batches !== undefined) expect(batches).toEqual(this.acknowledged);
    const said = await this.wholeOrRefused(this.log.head());
    if (said !== undefined) expect(said).toBe(head);
    this.answers[batches === undefined ? 'refused' : 'whole']++;
  }

  /** The follower has seen all, or knows why not. */
  async judgeFollower(): Promise<void> {
    await until('the follower has all, or an error', () => {
      return this.ended !== undefined || this.seen.length === this.acknowledged.length;
    });
    expect(this.seen).toEqual(this.acknowledged.slice(0, this.seen.length));
    if (this.ended !== undefined) expect(this.ended).toMatchObject({ code: expect.stringMatching(/^LOG_/) });
    this.controller.abort();
  }

  private async append(count: number): Promise<void> {
    if (this.writer === undefined) await this.open();
    if (this.writer === undefined) return;
    const batch = new Sealer(this.writer.head).sealSome(count);
    const outcome = await this.writer.append(batch);
    const { firstPosition, buffer, start, end } = batch;
    if (outcome === 'appended') {
      this.acknowledged.push(kept({ firstPosition, count: batch.count, bytes: buffer.subarray(start, end) }));
    } else {
      expect(this.writer.failure).toMatchObject({ code: expect.stringMatching(/^LOG_/) });
      this.writer = undefined;
    }
  }

  private async open(): Promise<void> {
    this.writer = await this.wholeOrRefused(this.log.open());
    if (this.writer === undefined) return;
    const { writer } = this;
    expect(writer.head).toBe(this.acknowledged.reduce((sum, { count }) => sum + count, 0));
    await writer.verify?.();
  }

  private async follow(): Promise<void> {
    try {
      for await (const batch of this.log.follow(0, this.controller.signal)) this.seen.push(kept(batch));
    } catch (error) {
      this.ended = error;
    }
  }

  private async wholeOrRefused<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^LOG_(LOST|DAMAGED)$/), message: expect.any(String) });
      return undefined;
    }
  }
}

describe('a stream on EventStoreDB to which anything may be done (its client, a stand-in server)', () => {
  it('A stream on EventStoreDB to which anything may be done gives back all that was acknowledged, or says why it does not', async () => {
    const answers = { whole: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(deeds, async (done) => {
        const trial = await EventStoreTrial.begin();
        try {
          const run = new Run(trial);
          for (const deed of done) {
            await run.done(deed);
            await run.judge();
          }
          await run.judgeFollower();
          answers.whole += run.answers.whole;
          answers.refused += run.answers.refused;
        } finally {
          await trial.end();
        }
      }),
      runs(40),
    );
    expect(Math.min(answers.whole, answers.refused)).toBeGreaterThan(20);
  });
});
