/** What the adapter makes of a stream of which somebody has removed something, on a stand-in for the server. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogLockedError, type ShardLog } from '../../../src/log/port.js';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import type { KeptRecord, StoredStreams } from '../../support/eventstoredb/stored-streams.js';
import { asRead, collect, kept, type ReadBatch, Sealer } from '../../support/log/batches.js';

const STREAM = 'parley_shard-0';

/** What an operator does to a stream with the revisions 0 to 5, how the log is called then, and where it begins. */
interface Removal {
  readonly done: (streams: StoredStreams) => void;
  readonly code: 'LOG_DAMAGED' | 'LOG_LOST';
  readonly frame?: number;
  readonly says: RegExp;
}

const RETURN = /Write metadata without that, and all records return/;

const hidden: Readonly<Record<string, Removal>> = {
  'deleted softly': {
    done: (streams) => void streams.delete(STREAM, 'any'),
    code: 'LOG_LOST',
    says: /none of its records .* it has been deleted.*\$tb 9223372036854775807 \(revision 0 of \$\$parley_shard-0\)/,
  },
  'deleted softly and appended to': {
    done: (streams) => {
      streams.delete(STREAM, 'any');
      streams.append(STREAM, 5, streams.records(STREAM)?.slice(0, 1) ?? []);
    },
    code: 'LOG_DAMAGED',
    frame: 6,
    says: /is the first record left: its metadata says \$tb 6 \(revision 1 of/,
  },
  'cut by $tb': {
    done: (streams) => streams.setMetadata(STREAM, '{"$tb":2}'),
    code: 'LOG_DAMAGED',
    frame: 2,
    says: /\$tb 2/,
  },
  'cut by $tb behind its end': {
    done: (streams) => streams.setMetadata(STREAM, '{"$tb":50}'),
    code: 'LOG_LOST',
    says: /none of its records/,
  },
  'cut by $maxCount': {
    done: (streams) => streams.setMetadata(STREAM, '{"$maxCount":3}'),
    code: 'LOG_DAMAGED',
    frame: 3,
    says: /is the first record left.*\$maxCount 3/,
  },
  'bounded by a $maxCount that has cut nothing yet': {
    done: (streams) => streams.setMetadata(STREAM, '{"$maxCount":1000}'),
    code: 'LOG_DAMAGED',
    frame: 0,
    says: /not for long.*\$maxCount 1000/,
  },
  'outlived by $maxAge': {
    done: (streams) => {
      streams.setMetadata(STREAM, '{"$maxAge":1}');
      vi.setSystemTime(Date.now() + 2_000);
    },
    code: 'LOG_LOST',
    says: /none of its records.*\$maxAge 1/,
  },
};

const gone: Readonly<Record<string, Removal>> = {
  'without its front, which was scavenged': {
    done: (streams) => {
      streams.setMetadata(STREAM, '{"$tb":2}');
      streams.scavenge(STREAM);
      streams.setMetadata(STREAM, '{}');
    },
    code: 'LOG_DAMAGED',
    frame: 2,
    says: /revisions 0 to 1 are gone from the server/,
  },
  'under a tombstone': {
    done: (streams) => void streams.tombstone(STREAM, 'any'),
    code: 'LOG_LOST',
    says: /tombstone/,
  },
};

const removals = { ...hidden, ...gone };
const ways = Object.entries(removals);
/** What hides the log's own records and adds none. */
const hiding = Object.entries(hidden).filter(([name]) => name !== 'deleted softly and appended to');

describe('a stream of which something was removed (EventStoreDB’s client, a stand-in server)', () => {
  let trial: EventStoreTrial;
  let streams: StoredStreams;
  let sealer: Sealer;
  let controller: AbortController;

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    trial = await EventStoreTrial.begin();
    streams = trial.server.streams;
    sealer = new Sealer();
    controller = new AbortController();
  });

  afterEach(async () => {
    controller.abort();
    await trial.end();
    vi.useRealTimers();
  });

  /** A claim and five records of two batches. */
  const written = async (): Promise<ReadBatch[]> => trial.append(await trial.log().open(), sealer, 1, 2);

  const follow = (log: ShardLog, from = 0) => collect(log.follow(from, controller.signal));

  it.for(ways)(
    'A stream of which something was removed is not claimed, nor asked whether it may be: %s',
    async ([, { done, code, frame, says }]) => {
      await written();
      done(streams);
      const { appends } = trial.server;
      const admit = vi.fn(async () => undefined);
      for (const log of [trial.log(), trial.log()]) {
        const refusal = expect(log.open(admit)).rejects;
        await refusal.toMatchObject({
          code,
          message: expect.stringMatching(says),
          ...(frame === undefined ? {} : { frame }),
        });
      }
      expect(trial.server.appends).toBe(appends);
      expect(admit).not.toHaveBeenCalled();
    },
  );

  it.for(ways)(
    'A stream of which something was removed gives no reader fewer events without a word: %s',
    async ([, { done, code }]) => {
      await written();
      done(streams);
      const log = trial.log();
      await expect(log.head()).rejects.toMatchObject({ code });
      for (const from of [0, 2, 5, 9]) {
        await expect(collect(log.read(from)), `from ${from}`).rejects.toMatchObject({ code });
        await expect(follow(log, from), `from ${from}`).rejects.toMatchObject({ code });
      }
    },
  );

  it.for(ways)(
    'A stream of which something was removed ends a follower that was past all that, with a reason: %s',
    async ([name, { done, code }]) => {
      const batches = await written();
      const seen: ReadBatch[] = [];
      const following = (async () => {
        for await (const batch of trial.log().follow(0, controller.signal)) seen.push(kept(batch));
      })();
      const ended = expect(following, name).rejects.toMatchObject({
        code: expect.stringMatching(/LOG_(LOST|DAMAGED)/),
      });
      await expect.poll(() => seen).toEqual(batches);
      await expect.poll(() => trial.server.watcherCount).toBe(1);
      done(streams);
      await ended;
      expect(code).toMatch(/^LOG_/);
    },
  );

  it.for(ways)(
    'A stream of which something was removed is found out by the writer that looks: %s',
    async ([, { done, code }]) => {
      const writer = await trial.log().open();
      await trial.append(writer, sealer, 1, 2);
      await writer.verify?.();
      done(streams);
      await expect(writer.verify?.()).rejects.toMatchObject({ code });
    },
  );

  it.for(hiding)(
    'A stream of which something was removed is opened and read as ever once its metadata is taken back: %s',
    async ([, { done }]) => {
      const batches = await written();
      done(streams);
      streams.setMetadata(STREAM, '{"$acl":{"$r":"$all"}}');
      expect(await collect(trial.log().read(0))).toEqual(batches);
      const writer = await trial.log().open();
      batches.push(...(await trial.append(writer, sealer, 2)));
      expect(await collect(trial.log().read(0))).toEqual(batches);
    },
  );

  it.for(['{"$tb":9223372036854775807}', '{"$maxCount":4}'])(
    'A stream of which something was removed is not taken for an empty one where only its metadata is left: %s',
    async (metadata) => {
      streams.setMetadata(STREAM, metadata);
      const log = trial.log();
      for (const call of [log.open(), log.head(), collect(log.read(0)), follow(log)]) {
        await expect(call).rejects.toMatchObject({ code: 'LOG_LOST', message: expect.stringMatching(RETURN) });
      }
      expect(trial.types()).toEqual([]);
    },
  );

  it.for(['{}', '{"$tb":0}', '{"$acl":{"$r":"$all"}}', 'no JSON'])(
    'A stream whose metadata hides nothing is taken for a whole one: %s',
    async (metadata) => {
      streams.setMetadata(STREAM, metadata);
      expect(await trial.log().head()).toBe(0);
      const batches = await written();
      expect(await collect(trial.log().read(0))).toEqual(batches);
    },
  );

  it('A stream of which something was removed ends a follower whose server comes back without it', async () => {
    const batches = await written();
    const seen: ReadBatch[] = [];
    const following = (async () => {
      for await (const batch of trial.log().follow(0, controller.signal)) seen.push(kept(batch));
    })();
    const ended = expect(following).rejects.toMatchObject({ code: 'LOG_LOST' });
    await expect.poll(() => seen).toEqual(batches);
    trial.server.crash();
    streams.forget(STREAM);
    trial.server.start();
    await ended;
  });

  it('A stream of which something was removed has no claim that came to stand at another revision: the opening fails and says where', async () => {
    const record = await recordOfAnother();
    trial.server.beforeAppend = async () => {
      streams.append(
        STREAM,
        'no_stream',
        Array.from({ length: 10 }, (_, index) => ({ ...record, id: `${index}` })),
      );
      streams.delete(STREAM, 'any');
    };
    const says = /frame 10 .* an append came to stand that was to end at revision 0/;
    await expect(trial.log().open()).rejects.toMatchObject({
      code: 'LOG_DAMAGED',
      message: expect.stringMatching(says),
    });
  });

  it('A stream of which something was removed gives no claim that came after a deletion without saying so', async () => {
    await written();
    trial.server.beforeAppend = async () => void streams.delete(STREAM, 'any');
    await expect(trial.log().open()).rejects.toMatchObject({ code: 'LOG_DAMAGED', frame: 6 });
  });

  it('A stream of which something was removed makes an append unknown that came to stand where it should not, and says where', async () => {
    const writer = await trial.log().open();
    vi.spyOn(streams, 'append').mockReturnValueOnce({ kind: 'stored', revision: 17 });
    expect(await writer.append(sealer.sealSome(2))).toBe('unknown');
    expect(writer.failure).toMatchObject({ code: 'LOG_DAMAGED', frame: 17 });
    expect(writer.failure?.message).toContain('was to end at revision 3');
  });

  it('A stream of which something was removed makes an append unknown, and lost, when it is under a tombstone', async () => {
    const writer = await trial.log().open();
    streams.tombstone(STREAM, 'any');
    expect(await writer.append(sealer.sealSome(2))).toBe('unknown');
    expect(writer.failure).toMatchObject({ code: 'LOG_LOST' });
  });

  it('A stream of which something was removed makes an append unknown, and lost, when the server comes back without it', async () => {
    const writer = await trial.log().open();
    await trial.append(writer, sealer, 2);
    streams.forget(STREAM);
    await expect(writer.verify?.()).rejects.toMatchObject({ code: 'LOG_LOST' });
    expect(await writer.append(sealer.sealSome(2))).toBe('unknown');
    expect(writer.failure).toMatchObject({ code: 'LOG_LOST', message: expect.stringMatching(/it is empty/) });
  });

  async function recordOfAnother(): Promise<KeptRecord> {
    await trial.append(await trial.log({ shard: 1 }).open(), new Sealer(), 1);
    return streams.records('parley_shard-1')?.[0] ?? expect.unreachable('it has records');
  }
});

