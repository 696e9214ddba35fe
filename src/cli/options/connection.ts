import type { Command } from 'commander';
import { ParleyClient } from '../../client/index.js';
import { namesOfLogOptions } from './log-options.js';
import type { AtOptions, ServerOptions } from './options.js';
import { usage } from '../../app/exit.js';

export function connect({ url, key }: ServerOptions): ParleyClient {
  return new ParleyClient({ url, key });
}

/**
 * Whether a verb that can do both reads the log, and does not ask the running exchange: when the command line names a log, or a position
 * of it. What the environment says about logs is for other verbs.
 */
export function readsLog(command: Command, { at }: AtOptions): boolean {
  const isGiven = (name: string): boolean => command.getOptionValueSource(name) === 'cli';
  const isLog = at !== undefined || namesOfLogOptions.some(isGiven);
  if (isLog && (isGiven('url') || isGiven('key'))) {
    throw usage('--at, and what says which log, read the log; --url and --key ask the exchange: give one or the other');
  }
  return isLog;
}
