import { ParleyError } from '../wire/error.js';
import { linesOf } from '../wire/lines.js';
import { Retries } from '../wire/retry.js';
import { type Transport, unreachable } from '../wire/transport.js';
import type { IntentionAcknowledged, PostAnswer, PostIntention } from '../types.js';
import { type Command, type CommandAnswer, repeatable } from './commands.js';
import { Unanswered } from './unanswered.js';

export type Intentions = Iterable<PostIntention> | AsyncIterable<PostIntention>;
export type Commands = Iterable<Command> | AsyncIterable<Command>;

/** The answer to one command of many. */
export type SentAnswer =
  | {
      readonly ok: true;
      /** Counts the commands of the stream from 0. */
      readonly index: number;
      readonly answer: CommandAnswer<Command>;
    }
  | Extract<PostAnswer, { readonly ok: false }>;

export interface PostStreamOptions {
  /** How many commands may be without an answer at a time; what they need is kept in memory. 4,096 unless said otherwise. */
  readonly window?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Posts the intentions as `sendAll` does. */
export async function* postAll(
  transport: Transport,
  intentions: Intentions,
  options: PostStreamOptions,
): AsyncGenerator<PostAnswer, void, undefined> {
  for await (const sent of sendAll(transport, intentions, options)) {
    if (!sent.ok) yield sent;
    else yield { ok: true, index: sent.index, intention: sent.answer as IntentionAcknowledged }; // to a post
  }
}

/** Sends the commands on one connection, and on another one what that leaves without an answer. Answers come in order. */
export async function* sendAll(
  transport: Transport,
  commands: Commands,
  { window = 4_096, signal }: PostStreamOptions,
): AsyncGenerator<SentAnswer, void, undefined> {
  const source = Symbol.asyncIterator in commands ? commands[Symbol.asyncIterator]() : commands[Symbol.iterator]();
  const unanswered = new Unanswered(source, window, (command) => JSON.stringify(repeatable(command)));
  const retries = new Retries(transport.retry);
  let index = 0;
  try {
    while (!unanswered.isOver) {
      try {
        for await (const line of answersTo(transport, unanswered, signal)) {
          retries.reset();
          yield answerOf(line, index++);
        }
      } catch (error) {
        if (unanswered.failure !== undefined) throw unanswered.failure.error;
        await retries.after(error, signal);
      }
    }
  } finally {
    await source.return?.();
  }
}

interface AnswerLine {
  readonly line: number;
  readonly status: number;
}

/** One connection: sends what is unanswered, and gives each answer. Throws when it ends before all is answered. */
async function* answersTo(
  transport: Transport,
  unanswered: Unanswered<Command>,
  signal: AbortSignal | undefined,
): AsyncGenerator<AnswerLine> {
  const connection = { isOpen: true };
  unanswered.rewind();
  // What is signed is sent whole, a piece a request.
  const body = transport.isSigning ? await unanswered.piece(() => true) : streamOf(unanswered, connection);
  if (body === undefined) return;
  try {
    const headers = { 'content-type': 'application/x-ndjson' };
    const sent = { method: 'POST', body, duplex: 'half', headers } as const;
    const response = await transport.open('/v1/intentions', signal === undefined ? sent : { ...sent, signal });
    if (response.body === null) throw new ParleyError(response.status, 'UNREADABLE', 'the answer has no body');
    let line = 0;
    for await (const text of linesOf(response.body)) {
      const answer = parseAnswer(text, ++line);
      if (!unanswered.isAwaited) throw new ParleyError(200, 'UNREADABLE', `answer ${line} is to no command`);
      unanswered.answered();
      yield answer;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(error);
  } finally {
    connection.isOpen = false;
  }
  if (transport.isSigning ? unanswered.isAwaited : !unanswered.isOver)
    throw new ParleyError(0, 'UNREACHABLE', 'the server ended the stream before it had answered all');
}

function streamOf(unanswered: Unanswered<Command>, connection: { isOpen: boolean }): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = await unanswered.piece(() => connection.isOpen);
      if (piece !== undefined) controller.enqueue(encoder.encode(piece));
      else if (connection.isOpen) controller.close();
    },
    cancel() {
      connection.isOpen = false;
    },
  });
}

function parseAnswer(text: string, line: number): AnswerLine {
  let answer: AnswerLine | undefined;
  try {
    answer = JSON.parse(text) as AnswerLine; // looked at below
  } catch {
    // Said below.
  }
  if (answer?.line !== line || typeof answer.status !== 'number')
    throw new ParleyError(200, 'UNREADABLE', `answer ${line} is not one`);
  return answer;
}

function answerOf({ line: _line, status, ...rest }: AnswerLine, index: number): SentAnswer {
  if (status < 300) {
    // A line has HTTP’s status, so an intention’s has another name there.
    const { intentionStatus, ...fields } = rest as { intentionStatus?: unknown };
    const own = intentionStatus === undefined ? {} : { status: intentionStatus };
    return { ok: true, index, answer: { ...fields, ...own } as CommandAnswer<Command> }; // the server says it with this status
  }
  const { code, detail } = rest as { code: string; detail: string }; // and this with any other
  return { ok: false, index, status, code, detail };
}
