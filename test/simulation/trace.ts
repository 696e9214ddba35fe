import { createHash } from 'node:crypto';

const KEPT_LINES = 40;

/** What happens in one run, line by line: its digest tells whether two runs are the same, its end what led to a failure. */
export class Trace {
  private readonly hash = createHash('sha256');
  private readonly kept: string[] = [];
  /** Lines so far. */
  length = 0;

  constructor(private readonly hear: ((line: string) => void) | undefined) {}

  tell(line: string): void {
    this.length++;
    this.hash.update(line);
    this.hash.update('\n');
    this.kept.push(line);
    if (this.kept.length > 2 * KEPT_LINES) this.kept.splice(0, KEPT_LINES);
    this.hear?.(line);
  }

  get end(): readonly string[] {
    return this.kept.slice(-KEPT_LINES);
  }

  /** To be asked once, at the end. */
  digest(): string {
    return this.hash.digest('hex');
  }
}
