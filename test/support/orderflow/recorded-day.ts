import { expect } from 'vitest';
import { ByteCursor } from '../../../src/events/bytes.js';
import { type EventKey, skipEvent } from '../../../src/events/codec.generated.js';
import type { EventBatch } from '../../../src/events/fold.js';
import { Exchange } from '../../../src/exchange/exchange.js';
import type { OpenOptions } from '../../../src/exchange/recovery/recovery.js';
import { FlowClock, reproducible } from '../../../src/flow/play/flow-clock.js';
import { FlowPlayer } from '../../../src/flow/play/player.js';
import { MemoryLog } from '../log/memory-log.js';
import { orderFlowFolder } from '../needs/tools.js';

/** The days that are recorded, each with what is recorded of it. */
export const recordedDays = [
  ['sse600519_20230207.txt.gz', 'a day in Shanghai'],
  ['esh4_20231225_opening.txt.gz', 'an opening auction in Chicago'],
  ['flash1_edge_cases.txt', 'edge cases'],
] as const;

export interface RecordedDay {
  /** Of the instruments that it was played on. */
  readonly symbols: readonly string[];
  readonly batches: readonly EventBatch[];
  readonly head: number;
}

const played = new Map<string, Promise<RecordedDay>>();

/** Plays a recorded day into the real exchange, once; the log that this makes, which is the same each time. All that the day expects holds. */
export function playDay(name: string): Promise<RecordedDay> {
  const day = played.get(name) ?? play(name);
  played.set(name, day);
  return day;
}

/** Likewise, into an exchange that is opened with these options, each time anew. */
export async function play(name: string, options: OpenOptions = {}): Promise<RecordedDay> {
  const log = new MemoryLog();
  const clock = new FlowClock();
  const exchange = await Exchange.open(log, { ...reproducible(clock), ...options });
  clock.startAt(exchange.recorded.nowMs);
  const player = new FlowPlayer(exchange, log, { clock, mismatchLimit: 1 });
  const { instruments, mismatches } = await player.play(`${orderFlowFolder}${name}`);
  await exchange.close();
  expect(mismatches).toEqual([]);
  const batches: EventBatch[] = [];
  for await (const batch of log.read(0)) batches.push(batch);
  return { symbols: instruments, batches, head: await log.head() };
}

/** The same events in batches of so many as `sizeOf` says, which is asked for each. */
export function* inBatchesOf(batches: readonly EventBatch[], sizeOf: () => number): Generator<EventBatch> {
  const key: EventKey = { stream: 'shard', first: 0, second: 0 };
  for (const { firstPosition, count, bytes } of batches) {
    const cursor = new ByteCursor(bytes);
    for (let at = 0; at < count;) {
      const size = Math.min(sizeOf(), count - at);
      const start = cursor.at;
      for (let skipped = 0; skipped < size; skipped++) skipEvent(cursor, key);
      yield { firstPosition: firstPosition + at, count: size, bytes: bytes.subarray(start, cursor.at) };
      at += size;
    }
  }
}
