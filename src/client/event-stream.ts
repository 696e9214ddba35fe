import { createParser } from 'eventsource-parser';
import { errorOfFeed, ParleyError } from './error.js';
import { textOf } from './lines.js';
import { Retries } from './retry.js';
import { type Transport, unreachable } from './transport.js';
import type { EventFilter } from './filters.js';
import type { RecordedEvent } from './types.js';

/** The server says every 15 seconds that it is alive: after three times that, the connection is not. */
const SILENCE_MS = 45_000;

/** Where a feed has come to: the position that is wanted next, once that is known. */
interface Cursor {
  next: number | undefined;
  isConnected: boolean;
}

/**
 * The events, over as many connections as it takes, none missing and none twice. Ends when the filter's signal aborts. `attempts`: how
 * often the first connection is tried.
 */
export async function* followEvents(
  transport: Transport,
  filter: EventFilter,
  attempts = transport.retry.attempts,
): AsyncGenerator<RecordedEvent, void, undefined> {
  const { signal } = filter;
  const cursor: Cursor = { next: filter.from, isConnected: false };
  const first = new Retries({ ...transport.retry, attempts });
  // A server that was there once will be there again: it is only waited for.
  const later = new Retries({ ...transport.retry, attempts: Number.POSITIVE_INFINITY });
  while (signal?.aborted !== true) {
    try {
      for await (const event of eventsFrom(transport, filter, cursor)) {
        if (event.position < (cursor.next ?? 0)) throw unreadable(`position ${event.position} comes twice`);
        later.reset();
        cursor.next = event.position + 1;
        yield event;
      }
    } catch (error) {
      if (isAborted(signal)) return;
      await (cursor.isConnected ? later : first).after(error, signal).catch((failure: unknown) => {
        if (!isAborted(signal)) throw failure;
      });
    }
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** One connection. It never ends well: throws when the server ends it, the way breaks, or nothing comes for too long. */
async function* eventsFrom(transport: Transport, filter: EventFilter, cursor: Cursor): AsyncGenerator<RecordedEvent> {
  const silence = new AbortController();
  const giveUp = (): void => silence.abort(new ParleyError(0, 'UNREACHABLE', `nothing came for ${SILENCE_MS} ms`));
  let timer = setTimeout(giveUp, SILENCE_MS);
  try {
    const body = await open(transport, filter, cursor, silence.signal);
    const ready: (RecordedEvent | ParleyError)[] = [];
    const parser = createParser({
      onEvent: ({ event, data }) => ready.push(event === 'error' ? errorOfFeed(data) : parseEvent(data)),
    });
    for await (const text of textOf(body)) {
      clearTimeout(timer);
      parser.feed(text);
      for (const next of ready.splice(0)) {
        if (next instanceof ParleyError) throw next;
        yield next;
      }
      timer = setTimeout(giveUp, SILENCE_MS);
    }
  } catch (error) {
    throw unreachable(silence.signal.aborted ? silence.signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
  throw new ParleyError(0, 'UNREACHABLE', 'the server ended the feed');
}

/** What the server sends is an event with a position; a way that sends something else can only be told of. */
function parseEvent(data: string): RecordedEvent {
  let event: Partial<RecordedEvent> | null;
  try {
    event = JSON.parse(data) as Partial<RecordedEvent> | null; // looked at below
  } catch {
    throw unreadable('an event is not JSON');
  }
  if (!Number.isSafeInteger(event?.position) || Number(event?.position) < 0)
    throw unreadable('an event has no position');
  return event as RecordedEvent; // with a position, it is from nobody but the server
}

function unreadable(what: string): ParleyError {
  return new ParleyError(200, 'UNREADABLE', what);
}

async function open(
  transport: Transport,
  { shard, stream, type, signal }: EventFilter,
  cursor: Cursor,
  silence: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const response = await transport.open('/v1/events', {
    method: 'GET',
    query: { from: cursor.next, shard, stream, type: typeof type === 'string' ? type : type?.join(',') },
    headers: { accept: 'text/event-stream' },
    signal: signal === undefined ? silence : AbortSignal.any([signal, silence]),
  });
  cursor.isConnected = true;
  const from = response.headers.get('parley-from');
  if (cursor.next === undefined && from !== null) cursor.next = Number(from);
  if (response.body === null) throw new ParleyError(response.status, 'UNREADABLE', 'the answer has no body');
  return response.body;
}
