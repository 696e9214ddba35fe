/** Streams of server-sent events, each message a JSON object with a position, over as many connections as it takes. */
import { errorOfFeed, ParleyError } from './error.js';
import { textOf } from './lines.js';
import { Retries } from './retry.js';
import { EventParser } from './event-parser.js';
import { type Call, type Transport, unreachable } from './transport.js';

/** The server says every 15 seconds that it is alive: after three times that, the connection is not. */
const SILENCE_MS = 45_000;

/** What every message has. */
export interface Positioned {
  readonly position: number;
}

export interface FollowOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}

/** Which stream, and where it goes on. */
export interface MessageSource<Message extends Positioned> {
  readonly path: string;
  /** What is asked for by the next connection: it is asked before each. */
  readonly query: () => NonNullable<Call['query']>;
  /** A connection has been opened; where it begins, if the server says so. */
  readonly opened?: (from: number | undefined) => void;
  /** Takes a message, or throws ParleyError where it cannot be the next one: `UNREACHABLE` to open another connection. */
  readonly take: (message: Message) => void;
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
}

/** What one connection needs to know. */
type Connecting = Omit<MessageSource<Positioned>, 'take'>;

/**
 * The messages, live and without end. When a connection breaks another one is opened. `attempts`: how often the first connection is
 * tried; a server that was there once will be there again, and is only waited for. Ends when the signal aborts; throws ParleyError when
 * the server refuses.
 */
export async function* followMessages<Message extends Positioned>(
  transport: Transport,
  source: MessageSource<Message>,
  attempts = transport.retry.attempts,
): AsyncGenerator<Message, void, undefined> {
  const { signal } = source;
  const first = new Retries({ ...transport.retry, attempts });
  const later = new Retries({ ...transport.retry, attempts: Number.POSITIVE_INFINITY });
  const state = { wasConnected: false };
  const opened = (from: number | undefined): void => {
    state.wasConnected = true;
    source.opened?.(from);
  };
  while (!isAborted(signal)) {
    try {
      for await (const message of messagesFrom<Message>(transport, { ...source, opened })) {
        source.take(message);
        later.reset();
        yield message;
      }
    } catch (error) {
      if (isAborted(signal)) return;
      const retries = state.wasConnected ? later : first;
      await retries.after(error, signal).catch((failure: unknown) => {
        if (!isAborted(signal)) throw failure;
      });
    }
  }
}

/** Asked like this, the compiler does not take it to stay as it was. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** One connection. It never ends well: throws when the server ends it, the way breaks, or nothing comes for too long. */
export async function* messagesFrom<Message extends Positioned>(
  transport: Transport,
  source: Connecting,
): AsyncGenerator<Message> {
  const silence = new AbortController();
  const giveUp = (): void => silence.abort(new ParleyError(0, 'UNREACHABLE', `nothing came for ${SILENCE_MS} ms`));
  let timer = setTimeout(giveUp, SILENCE_MS);
  try {
    const parser = new EventParser();
    for await (const text of textOf(await open(transport, source, silence.signal))) {
      clearTimeout(timer);
      for (const { event, data } of parser.feed(text)) {
        if (event === 'error') throw errorOfFeed(data);
        yield parseMessage(data) as Message; // with a position, it is from nobody but the server
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

/** What the server sends is a message with a position; a way that sends something else can only be told of. */
function parseMessage(data: string): Positioned {
  let message: Partial<Positioned> | null;
  try {
    message = JSON.parse(data) as Partial<Positioned> | null; // looked at below
  } catch {
    throw unreadable('a message is not JSON');
  }
  if (!Number.isSafeInteger(message?.position) || Number(message?.position) < 0)
    throw unreadable('a message has no position');
  return message as Positioned; // looked at just now
}

export function unreadable(what: string): ParleyError {
  return new ParleyError(200, 'UNREADABLE', what);
}

async function open(
  transport: Transport,
  { path, query, opened, signal }: Connecting,
  silence: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const response = await transport.open(path, {
    method: 'GET',
    query: query(),
    headers: { accept: 'text/event-stream' },
    signal: signal === undefined ? silence : AbortSignal.any([signal, silence]),
  });
  const from = response.headers.get('parley-from');
  opened?.(from === null ? undefined : Number(from));
  if (response.body === null) throw new ParleyError(response.status, 'UNREADABLE', 'the answer has no body');
  return response.body;
}

/** A stream that is asked for from a position on. */
export interface PositionedSource extends FollowOptions {
  readonly path: string;
  /** Only what stands at this position or later; what is new where it is left out. */
  readonly from: number | undefined;
  /** Whatever else is asked for. */
  readonly query?: NonNullable<Call['query']>;
}

/** The messages of a stream that goes on behind the position of the last one: none missing, none twice. */
export function followFrom<Message extends Positioned & { readonly type: string }>(
  transport: Transport,
  { path, from, query, signal }: PositionedSource,
): AsyncGenerator<Message, void, undefined> {
  let next = from;
  return followMessages<Message>(transport, {
    path,
    query: () => ({ ...query, from: next }),
    opened: (begins) => (next ??= begins),
    take: ({ type, position }) => {
      if (position < (next ?? 0)) throw unreadable(`position ${position} comes twice`);
      // That nothing happened before a position leaves what happens there.
      next = type === 'upTo' ? position : position + 1;
    },
    signal,
  });
}
