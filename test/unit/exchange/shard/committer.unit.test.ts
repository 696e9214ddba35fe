import { ByteCursor } from '../../../../src/events/bytes.js';
import { createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { Market } from '../../../../src/domain/market.js';
import { Recorder } from '../../../../src/domain/recorder.js';
import { EventEncoder } from '../../../../src/events/codec.generated.js';
import { decodeEvent, type Event } from '../../../../src/events/event.js';
import { type CommitMode, Committer, type CommitResult } from '../../../../src/exchange/shard/committer.js';
import { GENESIS_DIGEST } from '../../../../src/log/digest-chain.js';
import { nodeScheduler } from '../../../../src/exchange/shard/scheduler.js';
import { type AppendOutcome, HEADROOM_BYTES, type LogWriter, type SealedBatch } from '../../../../src/log/port.js';

interface Append {
  readonly firstPosition: number;
  readonly events: readonly Event[];
  readonly bytes: Uint8Array;
  settle(outcome: AppendOutcome): void;
  reject(error: Error): void;
}

/** A stand-in for a log’s writer that does nothing by itself: the test says when an append ends, and how. */
class SlowWriter implements LogWriter {
  readonly epoch = 1;
  head = 7;
  failure: Error | undefined;
  readonly appends: Append[] = [];

  append({ firstPosition, count, buffer, start, end }: SealedBatch): Promise<AppendOutcome> {
    expect(start).toBeGreaterThanOrEqual(HEADROOM_BYTES);
    const bytes = buffer.slice(start, end);
    const cursor = new ByteCursor(bytes);
    const events = Array.from({ length: count }, () => decodeEvent(cursor));
    expect(cursor.at).toBe(bytes.length);
    return new Promise((settle, reject) => {
      this.appends.push({ firstPosition, events, bytes, settle, reject });
    });
  }

  async close(): Promise<void> {
    // There is nothing to close.
  }

  /** Ends the append that was begun last. */
  async end(outcome: AppendOutcome = 'appended'): Promise<void> {
    this.appends.at(-1)?.settle(outcome);
    await aRound();
  }
}

/** Lets everything run that is due in this round of the event loop. */
async function aRound(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

function started(mode?: CommitMode) {
  const writer = new SlowWriter();
  const recorder = new Recorder(new Market(), new EventEncoder(8), writer.head);
  const committed: CommitResult[] = [];
  const failures: [string, Error | undefined][] = [];
  const told = {
    committed: (result: CommitResult): void => void committed.push(result),
    failed: (reason: string, cause: Error | undefined): void => void failures.push([reason, cause]),
  };
  const log = { writer, recorder, digest: GENESIS_DIGEST, scheduler: nodeScheduler };
  const committer = new Committer({ ...log, ...told, ...(mode === undefined ? {} : { mode }) });
  let names = 0;
  const record = (): void => {
    recorder.participantAdmitted(++names, `p${names}`, 1);
  };
  const answers: string[] = [];
  const answer = (name: string): void => {
    committer.whenDurable(() => answers.push(name));
  };
  return { writer, recorder, committer, committed, failures, record, answers, answer };
}

const typesOf = ({ events }: Append): string[] => events.map(({ type }) => type);

describe('group commit', () => {
  it('Group commit appends what was recorded in one round of the event loop as one sealed batch', async () => {
    const { writer, committer, committed, record } = started();
    record();
    committer.schedule();
    record();
    committer.schedule();
    expect(writer.appends).toHaveLength(0);
    await aRound();
    expect(writer.appends.map(typesOf)).toEqual([['ParticipantAdmitted', 'ParticipantAdmitted', 'BatchSealed']]);
    await writer.end();
    expect(committed).toMatchObject([{ durable: 10, events: 3 }]);
    expect(committer.durable).toBe(10);
  });

  it('Group commit has one append in flight, and what comes meanwhile goes into one batch after it', async () => {
    const { writer, committer, record } = started();
    record();
    committer.schedule();
    await aRound();
    for (let more = 0; more < 3; more++) {
      record();
      committer.schedule();
      await aRound();
    }
    expect(writer.appends).toHaveLength(1);
    await writer.end();
    expect(writer.appends.map(({ firstPosition }) => firstPosition)).toEqual([7, 9]);
    expect(writer.appends.map(typesOf)[1]).toEqual([...Array<string>(3).fill('ParticipantAdmitted'), 'BatchSealed']);
    await writer.end();
    expect(committer.durable).toBe(13);
    expect(committer.isIdle).toBe(true);
  });

  it('A commit takes from when its batch is handed to the log until it is durable, whatever it waited before', async () => {
    const { writer, committer, committed, record } = started();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    record();
    committer.schedule();
    clock.mockReturnValue(1_100);
    await aRound();
    clock.mockReturnValue(1_102.5);
    await writer.end();
    clock.mockRestore();
    expect(committed).toMatchObject([{ tookMs: 2.5 }]);
  });

  it('Group commit answers only once all is durable that was recorded before, and in order', async () => {
    const { writer, committer, record, answers, answer } = started();
    record();
    answer('first');
    answer('second');
    committer.schedule();
    await aRound();
    record();
    answer('third');
    expect(answers).toEqual([]);
    await writer.end();
    expect(answers).toEqual(['first', 'second']);
    await writer.end();
    expect(answers).toEqual(['first', 'second', 'third']);
  });

  it('Group commit holds an answer that rests on what is in flight, though it recorded nothing itself', async () => {
    const { writer, committer, record, answers, answer } = started();
    record();
    committer.schedule();
    await aRound();
    answer('refused');
    expect(answers).toEqual([]);
    await writer.end();
    expect(answers).toEqual(['refused']);
  });

  it('Group commit answers at once when nothing waits', () => {
    const { answers, answer, committer } = started();
    answer('nothing to wait for');
    expect(answers).toEqual(['nothing to wait for']);
    expect(committer.isIdle).toBe(true);
  });

  it('Group commit appends nothing when nothing was recorded', async () => {
    const { writer, committer } = started();
    committer.schedule();
    await aRound();
    expect(writer.appends).toEqual([]);
  });

  it('Group commit does not touch the bytes of a batch while they are being appended', async () => {
    const { writer, committer, record, recorder } = started();
    let inFlight: SealedBatch | undefined;
    const append = writer.append.bind(writer);
    writer.append = (batch): Promise<AppendOutcome> => {
      inFlight = batch;
      return append(batch);
    };
    record();
    committer.schedule();
    await aRound();
    if (inFlight === undefined) expect.fail('nothing was appended');
    const { buffer, start, end } = inFlight;
    const before = buffer.slice(start, end);
    for (let more = 0; more < 5_000; more++) recorder.participantAdmitted(more + 2, 'x'.repeat(30), 1);
    expect(buffer.subarray(start, end)).toEqual(before);
    await writer.end();
    expect(writer.appends.at(-1)?.events).toHaveLength(5_001);
  });

  it('Group commit chains batches by their digests: SHA-256 over the one before and the bytes of the batch’s other events', async () => {
    const { writer, committer, record } = started();
    for (let batch = 0; batch < 3; batch++) {
      record();
      committer.schedule();
      await aRound();
      await writer.end();
    }
    let digest: Uint8Array = GENESIS_DIGEST;
    for (const { events, bytes } of writer.appends) {
      const seal = events.at(-1);
      if (seal?.type !== 'BatchSealed') expect.fail('the batch is not sealed');
      const sealBytes = 4 + 1 + 32;
      digest = createHash('sha256')
        .update(digest)
        .update(bytes.subarray(0, bytes.length - sealBytes))
        .digest();
      expect(seal.digest).toBe(Buffer.from(digest).toString('hex'));
    }
  });

  it('Group commit goes on with what an answer records', async () => {
    const { writer, committer, record, answers } = started();
    record();
    committer.whenDurable(() => {
      record();
      committer.whenDurable(() => answers.push('later'));
      committer.schedule();
    });
    committer.schedule();
    await aRound();
    await writer.end();
    expect(writer.appends).toHaveLength(2);
    expect(answers).toEqual([]);
    await writer.end();
    expect(answers).toEqual(['later']);
  });
});

describe('batches that are closed when somebody asks', () => {
  it('Batches that are closed when somebody asks end at the very event after which it was asked, and nothing else closes one', async () => {
    const { writer, committer, record, answers, answer } = started('asked');
    record();
    committer.schedule();
    await aRound();
    expect(writer.appends).toEqual([]);
    record();
    answer('first');
    record();
    answer('second');
    record();
    expect(writer.appends.map(typesOf)).toEqual([['ParticipantAdmitted', 'ParticipantAdmitted', 'BatchSealed']]);
    await writer.end();
    expect(answers).toEqual(['first']);
    await writer.end();
    await aRound();
    expect(writer.appends.map(({ firstPosition, events }) => [firstPosition, events.length])).toEqual([
      [7, 3],
      [10, 2],
    ]);
    expect(answers).toEqual(['first', 'second']);
    expect(committer.isIdle).toBe(false);
  });

  it('Batches that are closed when somebody asks wait in order for the append in flight, and none is appended after one that failed', async () => {
    const { writer, record, failures, answers, answer } = started('asked');
    for (const name of ['first', 'second', 'third']) {
      record();
      answer(name);
    }
    answer('refused');
    expect(writer.appends).toHaveLength(1);
    await writer.end();
    await writer.end('unknown');
    expect(writer.appends.map(({ firstPosition }) => firstPosition)).toEqual([7, 9]);
    expect(answers).toEqual(['first']);
    expect(failures).toEqual([['unknown', undefined]]);
  });
});

describe('an append that the log did not take', () => {
  it.each(['fenced', 'unknown'] as const)(
    'An append that the log did not take answers nothing, and nothing is appended after it: %s',
    async (outcome) => {
      const { writer, committer, committed, failures, record, answers, answer } = started();
      writer.failure = new Error('the disk is full');
      record();
      answer('first');
      committer.schedule();
      await aRound();
      record();
      answer('second');
      await writer.end(outcome);
      record();
      answer('third');
      committer.schedule();
      await aRound();
      expect(answers).toEqual([]);
      expect(committed).toEqual([]);
      expect(failures).toEqual([[outcome, writer.failure]]);
      expect(writer.appends).toHaveLength(1);
      expect(committer.durable).toBe(7);
      expect(committer.isCongested).toBe(true);
    },
  );

  it('An append that the log did not take counts as unknown when the log throws', async () => {
    const { writer, committer, failures, record, answers, answer } = started();
    record();
    answer('first');
    committer.schedule();
    await aRound();
    writer.appends[0]?.reject(new Error('no such thing should happen'));
    await aRound();
    expect(failures).toMatchObject([['unknown', { message: 'no such thing should happen' }]]);
    expect(answers).toEqual([]);
  });
});

describe('congestion', () => {
  it('Congestion is said while more than 4 MiB wait, and is over once they are on their way', async () => {
    const { writer, committer, recorder, record } = started();
    record();
    committer.schedule();
    await aRound();
    let id = 1;
    while (!committer.isCongested) recorder.participantAdmitted(++id, 'x'.repeat(32), 1);
    expect(id).toBeGreaterThan((4 * 2 ** 20) / 60);
    await writer.end();
    expect(committer.isCongested).toBe(false);
    await writer.end();
    expect(writer.appends[1]?.events).toHaveLength(id);
  });
});
