import type { StreamReader } from './stream-reader.js';

export interface ArrivalsOptions {
  /** Up to where the log is durable. */
  readonly head: () => Promise<number>;
  /** It is known of more of them. */
  readonly onKnown: () => void;
  /** It cannot be known of these. */
  readonly onFailed: (readers: readonly StreamReader[], error: unknown) => void;
}

/** Readers that have come, until what was durable by then is told. The log is asked once for all who come meanwhile. */
export class Arrivals {
  private readonly newcomers = new Set<StreamReader>();
  /** With the position up to which all must have been told. */
  private readonly arriving = new Map<StreamReader, number>();
  private isAsking = false;

  constructor(private readonly options: ArrivalsOptions) {}

  add(reader: StreamReader): void {
    this.newcomers.add(reader);
    if (!this.isAsking) void this.ask();
  }

  delete(reader: StreamReader): void {
    this.newcomers.delete(reader);
    this.arriving.delete(reader);
  }

  /** Takes those who need not wait any more. */
  take(foldedTo: number): readonly StreamReader[] {
    const taken: StreamReader[] = [];
    for (const [reader, head] of this.arriving) {
      if (head > foldedTo) continue;
      this.arriving.delete(reader);
      taken.push(reader);
    }
    return taken;
  }

  private async ask(): Promise<void> {
    this.isAsking = true;
    while (this.newcomers.size > 0) {
      const asked = new Set(this.newcomers);
      try {
        const head = await this.options.head();
        for (const reader of asked) {
          if (this.newcomers.delete(reader)) this.arriving.set(reader, Math.max(head, reader.from));
        }
        this.options.onKnown();
      } catch (error) {
        const failed = [...asked].filter((reader) => this.newcomers.delete(reader));
        this.options.onFailed(failed, error);
      }
    }
    this.isAsking = false;
  }
}