describe('a writer on EventStoreDB that looks at its stream (its client, a stand-in server)', () => {
  let trial: EventStoreTrial;
  let sealer: Sealer;

  beforeEach(async () => {
    trial = await EventStoreTrial.begin();
    sealer = new Sealer();
  });

  afterEach(() => trial.end());

  it('A writer on EventStoreDB that looks at its stream finds all well before, while and after it appends', async () => {
    const writer = await trial.log({ appendBytes: 1_000 }).open();
    await writer.verify?.();
    trial.server.beforeAppend = () => writer.verify?.() ?? expect.unreachable('it cannot look');
    await trial.append(writer, sealer, 1, 20);
    await writer.verify?.();
  });

  it('A writer on EventStoreDB that looks at its stream finds what somebody else has put behind its last record', async () => {
    const writer = await trial.log().open();
    await trial.append(writer, sealer, 2);
    const [copy] = trial.server.streams.records(STREAM)?.slice(-1) ?? [];
    if (copy === undefined) throw new Error('the batch has records');
    trial.server.streams.append(STREAM, 'any', [{ ...copy, id: 'another' }]);
    await expect(writer.verify?.()).rejects.toMatchObject({ code: 'LOG_DAMAGED', frame: 4 });
  });

  it('A writer on EventStoreDB that looks at its stream calls a newer writer neither damage nor loss', async () => {
    const writer = await trial.log().open();
    await trial.log().open();
    await expect(writer.verify?.()).rejects.toThrow(/epoch 2 has claimed it/);
    await expect(writer.verify?.()).rejects.toBeInstanceOf(LogLockedError);
  });

  it('A writer on EventStoreDB that looks at its stream is admitted with the head, before anything is claimed, and can be refused without a trace', async () => {
    await trial.append(await trial.log().open(), sealer, 2);
    const types = trial.types();
    const log = trial.log();
    const refusing = log.open(async ({ head, log: asFound }) => {
      expect(head).toBe(3);
      expect(await asFound.head()).toBe(3);
      throw new Error(`not from ${head} on`);
    });
    await expect(refusing).rejects.toThrow('not from 3 on');
    expect(trial.types()).toEqual(types);
    const writer = await log.open(async () => undefined);
    expect(asRead(sealer.sealSome(1)).firstPosition).toBe(writer.head);
  });
});
