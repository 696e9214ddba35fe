/** Throttles a growing value: passes it on at once, but not again within some milliseconds, and then only the latest. */
export class Latest {
  private resting: NodeJS.Timeout | undefined;
  private untold: number | undefined;

  constructor(
    private readonly tell: (value: number) => void,
    private readonly eachMs: number,
  ) {}

  set(value: number): void {
    if (this.resting !== undefined) {
      this.untold = value;
      return;
    }
    this.tell(value);
    this.resting = setTimeout(() => {
      this.resting = undefined;
      const { untold } = this;
      this.untold = undefined;
      if (untold !== undefined) this.set(untold);
    }, this.eachMs).unref();
  }
}
