import type { Turns } from '../../domain/turns.js';

/**
 * When a shard takes commands, and in which order they run: the queue of those that wait for the shard to serve, and of what waits for
 * the turns under way to end.
 *
 * 1. A command runs only while the shard serves: its turns are idle, no negotiator is being rebuilt, and its log can be written.
 * 2. Commands run in the order in which they came; what waits for the turns of the command before them runs first.
 * 3. Once stopped, nothing that waits runs any more.
 */
export class Admission {
  private readonly queue: (() => void)[] = [];
  private readonly idleWaiters: (() => void)[] = [];
  private readonly stopListeners: ((reason: string, isFenced: boolean) => void)[] = [];
  private stopReason: string | undefined;
  private isClosing = false;
  private isClosed = false;
  /** A negotiator is being rebuilt: nothing runs meanwhile. */
  isPaused = false;

  constructor(private readonly turns: Pick<Turns, 'isIdle'>) {}

  /** True while commands run at once; otherwise they wait, or are refused. */
  get isServing(): boolean {
    return !this.isStopped && !this.isPaused && this.turns.isIdle;
  }

  get isStopped(): boolean {
    return this.stopReason !== undefined || this.isClosed;
  }

  /** Whether it still takes commands; those that it has taken are carried out before it closes. */
  get isTaking(): boolean {
    return !this.isStopped && !this.isClosing;
  }

  get state(): 'stopped' | 'serving' | 'recovering' {
    return this.isStopped ? 'stopped' : this.isServing ? 'serving' : 'recovering';
  }

  /** Why it has stopped; undefined where it has not, or was closed. */
  get reason(): string | undefined {
    return this.stopReason;
  }

  /** Runs `then` in its turn among the commands that wait; never, when the shard stops before. */
  whenServing(then: () => void): void {
    if (this.isServing && this.queue.length === 0) then();
    else if (!this.isStopped) this.queue.push(then);
  }

  /** Runs `then` at once when the turns are idle, otherwise when they have become so. */
  whenIdle(then: () => void): void {
    if (this.turns.isIdle && !this.isPaused) then();
    else this.idleWaiters.push(then);
  }

  /** A command that could not run after all is the next one again. */
  putBack(command: () => void): void {
    this.queue.unshift(command);
  }

  /** After turns that ran outside a command: runs what waited for them, then the commands that have queued up. */
  goOn(): void {
    while (this.turns.isIdle && !this.isPaused && this.stopReason === undefined) {
      const next = this.idleWaiters.shift() ?? this.queue.shift();
      if (next === undefined) return;
      next();
    }
  }

  /** Calls back once the shard has stopped because its log failed; `isFenced`: because another writer has opened it. */
  onStopped(listener: (reason: string, isFenced: boolean) => void): void {
    this.stopListeners.push(listener);
  }

  /** Stops for good. `before` runs first of all; it does nothing, and `before` does not run, where the shard has stopped before. */
  stop(reason: string, isFenced: boolean, before: () => void): void {
    if (this.stopReason !== undefined) return;
    this.stopReason = reason;
    before();
    this.queue.length = 0;
    for (const listener of this.stopListeners) listener(reason, isFenced);
  }

  /** Takes no more commands; resolves when those that were taken have run, or will not run any more. */
  async close(whenDurable: (then: () => void) => void): Promise<void> {
    this.isClosing = true;
    if (this.stopReason === undefined) {
      await new Promise<void>((resolve) => {
        this.onStopped(() => resolve());
        this.whenServing(() => whenDurable(resolve));
      });
    }
    this.isClosed = true;
  }
}
