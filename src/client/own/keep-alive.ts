import { pause } from '../../resilience/pause.js';
import type { Switch } from './own-types.js';

export interface KeepAliveOptions {
  /** The switch lapses when it has not been set again for so long. 1,000 to 86,400,000. */
  readonly withinMs: number;
  /** Told when it could not be set in time: what was open is withdrawn, or will be. It is tried on. */
  readonly onLapse?: (() => void) | undefined;
}

/** How often within its time it is set. */
const TIMES = 3;

/**
 * Keeps a dead man’s switch from lapsing, as long as this process runs and reaches the exchange.
 *
 * 1. It is on once `begin` has resolved, and off once `end` has: what ends without that leaves it to lapse.
 */
export class KeepAlive {
  readonly #ending = new AbortController();
  #beating: Promise<void> = Promise.resolve();

  constructor(
    private readonly set: (withinMs: number, signal?: AbortSignal) => Promise<Switch>,
    private readonly options: KeepAliveOptions,
  ) {}

  async begin(): Promise<this> {
    await this.set(this.options.withinMs);
    this.#beating = this.#beat();
    return this;
  }

  /** Takes the switch off: what is open stays. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#beating;
    await this.set(0);
  }

  async #beat(): Promise<void> {
    const { withinMs, onLapse } = this.options;
    let setAtMs = performance.now();
    while (await this.#isOn(withinMs / TIMES)) {
      const isSet = await this.set(withinMs, this.#ending.signal).then(
        () => true,
        () => false,
      );
      const nowMs = performance.now();
      if (nowMs - setAtMs > withinMs) onLapse?.();
      if (isSet || nowMs - setAtMs > withinMs) setAtMs = nowMs;
    }
  }

  /** After a while, whether it is still wanted. */
  async #isOn(afterMs: number): Promise<boolean> {
    const { signal } = this.#ending;
    await pause(afterMs, signal);
    return !signal.aborted;
  }
}
