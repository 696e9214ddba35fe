import type { Writable } from 'node:stream';
import colors from 'picocolors';
import { printable, printableJson, printableLines, uncoloured } from './printable.js';

type Colors = ReturnType<typeof colors.createColors>;

const PIECE_CHARACTERS = 64 * 1024;

/** A stream to a terminal, a file or a pipe. */
export interface TextStream extends Writable {
  readonly isTTY?: boolean;
  /** Of a terminal: how many characters there are in a line. */
  readonly columns?: number;
  /** Likewise, and how many lines. */
  readonly rows?: number;
}

/**
 * What a verb writes to stdout.
 *
 * 1. It collects text into larger pieces, and waits for a slower reader.
 * 2. When the reader has gone (`| head`), `onGone` is called once, and what is written after that is dropped.
 */
export class Output {
  readonly colors: Colors;
  private gathered = '';
  /** How many lines of the terminal the last drawing takes. */
  private drawn = 0;
  private hasFailed = false;

  constructor(
    private readonly stream: TextStream,
    private readonly env: NodeJS.ProcessEnv,
    private readonly onGone: (error: Error) => void,
  ) {
    this.colors = colorsFor(stream, env);
    stream.on('error', (error) => this.fail(error));
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /** How many characters a line of the terminal has; undefined where it is none, or does not say. */
  get columns(): number | undefined {
    const { columns = 0 } = this.stream;
    return this.isTerminal && columns > 0 ? columns : undefined;
  }

  /** Whether lines that stand there can be drawn again. */
  get canRedraw(): boolean {
    return this.isTerminal && this.env.TERM !== 'dumb';
  }

  /** Lines in the place of those that were drawn before, as many as the terminal has room for; nothing else may be written between. */
  async redraw(lines: readonly string[]): Promise<void> {
    const { rows = lines.length + 1 } = this.stream;
    const shown = lines.slice(0, Math.max(1, rows - 1)).map((line) => printable(line, this.colors.isColorSupported));
    const back = this.drawn === 0 ? '' : `\u001b[${this.drawn}A\u001b[J`;
    this.drawn = shown.reduce((count, line) => count + heightOf(line, this.columns), 0);
    await this.gather(`${back}${shown.join('\n')}\n`);
    await this.flush();
  }

  /** Text with its own line ends; what of it could drive a terminal is replaced. */
  write(text: string): Promise<void> {
    return this.gather(printableLines(text, this.colors.isColorSupported));
  }

  line(text = ''): Promise<void> {
    return this.gather(`${printable(text, this.colors.isColorSupported)}\n`);
  }

  /** One JSON value on a line of its own. */
  json(value: unknown): Promise<void> {
    return this.gather(`${printableJson(value)}\n`);
  }

  /** A line of CSV, of values that are printable; it ends as RFC 4180 has it. */
  record(line: string): Promise<void> {
    return this.gather(`${line}\r\n`);
  }

  /** Whether what is written is dropped, because the reader has gone or something failed. */
  get isGone(): boolean {
    return this.hasFailed;
  }

  /** Resolves when everything written so far has been handed over. */
  async flush(): Promise<void> {
    const text = this.gathered;
    this.gathered = '';
    if (text === '' || this.hasFailed) return;
    await new Promise<void>((resolve) => {
      this.stream.write(text, (error) => {
        if (error instanceof Error) this.fail(error);
        resolve();
      });
    });
  }

  private async gather(text: string): Promise<void> {
    this.gathered += text;
    if (this.gathered.length >= PIECE_CHARACTERS) await this.flush();
  }

  private fail(error: Error): void {
    if (!this.hasFailed) this.onGone(error);
    this.hasFailed = true;
  }
}

/** How many lines of a terminal a line takes. */
function heightOf(line: string, columns = Number.POSITIVE_INFINITY): number {
  return Math.max(1, Math.ceil(uncoloured(line).length / columns));
}

/**
 * Colours for a terminal. NO_COLOR (https://no-color.org) switches them off, FORCE_COLOR (https://force-color.org) on, whatever the
 * stream is; of both, NO_COLOR wins. As everywhere else in Node, FORCE_COLOR=0 and FORCE_COLOR=false switch them off.
 */
export function colorsFor(stream: TextStream, env: NodeJS.ProcessEnv): Colors {
  return colors.createColors(isColoured(stream, env));
}

function isColoured({ isTTY }: TextStream, env: NodeJS.ProcessEnv): boolean {
  const forced = env.FORCE_COLOR ?? '';
  if ((env.NO_COLOR ?? '') !== '' || forced === '0' || forced === 'false') return false;
  return forced !== '' || (isTTY === true && env.TERM !== 'dumb');
}
