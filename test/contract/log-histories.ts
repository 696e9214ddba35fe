import { ByteCursor } from '../../src/events/bytes.js';
/** The part of the log contract about whole histories: what many batches, events and streams come to when they are read. */
import { describe, expect, it } from 'vitest';
import { decodeEvent, type Event } from '../../src/events/event.js';
import { type EventBatch, eventsOfBatch } from '../../src/events/fold.js';
import type { ShardLog } from '../../src/log/port.js';
import { DigestChain } from '../../src/log/digest-chain.js';
import { nodeSha256 } from '../../src/log/node-sha256.js';
import { goldenLogs } from '../golden/golden-log.js';
import { gate } from '../support/gate.js';
import { asRead, collect, eventsOf, kept, named, reduced, Sealer, type ReadBatch } from '../support/log/batches.js';
import { MemoryLog } from '../support/log/memory-log.js';
import { collectAll, type LogTrial } from './log-trial.js';

const STREAMS = 10_000;
const STREAMS_A_BATCH = 1_000;
const BATCHES = 12;

export function describeHistories(trial: () => LogTrial): void {
  describe('histories', () => {
    it('A log gives back every event of the catalogue, whatever its texts, as the bytes that it was', async () => {
      const writer = await trial().open();
      const sealer = new Sealer();
      const texts = ['', 'Ærø ☃ 𝄞', '\u0000\u001f"\\/\u2028', 'x'.repeat(20_000)];
      const sealed = [...goldenBatches(), texts.map(named)].map((events) => sealer.seal(events));
      for (const batch of sealed) expect(await writer.append(batch)).toBe('appended');
      expect(await collect(trial().log.read(0))).toEqual(sealed.map(asRead));
    });

    it('A log numbers events from 0 without gaps, under one writer after the other', async () => {
      const sealer = new Sealer();
      for (const count of [3, 1, 40]) {
        const writer = await trial().open();
        await trial().append(writer, sealer, count, 2);
        await writer.close();
      }
      const batches = await collect(trial().log.read(0));
      const positions = batches.flatMap((batch) => eventsOf(batch).map(({ position }) => position));
      expect(positions).toEqual(Array.from({ length: sealer.position }, (_, index) => index));
      expect(await trial().log.head()).toBe(sealer.position);
    });

    it('A log is read and followed alike from any position', async () => {
      const written = await trial().append(await trial().open(), new Sealer(), 1, 3, 6, 1, 2);
      const head = await trial().log.head();
      for (const from of [0, 1, 2, 5, 12, 17, head - 1]) {
        const expected = written.filter(({ firstPosition, count }) => firstPosition + count > from);
        expect(await collect(trial().log.read(from)), `read from ${from}`).toEqual(expected);
        expect(await followedTo(trial().log, from, head), `followed from ${from}`).toEqual(expected);
      }
    });

    it(`A log keeps ${STREAMS.toLocaleString('en')} streams apart`, async () => {
      const writer = await trial().open();
      const sealer = new Sealer();
      const looked = [0, STREAMS / 2, STREAMS - 1];
      const places = new Map<number, number>();
      for (let first = 0; first < STREAMS; first += STREAMS_A_BATCH) {
        const ids = Array.from({ length: STREAMS_A_BATCH }, (_, index) => first + index);
        for (const id of ids) places.set(id, sealer.position + id - first);
        expect(await writer.append(sealer.seal(ids.map((id) => reduced(id, 1))))).toBe('appended');
      }
      const again = sealer.position;
      expect(await writer.append(sealer.seal(looked.map((id) => reduced(id, 2))))).toBe('appended');
      for (const [index, id] of looked.entries()) {
        const found = await collectAll(trial().log.readStream(`intention-${id}`, places.get(id)));
        expect(found.map(({ position }) => position)).toEqual([places.get(id), again + index]);
        expect(found.map(({ event }) => event)).toEqual([reduced(id, 1), reduced(id, 2)]);
      }
      const last = places.get(STREAMS - 1);
      expect(await collectAll(trial().log.readStream(`intention-${STREAMS}`, last))).toEqual([]);
    });

    it('A log gives a reader whole batches from the beginning on, however far a writer has got meanwhile', async () => {
      const sealer = new Sealer();
      const writer = await trial().open();
      const reader = trial().medium.instance(false);
      const progress = { isOver: false };
      const writing = (async () => {
        const batches: ReadBatch[] = [];
        for (let index = 0; index < BATCHES; index++) {
          batches.push(...(await trial().append(writer, sealer, index % 3 === 0 ? 300 : 2)));
        }
        return batches;
      })().finally(() => (progress.isOver = true));
      const readings: ReadBatch[][] = [];
      while (!progress.isOver) readings.push(await collect(reader.read(0)));
      const written = await writing;
      for (const reading of readings) expect(reading).toEqual(written.slice(0, reading.length));
      expect(await collect(reader.read(0))).toEqual(written);
    });

    it('A log gives a slow follower everything, in order, although the writer is long done', async () => {
      const writer = await trial().open();
      const sealer = new Sealer();
      const seen: ReadBatch[] = [];
      const controller = new AbortController();
      const { wait, open } = gate();
      const following = (async () => {
        for await (const batch of trial().medium.instance(false).follow(0, controller.signal)) {
          const copy = kept(batch);
          await wait();
          await trial().log.head();
          expect(kept(batch)).toEqual(copy);
          seen.push(copy);
          if (seen.length === BATCHES) controller.abort();
        }
      })();
      const written = await trial().append(writer, sealer, ...Array.from({ length: BATCHES }, (_, index) => 1 + index));
      open();
      await following;
      expect(seen).toEqual(written);
    });

    it('A log comes to the digests that it was sealed with, and to those of the same history in the memory log', async () => {
      const memory = new MemoryLog();
      const writers = [await trial().open(), await memory.open()];
      const sealer = new Sealer();
      for (const events of goldenBatches()) {
        const batch = sealer.seal(events);
        for (const writer of writers) expect(await writer.append(batch)).toBe('appended');
      }
      const digests = await digestsOf(trial().log);
      expect(digests.computed).toEqual(digests.sealed);
      expect(digests.sealed.length).toBeGreaterThan(1);
      expect(digests).toEqual(await digestsOf(memory));
    });
  });
}

