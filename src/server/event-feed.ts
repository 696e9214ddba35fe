/**
 * The log as server-sent events.
 *
 * 1. Every event from `from` on that the filter lets through, once, in log order; its id is its position, so a reader that comes back
 *    with the last id it saw misses nothing and sees nothing twice.
 * 2. A slow reader makes the feed wait; it does not fill memory.
 * 3. What the log leaves out, or gives twice, ends the feed with an error, and so does a log that ends: none of it is passed over.
 * 4. A large batch is sent in slices, and other work has its turn between them.
 */
import type { Writable } from 'node:stream';
import { setImmediate as otherWork } from 'node:timers/promises';
import { type Event, streamOf } from '../events/event.js';
import { type EventBatch, eventsOfBatch } from '../events/fold.js';
import type { ShardLog } from '../log/port.js';
import { problem, problemJson } from './problem.js';
import { writeAll } from './write-all.js';

export interface FeedOptions {
  readonly log: ShardLog;
  readonly output: Writable;
  readonly from: number;
  /** Undefined: all streams, all types. */
  readonly stream: string | undefined;
  readonly types: ReadonlySet<string> | undefined;
  readonly heartbeatMs: number;
}

const EVENTS_IN_SLICE = 256;

/** The log's batches do not follow one another. */
class LogJumpedError extends Error {
  readonly code = 'LOG_DAMAGED';
  constructor(expected: number, found: number) {
    super(`the log goes on at position ${found}, after what stands before ${expected}`);
    this.name = 'LogJumpedError';
  }
}

/** Feeds until the signal aborts. Rejects with what the log throws, with LogJumpedError, or when the log comes to an end. */
export async function feedEvents(options: FeedOptions, signal: AbortSignal): Promise<void> {
  const { log, output, from, heartbeatMs } = options;
  const heartbeat = setInterval(() => {
    if (output.writableLength === 0) output.write(': alive\n\n');
  }, heartbeatMs);
  let next: number | undefined;
  try {
    for await (const batch of log.follow(from, signal)) {
      const { firstPosition, count } = batch;
      const isNext = next === undefined ? firstPosition <= from : firstPosition === next;
      if (!isNext) throw new LogJumpedError(next ?? from, firstPosition);
      next = firstPosition + count;
      for (const slice of slices(options, batch)) {
        await writeAll(output, slice);
        await otherWork();
        if (signal.aborted) return;
      }
    }
    if (!signal.aborted) throw new Error('the log came to an end');
  } finally {
    clearInterval(heartbeat);
  }
}

/** What a reader is told before its feed is cut: problem details, without an id, so that it keeps its place. */
export function errorMessage(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const why =
    code === 'LOG_DAMAGED' || code === 'LOG_LOST'
      ? problem('LOG_DAMAGED', 'the log is damaged, or was changed from outside, and is followed no further')
      : problem('UNAVAILABLE', 'the log cannot be followed now; come back shortly');
  return `event: error\ndata: ${problemJson(why)}\n\n`;
}

function* slices({ log, from, stream, types }: FeedOptions, batch: EventBatch): Generator<string> {
  let text = '';
  for (const { position, event } of eventsOfBatch(batch)) {
    const eventStream = streamOf(event, log.shard);
    const isWanted = (stream === undefined || stream === eventStream) && (types?.has(event.type) ?? true);
    if (position >= from && isWanted) text += message(position, eventStream, event);
    if ((position - batch.firstPosition + 1) % EVENTS_IN_SLICE === 0) {
      yield text;
      text = '';
    }
  }
  yield text;
}

function message(position: number, stream: string, event: Event): string {
  return `id: ${position}\nevent: ${event.type}\ndata: ${JSON.stringify({ position, stream, ...event })}\n\n`;
}
