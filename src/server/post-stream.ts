/**
 * Many posts on one connection: a line of JSON each, and a line of JSON back for each, in order.
 *
 * 1. A line stands on its own: what is wrong with it is its own answer and touches no other.
 * 2. Lines are posted a few at a time, in turns with what others want of the thread, and in the order in which they came.
 * 3. Memory is bounded: no more is read while what was read is not posted, while answers are not taken, while the key’s streams hold as
 *    much as they may, or while the exchange is congested. An answer counts until it has been handed to the system.
 */
import type { Readable, Writable } from 'node:stream';
import type { ExchangePort } from '../exchange/port.js';
import type { Caller } from './access.js';
import type { BudgetedStream, StreamBudget } from './limits/stream-budget.js';
import type { Turns } from './limits/turns.js';
import { LineSplitter } from './line-splitter.js';
import { PostChunk } from './post-chunk.js';
import type { ProblemCode } from './problem.js';
import { writeAll } from './write-all.js';

const MAX_LINE_BYTES = 65_536;
/** Posted, and their answers not yet handed over. */
const MAX_LINES_UNDER_WAY = 4_096;
/** Posted in one turn: some half a millisecond’s worth. */
const LINES_A_TURN = 64;
/** What a turn costs at least, for its lines are answered later. */
const TURN_COST_MS = 0.1;
/** What a line under way takes beside its text: its command, and its answer. */
const LINE_BYTES = 256;

export interface PostStreamOptions {
  readonly exchange: ExchangePort;
  readonly caller: Caller;
  readonly turns: Turns;
  readonly budget: StreamBudget;
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
  #linesUnderWay = 0;
  #written = Promise.resolve();
  #isInTurn = false;
  #isCongested = false;
  #hasEnded = false;
  #isOver = false;

  constructor(options: PostStreamOptions) {
    this.#options = options;
  }

  start(): void {
    const { input, output, cutting, caller, budget } = this.#options;
    const { revoked } = caller.key;
    const cut = (): void => this.#finish(false);
    const leave = budget.join(caller.key.id, this);
    for (const signal of [cutting, revoked]) signal.addEventListener('abort', cut, { once: true });
    output.once('close', () => {
      for (const signal of [cutting, revoked]) signal.removeEventListener('abort', cut);
      this.#finish(false);
      leave();
    });
    // A connection that breaks says so by closing; there is nobody left to tell.
    output.on('error', () => undefined);
    input.on('error', () => undefined);
    input.on('data', (bytes: Buffer) => this.#take(bytes));
    input.once('end', () => {
      this.#hasEnded = true;
      this.#goOn();
    });
    input.once('close', () => {
      if (!this.#hasEnded) this.#finish(false);
    });
    if (cutting.aborted || revoked.aborted) cut();
  }

  budgetSpent(): void {
    if (!this.#isOver) this.#options.input.pause();
  }

  budgetFreed(): void {
    this.#goOn();
  }

  #take(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#options.input.pause();
    this.#splitter.push(bytes);
    this.#account();
    this.#goOn();
  }

  /** Posts more, or reads more, unless something stands against it: whatever that is calls again when it has gone. */
  #goOn(): void {
    const { input, exchange, turns, budget, caller } = this.#options;
    if (this.#isOver || this.#isInTurn || this.#isCongested || this.#isFull) return;
    if (exchange.congested) {
      this.#decongest().catch(this.#options.onFailure);
    } else if (this.#splitter.hasMore) {
      this.#isInTurn = true;
      turns.take(caller.key, TURN_COST_MS, () => this.#inTurn());
    } else if (this.#hasEnded) {
      this.#finish(true);
    } else if (!budget.isSpent(caller.key.id)) {
      input.resume();
    }
  }

  /** One that has nothing under way goes on however much its key’s other streams hold: nothing else would set it going again. */
  get #isFull(): boolean {
    const { budget, caller } = this.#options;
    if (this.#linesUnderWay >= MAX_LINES_UNDER_WAY) return true;
    return this.#linesUnderWay > 0 && budget.isSpent(caller.key.id);
  }

  #inTurn(): void {
    this.#isInTurn = false;
    if (this.#isOver) return;
    const chunk = new PostChunk();
    const { caller } = this.#options;
    this.#splitter.take(LINES_A_TURN, (line, text) => chunk.read(caller, line, text));
    this.#account();
    this.#answer(chunk);
    this.#goOn();
  }

  /** A shard that stops drains too: what comes then is refused, line by line. */
  async #decongest(): Promise<void> {
    this.#isCongested = true;
    await this.#options.exchange.drained();
    this.#isCongested = false;
    this.#goOn();
  }

  /** Tells the budget what the splitter holds now. */
  #account(): void {
    const { budget, caller } = this.#options;
    const { heldBytes } = this.#splitter;
    const more = heldBytes - this.#heldBytes;
    this.#heldBytes = heldBytes;
    if (more > 0) budget.hold(caller.key.id, more);
    else if (more < 0) budget.release(caller.key.id, -more);
  }

  #answer(chunk: PostChunk): void {
    if (chunk.isEmpty) return;
    const { exchange, onRefused, onFailure, output, caller, budget } = this.#options;
    const { lines } = chunk;
    const bytes = chunk.textLength + LINE_BYTES * lines;
    this.#linesUnderWay += lines;
    budget.hold(caller.key.id, bytes);
    const answers = chunk.answer(exchange, onRefused).catch((error: unknown) => {
      onFailure(error);
      return chunk.fail();
    });
    this.#written = this.#written.then(async () => {
      await writeAll(output, await answers);
      this.#linesUnderWay -= lines;
      budget.release(caller.key.id, bytes);
      this.#goOn();
    });
  }

  #finish(isComplete: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { caller, input, output, budget } = this.#options;
    const last = new PostChunk();
    if (isComplete) this.#splitter.end((line, text) => last.read(caller, line, text));
    budget.release(caller.key.id, this.#heldBytes);
    this.#heldBytes = 0;
    this.#answer(last);
    input.pause();
    // What is still sent then is read and dropped: a connection that closes on unread input loses what it has sent.
    if (!isComplete) output.once('finish', () => input.resume());
    void this.#written.then(() => output.end());
  }
}
