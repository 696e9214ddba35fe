/** Where a long-running work reports to whoever started it, and learns that it is to stop. The command line's terminal is one. */
export interface Console {
  /** What the process ends with unless the work itself fails. */
  exitCode: number;
  readonly out: {
    line(text: string): Promise<void>;
    /** Resolves when everything written so far has been handed over. */
    flush(): Promise<void>;
  };
  /** Whether somebody reads along on stderr, and whether in colours. */
  readonly stderrIs: { readonly terminal: boolean; readonly coloured: boolean };
  /** Lines without what could drive a terminal, as stderr may show them. */
  printable(lines: string): string;
  progress(what: string, unit: string): ProgressBar;
  /** To be called before something is written to stderr in another way than through here: a bar that stands there is taken away. */
  clearProgress(): void;
  /** Throws when the work is to stop. */
  throwIfStopped(): void;
  /** What the work resolves to, or the reason to stop when that comes first. */
  interruptible<Value>(work: Promise<Value>): Promise<Value>;
  /** From now on the caller looks after signals itself. */
  releaseInterrupts(): void;
}

/** Shows how far something has come. */
export interface ProgressBar {
  /** May be called as often as one likes. */
  update(done: number, total: number | undefined): void;
  /** Takes the bar away. */
  stop(): void;
}
