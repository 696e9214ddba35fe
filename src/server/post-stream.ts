/**
 * Many posts on one connection: a line of JSON each, and a line of JSON back for each, in order.
 *
 * 1. A line stands on its own: what is wrong with it is its own answer and touches no other.
 * 2. Memory is bounded: no more is read while too many chunks are under way, which they are until their answers have left, or while
 *    the exchange is congested.
 * 3. The turns of a chunk run before the next is read, so intentions reach the exchange in the order of their lines.
 */
import type { Readable, Writable } from 'node:stream';
import type { ExchangePort } from '../exchange/port.js';
import type { Caller } from './access.js';
import { LineSplitter } from './line-splitter.js';
import { PostChunk } from './post-chunk.js';
import type { ProblemCode } from './problem.js';
import { writeAll } from './write-all.js';

const MAX_LINE_BYTES = 65_536;
const MAX_CHUNKS_UNDER_WAY = 16;

export interface PostStreamOptions {
  readonly exchange: ExchangePort;
  readonly caller: Caller;
  readonly input: Readable;
  readonly output: Writable;
  /** When it aborts, no more is read, and the answers end after what was taken. */
  readonly cutting: AbortSignal;
  readonly onRefused: (code: ProblemCode) => void;
  readonly onFailure: (error: unknown) => void;
}

export class PostStream {
  readonly #options: PostStreamOptions;
  readonly #splitter = new LineSplitter(MAX_LINE_BYTES);
  #underWay = 0;
  #written = Promise.resolve();
  #isCongested = false;
  #isOver = false;

  constructor(options: PostStreamOptions) {
    this.#options = options;
  }

  start(): void {
    const { input, output, cutting } = this.#options;
    const cut = (): void => this.#finish(false);
    cutting.addEventListener('abort', cut, { once: true });
    output.once('close', () => cutting.removeEventListener('abort', cut));
    // A connection that breaks says so by closing; there is nobody left to tell.
    output.on('error', () => undefined);
    input.on('error', () => undefined);
    input.on('data', (bytes: Buffer) => this.#take(bytes));
    input.once('end', () => this.#finish(true));
    input.once('close', () => this.#finish(false));
    if (cutting.aborted) cut();
  }

  #take(bytes: Buffer): void {
    const { caller, input, exchange } = this.#options;
    if (this.#isOver) return;
    const chunk = new PostChunk();
    this.#splitter.push(bytes, (line, text) => chunk.read(caller, line, text));
    this.#answer(chunk);
    if (exchange.congested) this.#decongest().catch(this.#options.onFailure);
    else if (this.#underWay >= MAX_CHUNKS_UNDER_WAY) input.pause();
  }

  /** A shard that stops drains too: what comes then is refused, line by line. */
  async #decongest(): Promise<void> {
    this.#options.input.pause();
    this.#isCongested = true;
    await this.#options.exchange.drained();
    this.#isCongested = false;
    this.#resume();
  }

  #resume(): void {
    if (!this.#isOver && !this.#isCongested && this.#underWay < MAX_CHUNKS_UNDER_WAY) this.#options.input.resume();
  }

  #answer(chunk: PostChunk): void {
    if (chunk.isEmpty) return;
    const { exchange, onRefused, onFailure } = this.#options;
    this.#underWay++;
    const answers = chunk.answer(exchange, onRefused).catch((error: unknown) => {
      onFailure(error);
      return chunk.fail();
    });
    this.#written = this.#written.then(async () => {
      await writeAll(this.#options.output, await answers);
      this.#underWay--;
      this.#resume();
    });
  }

  #finish(isComplete: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { caller, input, output } = this.#options;
    const last = new PostChunk();
    if (isComplete) this.#splitter.end((line, text) => last.read(caller, line, text));
    this.#answer(last);
    input.pause();
    // What is still sent then is read and dropped: a connection that closes on unread input loses what it has sent.
    if (!isComplete) output.once('finish', () => input.resume());
    void this.#written.then(() => output.end());
  }
}
