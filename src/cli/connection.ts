import type { Command } from 'commander';
import { ParleyClient } from '../client/index.js';
import type { AtOptions, ServerOptions } from './options.js';
import { ExitCode, Failure } from './terminal/exit.js';

export function connect({ url, key }: ServerOptions): ParleyClient {
  return new ParleyClient({ url, key });
}

/**
 * Whether a verb that can do both reads the log by itself: when it is told where that is, or about a position of it. Otherwise the
 * running exchange is asked.
 */
export function readsLog(command: Command, { at }: AtOptions): boolean {
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const isLog = isGiven('data') || at !== undefined;
  if (isLog && (isGiven('url') || isGiven('key'))) {
    throw new Failure(
      ExitCode.Usage,
      '--data and --at read the log, --url and --key ask the exchange: give one or the other',
    );
  }
  return isLog;
}
