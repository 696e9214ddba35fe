/**
 * Many posts and other commands on one connection: a line of JSON each, and a line of JSON back for each, in order.
 *
 * 1. A line stands on its own: what is wrong with it is its own answer and touches no other.
 * 2. Lines are posted a few at a time, in turns with what others want of the thread, and in the order in which they came.
 * 3. Memory is bounded: no more is read while what was read is not posted, while answers are not taken, while the key’s streams hold as
 *    much as they may, while the key’s rate is used up, or while the exchange is congested or projections are waited for. An answer counts until it has been written.
 */
import type { Readable, Writable } from 'node:stream';
import { pause } from '../../resilience/pause.js';
import type { Caller } from '../doors/access.js';
import type { Backlog } from './backlog.js';
import type { ServerContext } from '../context.js';
import type { BudgetedStream, StreamBudget } from '../limits/stream-budget.js';
import { LineSplitter } from './line-splitter.js';
import { PostChunk } from './post-chunk.js';
import type { ProblemCode } from '../../api/problem.js';

export const MAX_LINE_BYTES = 65_536;
/** Posted in one turn: some half a millisecond’s worth, and four times that while each line is a post, for all else costs more. */
const LINES_A_STEP = 64;
const LINES_A_TURN = 4 * LINES_A_STEP;
/** What a turn costs at least, for its lines are answered later. */
const TURN_COST_MS = 0.1;
/** Answers are handed over in pieces of about so many letters. */
const ANSWER_LETTERS = 16_384;
/** What a line under way takes beside its text: its command, and its answer. */
const LINE_BYTES = 256;

export interface PostStreamOptions extends Pick<ServerContext, 'exchange' | 'reads' | 'stores' | 'turns' | 'rates'> {
  readonly caller: Caller;
  readonly budget: StreamBudget;
  readonly backlog: Pick<Backlog, 'isBulkHeld' | 'released'>;
  readonly input: Readable;
  readonly output: Writable;
  /** When it aborts, no more is read, and the answers end after what was taken. */
  readonly cutting: AbortSignal;
  readonly onRefused: (code: ProblemCode) => void;
  readonly onFailure: (error: unknown) => void;
}

export class PostStream implements BudgetedStream {
  readonly #options: PostStreamOptions;
  readonly #splitter = new LineSplitter(MAX_LINE_BYTES);
  /** Of the splitter, as the budget knows it. */
  #heldBytes = 0;
  /** Posted, in order, and their answers not yet handed over. */
  readonly #underWay: PostChunk[] = [];
  /** It may post so many. */
  #linesTaken = 0;
  #isInTurn = false;
  /** Ends a wait for the key’s rate, which may be long. */
  #slowed: AbortController | undefined;
  /** For the exchange, for those who read, or for the key’s rate. */
  #isHeld = false;
  #isOutputFull = false;
  /** There is no more to read. */
  #hasEnded = false;
  /** No more is posted. */
  #isOver = false;

  constructor(options: PostStreamOptions) {
    this.#options = options;
  }

