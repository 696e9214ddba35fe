import { setMaxListeners } from 'node:events';

/** The two steps of a stop, for the streams that would otherwise never end. */
export class Stop {
  readonly #stopping = new AbortController();
  readonly #cutting = new AbortController();
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
}

/** A stop as the routes see it. */
export type Lifecycle = Pick<Stop, 'stopping' | 'cutting'>;
