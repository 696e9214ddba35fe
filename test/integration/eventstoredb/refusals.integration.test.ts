/** What the adapter says of servers that are not there, or will not have it. The servers are stand-ins. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { EventStoreLog } from '../../../infra/eventstoredb/eventstore-log.js';
import type { ShardLog } from '../../../src/log/port.js';
import { EventStoreTrial } from '../../support/eventstoredb/eventstore-trial.js';
import { DEADLINE_MS, passDeadline, stopClock } from '../../support/eventstoredb/stopped-clock.js';
import { collect, Sealer } from '../../support/log/batches.js';

/** Everything that goes to the server at once. */
const calls: Readonly<Record<string, (log: ShardLog) => Promise<unknown>>> = {
  open: (log) => log.open(),
  head: (log) => log.head(),
  read: (log) => collect(log.read(0)),
  follow: (log) => collect(log.follow(0, new AbortController().signal)),
};

describe('an EventStoreDB that does not answer as it should (a stand-in)', () => {
  let trial: EventStoreTrial;

  beforeEach(async () => {
    trial = await EventStoreTrial.begin();
  });

  afterEach(async () => {
    vi.useRealTimers();
    await trial.end();
  });

  /** A port at which nobody listens, and nobody can: it is that of a client. */
  async function portOfNobody(): Promise<number> {
    const client = connect(Number(trial.server.address.split(':')[1]), '127.0.0.1');
    onTestFinished(() => void client.destroy());
    await once(client, 'connect');
    return client.localPort ?? 0;
  }

  it.for(Object.keys(calls))(
    'An EventStoreDB that does not answer as it should is called unreachable, with its address, where nobody listens (%s)',
    async (name) => {
      const connection = `esdb://someone:s3cret@127.0.0.1:${await portOfNobody()}?tls=false`;
      const log = new EventStoreLog({ connection, prefix: 'parley', shard: 0, patienceMs: 100 });
      const error = await rejection(calls[name]?.(log));
      expect(error).toMatchObject({ code: 'LOG_UNREACHABLE', name: 'LogUnreachableError' });
      expect(error.message).toMatch(/^EventStoreDB at 127\.0\.0\.1:\d+ does not answer: /);
      expect(error.message).not.toContain('s3cret');
      await log.close();
    },
  );

  it.for(['unauthenticated', 'permission denied'] as const)(
    'An EventStoreDB that does not answer as it should is said to refuse at once (%s)',
    async (refusal) => {
      trial.server.faults.refusal = refusal;
      for (const [name, call] of Object.entries(calls)) {
        const error = await rejection(call(trial.log()));
        expect(error, name).toMatchObject({ code: 'LOG_REFUSED', name: 'LogRefusedError' });
        expect(error.message).toContain(`EventStoreDB at ${trial.server.address} refuses: `);
      }
    },
  );

  it('An EventStoreDB that does not answer as it should ends a writer whose rights are taken away with an unknown outcome, and says why', async () => {
    const writer = await trial.log().open();
    trial.server.faults.refusal = 'permission denied';
    expect(await writer.append(new Sealer().sealSome(1))).toBe('unknown');
    expect(writer.failure).toMatchObject({ code: 'LOG_REFUSED' });
  });

  it('An EventStoreDB that does not answer as it should is asked again while it is unavailable, and read as if nothing had been', async () => {
    const written = await trial.append(await trial.log().open(), new Sealer(), 2);
    trial.server.faults.unavailableReads = 3;
    expect(await collect(trial.log().read(0))).toEqual(written);
  });

  it('An EventStoreDB that does not answer as it should is not waited for without end when it takes a call and says nothing', async () => {
    trial.server.faults.isSilent = true;
    stopClock();
    const refused = rejection(trial.log({ patienceMs: 1.5 * DEADLINE_MS, answerMs: DEADLINE_MS }).head());
    // The stream's two ends and its metadata are asked for at once.
    for (const attempt of [1, 2]) await passDeadline(trial.server, 3 * attempt);
    const error = await refused;
    expect(error).toMatchObject({ code: 'LOG_UNREACHABLE' });
    expect(error.message).toContain(`has said nothing for ${DEADLINE_MS} ms`);
  });

  it.for([
    ['kafka://a:1', /not of the form esdb:/],
    ['esdb://someone:s3cret@:x', /not of the form esdb:/],
    ['esdb://someone:s3cret@a:1?tsl=false', /no option tsl/],
    ['esdb://someone:s3cret@a:1?tlsCAFile=/nowhere/ca.pem', /certificate/],
  ] as const)(
    'An EventStoreDB is not even tried with the connection %s, and no password is shown',
    ([connection, says]) => {
      const make = (): unknown => new EventStoreLog({ connection, prefix: 'parley', shard: 0 });
      expect(make).toThrow(says);
      expect(make).not.toThrow(/s3cret/);
    },
  );

  it.for(['', 'par-ley', '$parley', 'par ley'])(
    'A log on EventStoreDB takes no prefix that would make another category (%j)',
    (prefix) => {
      const connection = trial.server.connection();
      expect(() => new EventStoreLog({ connection, prefix, shard: 0 })).toThrow(RangeError);
    },
  );

  it('A log on EventStoreDB is called damaged where its stream holds what no writer has written, with the revision', async () => {
    await trial.append(await trial.log().open(), new Sealer(), 2);
    const [strange] = trial.server.streams.records('parley_shard-0')?.slice(-1) ?? [];
    if (strange === undefined) throw new Error('the batch has records');
    trial.server.streams.append('parley_shard-0', 'any', [{ ...strange, id: 'another' }]);
    await expect(collect(trial.log().read(0))).rejects.toMatchObject({ code: 'LOG_DAMAGED', frame: 4 });
    trial.server.streams.append('parley_shard-0', 'any', [{ ...strange, metadata: new Uint8Array() }]);
    await expect(trial.log().open()).rejects.toMatchObject({ code: 'LOG_DAMAGED', file: 'parley_shard-0', frame: 5 });
  });
});

async function rejection(work: Promise<unknown> | undefined): Promise<Error> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return expect.unreachable('it was not refused');
}
