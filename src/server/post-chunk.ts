/** The lines that one chunk of a stream of posts brought: read, handed to the exchange together, and answered in order. */
import type { Answer, IntentionAcknowledged, PostIntention } from '../exchange/commands.js';
import type { ExchangePort } from '../exchange/port.js';
import type { Actor } from './access.js';
import { ackLine, problemLine } from './post-answer.js';
import { readPost } from './post-body.js';
import { type Problem, type ProblemCode, problem } from './problem.js';
import { readJson } from './read-json.js';

export class PostChunk {
  /** Line numbers, and for each what was wrong with it already; undefined where a command went to the exchange. */
  readonly #lines: number[] = [];
  readonly #problems: (Problem | undefined)[] = [];
  readonly #commands: PostIntention[] = [];

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** Takes a line; a blank one is nothing. `text` is undefined for one that is too long. */
  read(caller: Actor, line: number, text: string | undefined): void {
    if (text !== undefined && isBlank(text)) return;
    const post = text === undefined ? problem('BODY_TOO_LARGE', 'a line is 64 KiB at most') : parsePost(caller, text);
    this.#lines.push(line);
    if ('code' in post) {
      this.#problems.push(post);
    } else {
      this.#problems.push(undefined);
      this.#commands.push(post);
    }
  }

  /** Runs the turns at once. Resolves to the answers’ lines when all are durable; rejects only when the exchange fails. */
  async answer(exchange: ExchangePort, onRefused: (code: ProblemCode) => void): Promise<string> {
    const answers = this.#commands.length === 0 ? [] : await exchange.postAll(this.#commands);
    let next = 0;
    let text = '';
    for (let index = 0; index < this.#lines.length; index++) {
      const line = this.#lines[index] as number; // within bounds
      const known = this.#problems[index] ?? (answers[next++] as Answer<IntentionAcknowledged>); // one for each command
      if (known.ok) {
        text += ackLine(line, known);
      } else {
        onRefused(known.code);
        text += problemLine(line, known);
      }
    }
    return text;
  }

  /** The answers’ lines when nothing is known of what became of the commands. */
  fail(): string {
    const unknown = problem('INTERNAL', 'the exchange failed; whether this was posted is unknown, so post it again');
    return this.#lines.map((line, index) => problemLine(line, this.#problems[index] ?? unknown)).join('');
  }
}

function isBlank(text: string): boolean {
  return text.length === 0 || (text.charCodeAt(0) <= SPACE && text.trim() === '');
}
const SPACE = 32;

function parsePost(caller: Actor, text: string): PostIntention | Problem {
  const read = readJson(text, 'the line');
  return 'code' in read ? read : readPost(read.value, caller);
}
