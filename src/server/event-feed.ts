/**
 * The log as server-sent events.
 *
 * 1. Every event from `from` on that the filter lets through, once, in log order; its id is its position, so a reader that comes back
 *    with the last id it saw misses nothing and sees nothing twice.
 * 2. A slow reader makes the feed wait; it does not fill memory.
 * 3. A large batch is sent in slices, and other work has its turn between them.
 */
import type { Writable } from 'node:stream';
import { setImmediate as otherWork } from 'node:timers/promises';
import { type Event, streamOf } from '../events/event.js';
import { type EventBatch, eventsOfBatch } from '../events/fold.js';
import type { ShardLog } from '../log/port.js';
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

/** Feeds until the signal aborts. Rejects with what the log throws. */
export async function feedEvents(options: FeedOptions, signal: AbortSignal): Promise<void> {
  const { log, output, from, heartbeatMs } = options;
  const heartbeat = setInterval(() => {
    if (output.writableLength === 0) output.write(': alive\n\n');
  }, heartbeatMs);
  try {
    for await (const batch of log.follow(from, signal)) {
      for (const slice of slices(options, batch)) {
        await writeAll(output, slice);
        await otherWork();
        if (signal.aborted) return;
      }
    }
  } finally {
    clearInterval(heartbeat);
  }
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
