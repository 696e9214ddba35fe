import { InvalidArgumentError, Option } from 'commander';

export const DEFAULT_DATA = 'parley-data';
/** Heading of the options that say which log a verb works on. */
export const LOG_GROUP = 'Which log:';
const DEFAULT_URL = 'http://127.0.0.1:7070';

export interface DataOptions {
  readonly data: string;
}
export interface AtOptions {
  readonly at?: number;
}
export interface ServerOptions {
  readonly url: string;
  readonly key?: string;
}
export interface JsonOptions {
  readonly json?: true;
}

export function dataOption(what = 'the log’s folder'): Option {
  const option = new Option('--data <dir>', what).env('PARLEY_DATA').default(DEFAULT_DATA);
  return option.argParser(parseFolder).helpGroup(LOG_GROUP);
}

/** An empty name, as of a variable that was not set, would mean the folder that one happens to be in. */
export function parseFolder(text: string): string {
  if (text === '') throw new InvalidArgumentError('it must name a folder');
  return text;
}

/** The same rule for every verb. */
export function atOption(): Option {
  const says = 'as things stood once all events before this position had happened, that event not among them';
  return new Option('--at <position>', says).argParser(parsePosition);
}

export function urlOption(): Option {
  return new Option('--url <url>', 'where the exchange runs')
    .env('PARLEY_URL')
    .default(DEFAULT_URL)
    .argParser(parseUrl);
}

export function keyOption(): Option {
  return new Option('--key <key>', 'API key, where the exchange has keys').env('PARLEY_KEY');
}

export function jsonOption(what = 'one JSON value a line instead of tables'): Option {
  return new Option('--json', what);
}

/** Examples for the end of a help text: a command line, and what it does. */
export function examples(...lines: readonly (readonly [command: string, says: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  const shown = lines.map(([command, says]) => `  ${command.padEnd(width)}  # ${says}`);
  return `\nExamples:\n${shown.join('\n')}\n`;
}

export function parsePosition(text: string): number {
  return parseWhole(text, 0, 'a log position is a whole number from 0 on');
}

export function parseCount(text: string): number {
  return parseWhole(text, 1, 'it must be a whole number from 1 on');
}

export function parsePort(text: string): number {
  const port = parseWhole(text, 0, 'a port is a whole number from 0 to 65535');
  if (port > 65_535) throw new InvalidArgumentError('a port is a whole number from 0 to 65535');
  return port;
}

export function parseIntentionId(text: string): string {
  if (!/^[1-9][0-9]{0,15}$/.test(text)) throw new InvalidArgumentError('an intention’s id is a whole number from 1 on');
  return text;
}

export function parseWhole(text: string, least: number, says: string): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < least) throw new InvalidArgumentError(says);
  return value;
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new InvalidArgumentError('it must be a URL such as http://127.0.0.1:7070');
  }
  return text;
}
