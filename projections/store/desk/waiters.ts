interface Waiter {
  readonly position: number;
  readonly resolve: (reached: boolean) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Those who wait for a position to be reached, each for a limited time. */
export class PositionWaiters {
  private readonly waiters = new Set<Waiter>();
  private failure: Error | undefined;

  /** True once `reached` is called with the position or a later one, or when `reachedBefore` is that far; false after the time. Rejects after `end`. */
  waitFor(position: number, timeoutMs: number, reachedBefore: number): Promise<boolean> {
    if (reachedBefore >= position) return Promise.resolve(true);
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        resolve(false);
      }, timeoutMs);
      const waiter = { position, resolve, reject, timer };
      this.waiters.add(waiter);
    });
  }

  /** Whether somebody waits for a position up to this one. */
  isAwaited(position: number): boolean {
    for (const waiter of this.waiters) if (waiter.position <= position) return true;
    return false;
  }

  reached(position: number): void {
    for (const waiter of this.waiters) {
      if (waiter.position > position) continue;
      this.leave(waiter);
      waiter.resolve(true);
    }
  }

  /** Nothing more will be reached. */
  end(failure: Error): void {
    this.failure = failure;
    for (const waiter of this.waiters) {
      this.leave(waiter);
      waiter.reject(failure);
    }
  }

  private leave(waiter: Waiter): void {
    clearTimeout(waiter.timer);
    this.waiters.delete(waiter);
  }
}
