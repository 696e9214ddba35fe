/** The lines that one chunk of a stream of posts brought: read, handed to the exchange together, and answered in order. */
import type { Share } from '../../../projections/store/desk/protocol.js';
import type { Actor } from '../../api/access.js';
import { type Command, readCommand } from '../../api/command-body.js';
import { type Problem, type ProblemCode, problem } from '../../api/problem.js';
import { readJson } from '../../api/read-json.js';
import { PLAIN } from '../../events/json-text.js';
import type { IntentionAcknowledged, PostIntention } from '../../exchange/commands.js';
import { type Carried, carryOut, type CarryingContext } from '../commands/carry-out.js';
import { ackLine, doneLine, problemLine } from './post-answer.js';

/** Posts that follow each other, or one other command. */
type Step = { readonly posts: PostIntention[] } | { readonly other: Command };

export class PostChunk {
  /** Line numbers, and for each what was wrong with it already; undefined where a command was handed over. */
  readonly #lines: number[] = [];
  readonly #problems: (Problem | undefined)[] = [];
  readonly #steps: Step[] = [];
  /** How many of the lines are posts. */
  #posts = 0;
  /** To the commands, in order; undefined while they are not known. */
  #answers: readonly Carried[] | undefined;

  /** Characters of the lines. */
  #textLength = 0;

  get lines(): number {
    return this.#lines.length;
  }

  get textLength(): number {
    return this.#textLength;
  }

  /** Whether a line was no post: it costs more than one. */
  get hasOthers(): boolean {
    return this.#posts < this.#lines.length;
  }

  /** Takes a line; a blank one is nothing. `text` is undefined for one that is too long. */
  read(caller: Actor, line: number, text: string | undefined): void {
    if (text !== undefined && isBlank(text)) return;
    const read = text === undefined ? problem('BODY_TOO_LARGE', 'a line is 64 KiB at most') : parse(caller, text);
    this.#lines.push(line);
    this.#textLength += text?.length ?? 0;
    const isProblem = 'code' in read;
    this.#problems.push(isProblem ? read : undefined);
    if (!isProblem) this.#add(read);
  }

  #add(command: Command): void {
    if (command.verb !== 'post') {
      this.#steps.push({ other: command });
      return;
    }
    this.#posts++;
    const last = this.#steps.at(-1);
    if (last !== undefined && 'posts' in last) last.posts.push(command.command);
    else this.#steps.push({ posts: [command.command] });
  }

  /** Its answers have come, or never will. */
  get isAnswered(): boolean {
    return this.#answers !== undefined;
  }

  /** Runs the turns at once, in order. Resolves when all are durable; rejects only when the exchange fails. */
  async carryOut(context: CarryingContext, share: Share): Promise<void> {
    const commands = this.#problems.filter((known) => known === undefined);
    try {
      const steps = this.#steps.map((step) => answersTo(context, share, step));
      this.#answers = (await Promise.all(steps)).flat();
    } catch (error) {
      this.#answers = commands.map(() => unknown);
      throw error;
    }
  }

  /** The answers’ lines. `isAscii`: whether they are plain ASCII, as hardly any acknowledgement is not; such text is written sooner. */
  answers(onRefused: (code: ProblemCode) => void): { readonly text: string; readonly isAscii: boolean } {
    let next = 0;
    let text = '';
    let isAscii = true;
    for (let index = 0; index < this.#lines.length; index++) {
      const line = this.#lines[index] as number; // within bounds
      const known = this.#problems[index] ?? this.#answers?.[next++] ?? unknown;
      if (known.ok && isAcknowledged(known)) {
        text += ackLine(line, known);
        isAscii &&= PLAIN.test(known.instrument);
        continue;
      }
      isAscii = false;
      if (!known.ok) {
        onRefused(known.code);
        text += problemLine(line, known);
      } else {
        text += doneLine(line, known);
      }
    }
    return { text, isAscii };
  }
}

function isAcknowledged(answer: object): answer is IntentionAcknowledged {
  return 'deals' in answer;
}

async function answersTo(context: CarryingContext, share: Share, step: Step): Promise<readonly Carried[]> {
  return 'posts' in step ? context.exchange.postAll(step.posts) : [await carryOut(context, share, step.other)];
}

/** The answer to a command when the exchange failed: its outcome is unknown. */
const unknown = problem(
  'INTERNAL',
  'the exchange failed; whether this was carried out is unknown; a post may be posted again',
);

function isBlank(text: string): boolean {
  return text.length === 0 || (text.charCodeAt(0) <= SPACE && text.trim() === '');
}
const SPACE = 32;

function parse(caller: Actor, text: string): Command | Problem {
  const read = readJson(text, 'the line');
  return 'code' in read ? read : readCommand(read.value, caller);
}
