/** The lines that one chunk of a stream of posts brought: read, handed to the exchange together, and answered in order. */
import type { Answer, IntentionAcknowledged, PostIntention } from '../../exchange/commands.js';
import type { ExchangePort } from '../../exchange/port.js';
import type { Actor } from '../../api/access.js';
import { ackLine, problemLine } from './post-answer.js';
import { readPost } from '../../api/post-body.js';
import { type Problem, type ProblemCode, problem } from '../../api/problem.js';
import { readJson } from '../../api/read-json.js';

export class PostChunk {
  /** Line numbers, and for each what was wrong with it already; undefined where a command went to the exchange. */
  readonly #lines: number[] = [];
  readonly #problems: (Problem | undefined)[] = [];
  readonly #commands: PostIntention[] = [];
  /** To the commands, in order; undefined while they are not known. */
  #answers: readonly (Answer<IntentionAcknowledged> | Problem)[] | undefined;

  /** Characters of the lines. */
  #textLength = 0;

  get lines(): number {
    return this.#lines.length;
  }

  get textLength(): number {
    return this.#textLength;
  }

  /** Whether a line was no post. */
  get hasRefused(): boolean {
    return this.#commands.length < this.#lines.length;
  }

  /** Takes a line; a blank one is nothing. `text` is undefined for one that is too long. */
  read(caller: Actor, line: number, text: string | undefined): void {
    if (text !== undefined && isBlank(text)) return;
    const post = text === undefined ? problem('BODY_TOO_LARGE', 'a line is 64 KiB at most') : parsePost(caller, text);
    this.#lines.push(line);
    this.#textLength += text?.length ?? 0;
    if ('code' in post) {
      this.#problems.push(post);
    } else {
      this.#problems.push(undefined);
      this.#commands.push(post);
    }
  }

  /** Its answers have come, or never will. */
  get isAnswered(): boolean {
    return this.#answers !== undefined;
  }

  /** Runs the turns at once. Resolves when all are durable; rejects only when the exchange fails. */
  async post(exchange: ExchangePort): Promise<void> {
    try {
      this.#answers = this.#commands.length === 0 ? [] : await exchange.postAll(this.#commands);
    } catch (error) {
      this.#answers = this.#commands.map(() => unknown);
      throw error;
    }
  }

  /** The answers’ lines. */
  answers(onRefused: (code: ProblemCode) => void): string {
    let next = 0;
    let text = '';
    for (let index = 0; index < this.#lines.length; index++) {
      const line = this.#lines[index] as number; // within bounds
      const known = this.#problems[index] ?? this.#answers?.[next++] ?? unknown;
      if (known.ok) {
        text += ackLine(line, known);
      } else {
        onRefused(known.code);
        text += problemLine(line, known);
      }
    }
    return text;
  }
}

/** The answer to a command when the exchange failed: its outcome is unknown. */
const unknown = problem('INTERNAL', 'the exchange failed; whether this was posted is unknown, so post it again');

function isBlank(text: string): boolean {
  return text.length === 0 || (text.charCodeAt(0) <= SPACE && text.trim() === '');
}
const SPACE = 32;

function parsePost(caller: Actor, text: string): PostIntention | Problem {
  const read = readJson(text, 'the line');
  return 'code' in read ? read : readPost(read.value, caller);
}
