import { setMaxListeners } from 'node:events';
import { withDeadline } from '../resilience/deadline.js';

/** The two steps of a stop, for the streams that would otherwise never end. */
export class Stop {
  readonly #stopping = new AbortController();
  readonly #cutting = new AbortController();
  readonly #awaited = new Set<Promise<void>>();
  /** Aborted when the stop begins: not ready any more, feeds end. */
  readonly stopping: AbortSignal = this.#stopping.signal;
  /** Aborted when the time to finish requests is over: streams of posts end after what they have taken. */
  readonly cutting: AbortSignal = this.#cutting.signal;

  constructor() {
    // Every stream listens to one of them, and there may be any number of streams.
    setMaxListeners(0, this.stopping, this.cutting);
  }

  begin(): void {
    this.#stopping.abort();
  }

  cut(): void {
    this.begin();
    this.#cutting.abort();
  }

  /** The exchange is not closed before this work, which never rejects, is done. */
  waitFor(work: Promise<void>): void {
    this.#awaited.add(work);
    void work.then(() => this.#awaited.delete(work));
  }

  /** Resolves once all that is waited for is done, or after so long. */
  async done(withinMs: number): Promise<void> {
    await withDeadline(Promise.all(this.#awaited), withinMs, () => []);
  }
}

/** A stop as the routes see it. */
export type Lifecycle = Pick<Stop, 'stopping' | 'cutting' | 'waitFor'>;
