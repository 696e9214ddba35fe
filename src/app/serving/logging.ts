/** How a server writes its log: lines for people where one looks on, JSON for programs everywhere else. */
import type { DestinationStream, Logger } from 'pino';
import type { Console } from '../console.js';

export const logFormats = ['pretty', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

const STDERR = 2;

export interface LoggingOptions {
  readonly logLevel: string;
  /** By what stderr is, unless given. */
  readonly logFormat: LogFormat | undefined;
}

/** A log on stderr; a line is written when the call returns. */
export async function createLogger(console: Console, { logLevel, logFormat }: LoggingOptions): Promise<Logger> {
  const { destination, pino } = await import('pino');
  const stderr = destination({ dest: STDERR, sync: true });
  const { terminal: isTerminal, coloured } = console.stderrIs;
  const sink = isTerminal ? afterProgress(stderr, console) : stderr;
  const format = logFormat ?? (isTerminal ? 'pretty' : 'json');
  return pino(
    { level: logLevel },
    format === 'json' ? sink : await prettyInto(sink, coloured, (lines) => console.printable(lines)),
  );
}

/** Passes on each line as people read it, by way of `printable`: what comes from outside must not drive their terminal. */
export async function prettyInto(
  sink: DestinationStream,
  isColoured: boolean,
  printable: (lines: string) => string,
): Promise<DestinationStream> {
  // One format for a terminal: what serves with JSON never loads this.
  const { prettyFactory } = (await import('pino-pretty')).default;
  const pretty = prettyFactory({
    ...{ colorize: isColoured, singleLine: true, ignore: 'pid,hostname' },
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return { write: (line) => sink.write(printable(pretty(line))) };
}

function afterProgress(stderr: DestinationStream, console: Console): DestinationStream {
  return {
    write: (line) => {
      console.clearProgress();
      stderr.write(line);
    },
  };
}
