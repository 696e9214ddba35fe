/**
 * What an EventStoreDB does with a stream of which somebody has removed something, as far as the adapter depends on it: one suite for
 * the stand-in and for real servers, through the real client. Each test has a stream with ten records, at the revisions 0 to 9.
 */
import { randomUUID } from 'node:crypto';
import {
  BACKWARDS,
  END,
  EventStoreDBClient,
  isCommandError,
  jsonEvent,
  metastreamOf,
  NO_STREAM,
  type ReadStreamOptions,
  type ResolvedEvent,
  START,
  type StreamMetadata,
} from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

/** What `$tb` becomes when a stream is deleted, as JavaScript reads it. */
const NO_MORE = Number(9_223_372_036_854_775_807n);

/** Each test asks for the server again. */
export interface RemovalServer {
  readonly connection: string;
  stop(): void;
}

export function describeRemoval(name: string, begin: () => Promise<RemovalServer>): void {
  describe(`removal from a stream: ${name}`, () => {
    let server: RemovalServer;
    let client: EventStoreDBClient;
    let stream: string;

    beforeEach(async () => {
      server = await begin();
      // Each append in a call of its own, as the adapter has it.
      const alone = { supports: async () => false };
      client = Object.assign(EventStoreDBClient.connectionString(server.connection), alone);
      stream = `parley_test_${randomUUID().replaceAll('-', '')}`;
      expect(await append(NO_STREAM, 10)).toBe(9);
    });

    afterEach(async () => {
      await client.dispose();
      server.stop();
    });

    /** The revision of the last of so many new records, or why there are none. */
    function append(expectedRevision: bigint | typeof NO_STREAM, count = 1): Promise<number | string> {
      const events = Array.from({ length: count }, () => jsonEvent({ type: 'Counted', data: {} }));
      return told(client.appendToStream(stream, events, { expectedRevision }), (result) =>
        Number(result.nextExpectedRevision),
      );
    }

    /** The revisions that a reader finds, or why there are none. */
    async function read(options: ReadStreamOptions): Promise<number[] | string> {
      const reading = client.readStream(stream, options);
      reading.on('error', () => undefined);
      return told(revisions(reading), (found) => found);
    }

    const forwards = (from?: number) => read({ fromRevision: from === undefined ? START : BigInt(from) });
    const last = () => read({ direction: BACKWARDS, fromRevision: END, maxCount: 1 });
    const metadata = () =>
      told(client.getStreamMetadata(stream), (found): StreamMetadata | undefined => found.metadata);
    const setMetadata = (said: StreamMetadata) => client.setStreamMetadata(stream, said);

    /** The revisions that a subscription is sent, and how it ends, if it does. */
    function subscribe(from?: number): { seen: string[]; end: () => Promise<void> } {
      const fromRevision = from === undefined ? START : BigInt(from);
      const subscription = client.subscribeToStream(stream, { fromRevision });
      const seen: string[] = [];
      subscription.on('data', ({ event }) => seen.push(`${event?.revision} ${event?.type}`));
      subscription.on('error', (error) => seen.push(typeOf(error)));
      return { seen, end: () => subscription.unsubscribe() };
    }

    it('A stream from which nothing was removed shows all ten records', async () => {
      expect(await forwards()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(await last()).toEqual([9]);
      expect(await metadata()).toBeUndefined();
    });

    describe('a deleted stream', () => {
      beforeEach(async () => {
        await client.deleteStream(stream, { expectedRevision: 9n });
      });

      it('A deleted stream is not found by readers, and its metadata says so', async () => {
        expect(await forwards()).toBe('stream-not-found');
        expect(await last()).toBe('stream-not-found');
        expect(await metadata()).toEqual({ truncateBefore: NO_MORE });
      });

      it.for([['its last revision', 9n] as const, ['no stream', NO_STREAM] as const])(
        'A deleted stream takes an append that expects %s behind its last record, and shows that and no other',
        async ([, expected]) => {
          expect(await append(expected)).toBe(10);
          expect(await forwards()).toEqual([10]);
          expect(await last()).toEqual([10]);
          expect(await metadata()).toEqual({ truncateBefore: 10 });
        },
      );

      it('A deleted stream takes no append that expects an older revision', async () => {
        expect(await append(5n)).toBe('wrong-expected-version');
      });

      it.for([0, 1])(
        'A deleted stream shows all again once the metadata is taken back, also after %i appends',
        async (appends) => {
          if (appends > 0) await append(9n, appends);
          await setMetadata({});
          expect(await forwards()).toEqual(Array.from({ length: 10 + appends }, (_, revision) => revision));
        },
      );

      it('A deleted stream is empty for a subscription, without an error, up to the next append', async () => {
        const { seen, end } = subscribe();
        await append(9n);
        await expect.poll(() => seen).toEqual(['10 Counted']);
        await end();
      });
    });

    describe('a tombstoned stream', () => {
      it('A tombstoned stream answers everything with an error, also for its metadata', async () => {
        await client.tombstoneStream(stream, { expectedRevision: 9n });
        expect(await forwards()).toBe('stream-deleted');
        expect(await last()).toBe('stream-deleted');
        expect(await append(9n)).toBe('stream-deleted');
        expect(await metadata()).toBe('stream-deleted');
      });

      it('A tombstoned stream tells a subscription at a revision beyond all others, and ends it', async () => {
        const { seen } = subscribe(8);
        await expect.poll(() => seen).toEqual(['9 Counted']);
        await client.tombstoneStream(stream, { expectedRevision: 9n });
        const tombstone = '9223372036854775807 $streamDeleted';
        await expect.poll(() => seen).toEqual(['9 Counted', tombstone, 'stream-deleted']);
      });
    });

    describe.each([
      ['$maxCount', { maxCount: 4 }],
      ['$tb', { truncateBefore: 6 }],
    ])('a stream with %s', (_name, said) => {
      it('A truncated stream shows its end, from whatever revision on it is read', async () => {
        await setMetadata(said);
        for (const from of [undefined, 3, 6]) expect(await forwards(from)).toEqual([6, 7, 8, 9]);
        expect(await forwards(8)).toEqual([8, 9]);
        expect(await last()).toEqual([9]);
        expect(await metadata()).toEqual(said);
      });

      it('A truncated stream takes appends as ever', async () => {
        await setMetadata(said);
        expect(await append(9n)).toBe(10);
        expect(await append(5n)).toBe('wrong-expected-version');
        expect(await append(NO_STREAM)).toBe('wrong-expected-version');
      });

      it('A truncated stream shows all again once it is taken back', async () => {
        await setMetadata(said);
        await setMetadata({});
        expect(await forwards()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      });

      it('A truncated stream tells a subscription nothing', async () => {
        const { seen, end } = subscribe(7);
        await expect.poll(() => seen).toEqual(['8 Counted', '9 Counted']);
        await setMetadata(said);
        await append(9n);
        await expect.poll(() => seen).toEqual(['8 Counted', '9 Counted', '10 Counted']);
        await end();
      });
    });

    it('A stream with $maxAge shows nothing, without an error, and takes appends as ever', async () => {
      await setMetadata({ maxAge: 1 });
      await expect.poll(forwards).toEqual([]);
      expect(await last()).toEqual([]);
      expect(await append(9n)).toBe(10);
      await setMetadata({});
      expect(await forwards()).toHaveLength(11);
    });

    it('A stream takes metadata before its first record, which expects no stream for all that', async () => {
      stream = `${stream}_later`;
      expect(metastreamOf(stream)).toBe(`$$${stream}`);
      await client.setStreamMetadata(stream, { maxCount: 4 }, { expectedRevision: NO_STREAM });
      expect(await forwards()).toBe('stream-not-found');
      expect(await append(NO_STREAM)).toBe(0);
    });
  });
}

async function revisions(reading: AsyncIterable<ResolvedEvent>): Promise<number[]> {
  const found: number[] = [];
  for await (const { event } of reading) found.push(Number(event?.revision));
  return found;
}

/** What a call of the client comes to, or the kind of its error. */
async function told<T, R>(call: Promise<T>, tell: (result: T) => R): Promise<R | string> {
  try {
    return tell(await call);
  } catch (error) {
    return typeOf(error);
  }
}

function typeOf(error: unknown): string {
  if (error instanceof Error && isCommandError(error)) return error.type;
  throw error;
}
