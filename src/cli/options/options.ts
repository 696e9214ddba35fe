import { InvalidArgumentError, Option } from 'commander';
import { usage } from '../../app/exit.js';
import { type Format, formats } from '../terminal/rows.js';
import { parsePoint, type Point } from './logs/points.js';
import { TIME_FORMS } from './times.js';

export const DEFAULT_DATA = 'parley-data';
/** Heading of the options that say which log a verb works on. */
export const LOG_GROUP = 'Which log:';
const DEFAULT_URL = 'http://127.0.0.1:7070';

export interface AtOptions {
  readonly at?: Point;
}
export interface ServerOptions {
  readonly url: string;
  readonly key?: string;
}
export interface JsonOptions {
  readonly json?: true;
}
/** Of a verb that prints as people, programs or spreadsheets want it. */
export interface OutputOptions extends JsonOptions {
  readonly output?: Format;
}
/** Of a verb that asks a running exchange, or reads a log. */
export interface LookOptions extends AtOptions, ServerOptions, OutputOptions {}

export function dataOption(what = 'the log’s folder'): Option {
  const option = new Option('--data <dir>', what).env('PARLEY_DATA').default(DEFAULT_DATA);
  return option.argParser(parseFolder).helpGroup(LOG_GROUP);
}

/** It also knows how far the log came, so that verbs that read the log look there, too. */
export function storeOption(): Option {
  const says = 'the folder of the query store, where that is not in the folder of --data';
  return new Option('--store <dir>', says).env('PARLEY_STORE').argParser(parseFolder).helpGroup(LOG_GROUP);
}

/** An empty name, as of a variable that is not set, would mean the current folder. */
export const parseFolder = textThat((text) => text !== '', 'it must name a folder');

/** Takes a text as it is, or refuses it with `says`. */
export function textThat(isValid: (text: string) => boolean, says: string): (text: string) => string {
  return (text) => {
    if (isValid(text)) return text;
    throw new InvalidArgumentError(says);
  };
}

/**
 * An option that operators set: also by the variable that is called like it, `PARLEY_MAX_ROWS` for `--max-rows`. Kubernetes puts addresses
 * of its own (`tcp://10.0.0.7:7070`) into such variables, for a service that is named parley: those are none.
 */
export function settingOption(flags: string, says: string, parse?: (text: string) => unknown): Option {
  const option = new Option(flags, says);
  if (parse !== undefined) option.argParser(parse);
  const variable = `PARLEY_${option.name().replaceAll('-', '_').toUpperCase()}`;
  return process.env[variable]?.startsWith('tcp://') === true ? option : option.env(variable);
}

/** Where in the log to look: the state that all events before a position have made, or all those that are not later than a time. */
export function atOption(): Option {
  const says = `as things stood before the event at this position, or at this time: ${TIME_FORMS}`;
  return new Option('--at <position|time>', says).argParser(parsePoint);
}

export function urlOption(): Option {
  return new Option('--url <url>', 'where the exchange runs')
    .env('PARLEY_URL')
    .default(DEFAULT_URL)
    .argParser(parseUrl);
}

export const parseFile = textThat((text) => text !== '', 'it must name a file');

export function keyOption(): Option {
  return new Option('--key <key>', 'API key, where the exchange has keys').env('PARLEY_KEY').argParser(parseKey);
}

export function jsonOption(what = 'one JSON value a line instead of tables'): Option {
  return new Option('--json', what);
}

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'a table, JSON as with --json, or CSV').choices(formats);
}

/** What --output and --json say together: a table, unless they say otherwise. */
export function formatOf({ json, output }: OutputOptions): Format {
  if (json !== true) return output ?? 'table';
  if (output === undefined || output === 'json') return 'json';
  throw usage(`--json and --output ${output}: give one or the other`);
}

export function parseCount(text: string): number {
  return parseWhole(text, { least: 1, says: 'it must be a whole number from 1 on' });
}

export function parseCountOrNone(text: string): number {
  return parseWhole(text, { least: 0, says: 'it must be a whole number from 0 on' });
}

export function parseSeconds(text: string): number {
  return parseWhole(text, { least: 0, says: 'it must be a whole number of seconds from 0 on' });
}

export function parsePort(text: string): number {
  return parseWhole(text, { least: 0, most: 65_535, says: 'a port is a whole number from 0 to 65535' });
}

export const parseIntentionId = textThat(
  (text) => /^[1-9][0-9]{0,15}$/.test(text),
  'an intention’s id is a whole number from 1 on',
);

/** A whole number within bounds. What is none, or lies outside, is refused with `says`. */
export function parseWhole(
  text: string,
  {
    least,
    most = Number.MAX_SAFE_INTEGER,
    says,
  }: { readonly least: number; readonly most?: number; readonly says: string },
): number {
  const value = /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new InvalidArgumentError(says);
}

const parseKey = textThat(
  (text) => /^[!-~]*$/.test(text), // empty is none, as of a variable that is set to nothing
  'an API key is printable ASCII characters without spaces, as `parley keys add` prints it',
);

const parseUrl = textThat(
  (text) => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol),
  'it must be a URL such as http://127.0.0.1:7070',
);
