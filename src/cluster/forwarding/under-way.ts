const MOST_UNDER_WAY = 20_000;

/** How many requests are under way to those who carry them out. */
export class UnderWay {
  private count = 0;
  private readonly drainWaiters: (() => void)[] = [];

  /** So much is under way that producers should pause. */
  get isCongested(): boolean {
    return this.count > MOST_UNDER_WAY;
  }

  /** Resolves when producers may go on. */
  drained(): Promise<void> {
    if (!this.isCongested) return Promise.resolve();
    return new Promise((resolve) => this.drainWaiters.push(resolve));
  }

  begin(requests: number): void {
    this.count += requests;
  }

  end(requests: number): void {
    this.count -= requests;
    if (this.count > MOST_UNDER_WAY / 2) return;
    for (const resolve of this.drainWaiters.splice(0)) resolve();
  }
}