/** The events of every golden log, batch by batch, without their seals. */
function goldenBatches(): Event[][] {
  const batches: Event[][] = [[]];
  for (const { event } of goldenLogs().flatMap(({ events }) => events)) {
    if (event.type === 'BatchSealed') batches.push([]);
    else batches.at(-1)?.push(event);
  }
  return batches.filter((events) => events.length > 0);
}

async function followedTo(log: ShardLog, from: number, head: number): Promise<ReadBatch[]> {
  const controller = new AbortController();
  const seen: ReadBatch[] = [];
  for await (const batch of log.follow(from, controller.signal)) {
    seen.push(kept(batch));
    if (batch.firstPosition + batch.count === head) controller.abort();
  }
  return seen;
}

/** Of each batch, the digest that its bytes come to and the one that it says. */
async function digestsOf(log: ShardLog): Promise<{ computed: string[]; sealed: string[] }> {
  const chain = new DigestChain(nodeSha256);
  const digests: { computed: string[]; sealed: string[] } = { computed: [], sealed: [] };
  for await (const batch of log.read(0)) {
    const next = chain.next(batch.bytes.subarray(0, sealedAt(batch)));
    chain.advance(next);
    digests.computed.push(chain.hex);
    for (const { event } of eventsOfBatch(batch)) if (event.type === 'BatchSealed') digests.sealed.push(event.digest);
  }
  return digests;
}

/** Where the batch's BatchSealed begins. */
function sealedAt({ bytes, count }: EventBatch): number {
  const cursor = new ByteCursor(bytes);
  for (let index = 0; index < count - 1; index++) decodeEvent(cursor);
  return cursor.at;
}
