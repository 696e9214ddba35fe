import { type Transferable, Worker } from 'node:worker_threads';
import { Backoff } from '../../resilience/backoff.js';
import type { Logger } from '../../resilience/logger.js';

/** A worker thread, as far as its supervision needs it. */
export interface Thread<To, From> {
  postMessage(message: To): void;
  on(event: 'message', listener: (message: From) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'exit', listener: () => void): unknown;
  terminate(): Promise<unknown>;
}

export interface SupervisionOptions<To, From> {
  /** What the log calls the thread. */
  readonly name: string;
  readonly logger: Logger;
  readonly start: () => Thread<To, From>;
  readonly onMessage: (message: From) => void;
  /** Called each time the thread has ended; `isFinal`: it was asked to, and is not started again. */
  readonly onExit: (isFinal: boolean) => void;
}

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 30_000;
const END_MS = 5_000;

/**
 * Keeps one worker thread running until `end`.
 *
 * 1. A thread that ends by itself is started again, after twice the wait of the time before; `recovered` makes the next wait short again.
 * 2. At most one thread runs. A message for a thread that does not run is dropped.
 *
 * It is for what ends a thread as a whole, and is seen from outside alone. A store that fails ends no thread, for the others in it go on:
 * superviseStore opens that one again, from within.
 */
export class SupervisedThread<To, From> {
  private thread: Thread<To | { readonly end: true }, From> | undefined;
  private restart: NodeJS.Timeout | undefined;
  /** Nobody else waits for this thread, so nothing of a wait is left to chance. */
  private readonly backoff = new Backoff({ firstMs: FIRST_RESTART_MS, lastMs: LAST_RESTART_MS, jitter: 0 });
  private isEnding = false;

  constructor(private readonly options: SupervisionOptions<To | { readonly end: true }, From>) {}

  get isRunning(): boolean {
    return this.thread !== undefined;
  }

  start(): void {
    const { name, logger, start, onMessage } = this.options;
    const thread = start();
    thread.on('message', onMessage);
    thread.on('error', (error) => logger.error({ err: error }, `${name} failed`));
    thread.once('exit', () => this.onExit());
    this.thread = thread;
  }

  tell(message: To): void {
    this.thread?.postMessage(message);
  }

  /** The thread does its work: the next failure counts as the first. */
  recovered(): void {
    this.backoff.reset();
  }

  /** Asks the thread to finish its work and end; terminates it where that takes too long. */
  async end(): Promise<void> {
    this.isEnding = true;
    clearTimeout(this.restart);
    const { thread } = this;
    if (thread === undefined) return;
    const exited = new Promise<void>((resolve) => thread.once('exit', resolve));
    thread.postMessage({ end: true });
    const timer = setTimeout(() => void thread.terminate(), END_MS);
    await exited;
    clearTimeout(timer);
  }

  private onExit(): void {
    const { name, logger, onExit } = this.options;
    this.thread = undefined;
    onExit(this.isEnding);
    if (this.isEnding) return;
    const afterMs = this.backoff.failed();
    logger.warn({ afterMs }, `${name} will be started again`);
    this.restart = setTimeout(() => this.start(), afterMs).unref();
  }
}

export interface ThreadStart {
  /** What the log calls the thread. */
  readonly name: string;
  readonly data: object;
  readonly transfer?: readonly Transferable[];
  readonly logger: Logger;
  /** For what lives as long as a piece of work; Node’s own measure unless it is given. */
  readonly youngMegabytes?: number;
}

/** Starts a module as a worker thread. What it writes to its stderr becomes warnings in the log: it has no logger of its own. */
export function startThread(module: URL, start: ThreadStart): Worker {
  const { name, data, transfer = [], logger, youngMegabytes } = start;
  const resourceLimits = youngMegabytes === undefined ? {} : { maxYoungGenerationSizeMb: youngMegabytes };
  const worker = new Worker(module, { workerData: data, transferList: [...transfer], stderr: true, resourceLimits });
  worker.stderr.setEncoding('utf8').on('data', (text: string) => {
    logger.warn({ thread: name, text: text.trimEnd() }, 'a thread writes to stderr');
  });
  return worker;
}
