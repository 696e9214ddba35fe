import { ParleyError } from './error.js';

/** No line of an answer comes near it. */
const MAX_LINE_CHARACTERS = 1 << 20;

/** The lines of a streamed body, without their ends. Throws ParleyError for one that does not end. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let unfinished = '';
  for await (const text of textOf(body)) {
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop() ?? '';
    if (unfinished.length > MAX_LINE_CHARACTERS) throw new ParleyError(200, 'UNREADABLE', 'a line does not end');
    yield* lines;
  }
  if (unfinished !== '') yield unfinished;
}

/** A streamed body as text, in the pieces in which it comes. Ends the stream when it is not read to its end. */
export async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let isDone = false;
  try {
    while (!isDone) {
      const { done, value } = await reader.read();
      isDone = done;
      if (value !== undefined) yield decoder.decode(value, { stream: true });
    }
  } finally {
    if (!isDone) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}