  start(): void {
    const { input, output, cutting, caller, budget } = this.#options;
    const { revoked } = caller.key;
    const cut = (): void => this.#finish(false);
    const leave = budget.join(this);
    for (const signal of [cutting, revoked]) signal.addEventListener('abort', cut, { once: true });
    output.once('close', () => {
      for (const signal of [cutting, revoked]) signal.removeEventListener('abort', cut);
      this.#finish(false);
      leave();
      this.#isOutputFull = false; // what is still to be answered is dropped
      this.goOn();
    });
    output.on('drain', () => {
      this.#isOutputFull = false;
      this.goOn();
    });
    // A connection that breaks says so by closing; there is nobody left to tell.
    output.on('error', () => undefined);
    input.on('error', () => undefined);
    input.on('data', (bytes: Buffer) => this.#take(bytes));
    input.once('end', () => {
      this.#hasEnded = true;
      this.goOn();
    });
    input.once('close', () => {
      if (!this.#hasEnded) this.#finish(false);
    });
    if (cutting.aborted || revoked.aborted) cut();
  }

  get key(): string {
    return this.#options.caller.key.id;
  }

  stopReading(): void {
    if (!this.#isOver) this.#options.input.pause();
  }

  /** Answers, posts or reads more, unless something stands against it: whatever that is calls again when it has gone. */
  goOn(): void {
    if (this.#isInTurn) return;
    if (this.#canAnswer) this.#takeTurn(() => this.#answer());
    else if (this.canPost) this.#postSoon();
    else this.#readSoon();
  }

  /** One that has nothing under way goes on however much its key’s other streams hold: nothing else would set it going again. */
  get canPost(): boolean {
    if (this.#isOver || this.#isHeld || !this.#splitter.hasMore) return false;
    return this.#underWay.length === 0 || !this.#options.budget.isSpent(this.key);
  }

  linesTaken(): void {
    this.#linesTaken = LINES_A_TURN;
    this.goOn();
  }

  #take(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#options.input.pause();
    this.#splitter.push(bytes);
    this.#account();
    this.goOn();
  }

  #takeTurn(work: () => void): void {
    const { turns, caller } = this.#options;
    this.#isInTurn = true;
    turns.take(caller.key, TURN_COST_MS, () => {
      work();
      this.#isInTurn = false;
      this.goOn();
    });
  }

  #readSoon(): void {
    this.#releaseTaken();
    if (this.#isOver || this.#splitter.hasMore) return;
    if (this.#hasEnded) this.#finish(true);
    else if (!this.#options.budget.isSpent(this.key)) this.#options.input.resume();
  }

  get #canAnswer(): boolean {
    return !this.#isOutputFull && this.#underWay[0]?.isAnswered === true;
  }

  #postSoon(): void {
    const { budget, exchange, backlog, rates, caller, onFailure } = this.#options;
    const waitMs = rates.of(caller.key)?.streamWaitMs ?? 0;
    if (waitMs > 0) {
      this.#holdUntil(pause(waitMs, (this.#slowed = new AbortController()).signal)).catch(onFailure);
    } else if (exchange.congested) {
      this.#holdUntil(exchange.drained()).catch(onFailure);
    } else if (backlog.isBulkHeld()) {
      this.#holdUntil(backlog.released()).catch(onFailure);
    } else if (this.#linesTaken > 0) {
      this.#takeTurn(() => this.#postNext());
    } else if (budget.takeLines(this, LINES_A_TURN)) {
      this.linesTaken();
    }
  }

  /** A shard that stops drains too: what comes then is refused, line by line. */
  async #holdUntil(free: Promise<void>): Promise<void> {
    this.#isHeld = true;
    this.#releaseTaken();
    await free;
    this.#isHeld = false;
    this.goOn();
  }

  #postNext(): void {
    if (this.#isOver) return;
    const chunk = new PostChunk();
    const { caller, rates } = this.#options;
    const most = rates.of(caller.key)?.streamLines(this.#linesTaken) ?? this.#linesTaken;
    for (let taken = 0; taken < most && !chunk.hasOthers; taken += LINES_A_STEP) {
      this.#splitter.take(Math.min(LINES_A_STEP, most - taken), (line, text) => chunk.read(caller, line, text));
    }
    this.#account();
    this.#post(chunk);
  }

  #post(chunk: PostChunk): void {
    const { onFailure, budget, rates, caller } = this.#options;
    const { lines } = chunk;
    budget.holdLines(this.key, lines);
    rates.of(caller.key)?.spend(lines);
    this.#releaseTaken();
    if (lines === 0) return;
    this.#underWay.push(chunk);
    budget.hold(this.key, bytesOf(chunk));
    void chunk
      .carryOut(this.#options, caller.key)
      .catch(onFailure)
      .then(() => {
        budget.releaseLines(this.key, lines);
        this.goOn();
      });
  }

  #releaseTaken(): void {
    this.#options.budget.releaseLines(this.key, this.#linesTaken);
    this.#linesTaken = 0;
  }

  /** Hands over the answers that have come, in order, as many as make a good piece. */
  #answer(): void {
    const { output, onRefused, budget } = this.#options;
    let text = '';
    let isAscii = true;
    while (this.#underWay[0]?.isAnswered === true && text.length < ANSWER_LETTERS) {
      const chunk = this.#underWay.shift() as PostChunk; // looked at just now
      const answers = chunk.answers(onRefused);
      text += answers.text;
      isAscii &&= answers.isAscii;
      budget.release(this.key, bytesOf(chunk));
    }
    if (!output.destroyed) this.#isOutputFull = !output.write(text, isAscii ? 'latin1' : 'utf8');
    this.#endWhenAnswered();
  }

  /** Tells the budget what the splitter holds now. */
  #account(): void {
    const { budget } = this.#options;
    const { heldBytes } = this.#splitter;
    const more = heldBytes - this.#heldBytes;
    this.#heldBytes = heldBytes;
    if (more > 0) budget.hold(this.key, more);
    else if (more < 0) budget.release(this.key, -more);
  }

  #finish(isComplete: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#slowed?.abort();
    const { caller, input, output, budget } = this.#options;
    const last = new PostChunk();
    if (isComplete) this.#splitter.end((line, text) => last.read(caller, line, text));
    budget.release(this.key, this.#heldBytes);
    this.#heldBytes = 0;
    this.#post(last);
    input.pause();
    // What is still sent then is read and dropped: a connection that closes on unread input loses what it has sent.
    if (!isComplete) output.once('finish', () => input.resume());
    this.#endWhenAnswered();
  }

  #endWhenAnswered(): void {
    if (this.#isOver && this.#underWay.length === 0) this.#options.output.end();
  }
}

function bytesOf(chunk: PostChunk): number {
  return chunk.textLength + LINE_BYTES * chunk.lines;
}
