import { ExitCode, type Failure, failure, Interrupted } from '../../app/exit.js';
import { withDeadline } from '../../resilience/deadline.js';
import { obeyInterrupts } from './interruption.js';
import { colorsFor, Output, type TextStream } from './output.js';
import { printableLines } from './printable.js';
import { Progress } from './progress.js';
import { reasonFor, withPlainReasons } from '../system-errors.js';

export interface TerminalStreams {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * What a verb works with: data go to `out` (stdout), everything else to stderr, and `signal` says when to stop.
 *
 * `exitCode` is what the process ends with when the verb itself does not fail.
 */
export class Terminal {
  readonly out: Output;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  exitCode: number = ExitCode.Fine;
  private readonly stderr: TextStream;
  private readonly stopping = new AbortController();
  private readonly stopped: Promise<never>;
  private lastProgress: Progress | undefined;
  private giveBackSignals: () => void = () => undefined;

  constructor({ stdout, stderr, env }: TerminalStreams) {
    this.signal = this.stopping.signal;
    this.stopped = new Promise((_resolve, reject) => {
      this.signal.addEventListener('abort', () => {
        reject(this.signal.reason as Error); // it is aborted with errors alone
      });
    });
    this.stopped.catch(() => undefined);
    this.stderr = stderr;
    this.env = env;
    this.out = new Output(stdout, env, (error) => {
      this.stopping.abort(isClosedPipe(error) ? new Interrupted(ExitCode.Fine) : cannotWrite('standard output', error));
    });
    // Where nobody reads the errors, there is nobody to tell.
    stderr.on('error', () => undefined);
  }

  /** From now on, a signal stops the verb instead of killing the process. */
  obeyInterrupts(): void {
    this.giveBackSignals = obeyInterrupts(this.stopping);
  }

  /** For a verb that looks after signals itself. */
  releaseInterrupts(): void {
    this.giveBackSignals();
  }

  /**
   * Hands over all that was written to stdout, and throws where that cannot be done: to be called before a verb says that it is done.
   */
  async deliver(): Promise<void> {
    await this.out.flush();
    this.throwIfStopped();
  }

  /** Throws when the verb is to stop. */
  throwIfStopped(): void {
    this.signal.throwIfAborted();
  }

  /**
   * For work that cannot look out for the signal itself, such as waiting for stdin: what it resolves to, or the reason to stop when
   * that comes first, and the work has not come to its end within the grace period. The work may then still be under way.
   */
  async interruptible<Value>(work: Promise<Value>, graceMs = 0): Promise<Value> {
    try {
      return await Promise.race([work, this.stopped]);
    } catch (error) {
      if (graceMs > 0 && this.signal.aborted)
        await withDeadline(
          work.catch(() => undefined),
          graceMs,
          () => undefined,
        );
      throw error;
    }
  }

  /** What stderr is: a terminal, with somebody who reads along, and something that takes colours. */
  get stderrIs(): { readonly terminal: boolean; readonly coloured: boolean } {
    return {
      terminal: this.stderr.isTTY === true,
      coloured: colorsFor(this.stderr, this.env).isColorSupported,
    };
  }

  printable(lines: string): string {
    return printableLines(lines, this.stderrIs.coloured);
  }

  /** A line for people, on stderr; what it quotes of the system’s errors is put in words. */
  note(text: string): void {
    this.clearProgress();
    this.stderr.write(this.printable(`${withPlainReasons(text)}\n`));
  }

  warn(text: string): void {
    this.note(`${colorsFor(this.stderr, this.env).yellow('warning:')} ${text}`);
  }

  error(text: string): void {
    this.note(`${colorsFor(this.stderr, this.env).red('error:')} ${text}`);
  }

  progress(what: string, unit: string): Progress {
    return (this.lastProgress = new Progress(this.stderr, what, unit));
  }

  /** To be called before a line is written to stderr by another way than through here. */
  clearProgress(): void {
    this.lastProgress?.clear();
  }

  /** Does work under a progress bar. `update` says how far it has come, and throws when the verb is to stop. */
  async withProgress<Value>(
    what: string,
    unit: string,
    work: (update: (done: number, total: number | undefined) => void) => Promise<Value>,
  ): Promise<Value> {
    const progress = this.progress(what, unit);
    try {
      return await work((done, total) => {
        this.throwIfStopped();
        progress.update(done, total);
      });
    } finally {
      progress.stop();
    }
  }
}

/** A failure to write, in words; `name` is the file’s. */
export function cannotWrite(name: string, cause: Error): Failure {
  return failure(`${name}: cannot be written: ${reasonFor(cause, name)}`, cause);
}

function isClosedPipe(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
