import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, type Option } from 'commander';
import { faultIn, lineAndColumn } from '../../../api/json-places.js';
import { type Failure, usage } from '../../../app/exit.js';

/** Options that a file may give, by their names in camelCase. */
export const optionKeys = [
  ...['log', 'data', 'brokers', 'connection', 'topic', 'topicFormat', 'shard', 'shards', 'store'],
  ...['tls', 'tlsCa', 'tlsCert', 'tlsKey', 'saslMechanism', 'saslUsername', 'patience'],
] as const;
/** Never on a command line, where all can see it. */
export const PASSWORD = 'saslPassword';
/** A file's own paths are seen from where it lies. */
const paths: ReadonlySet<string> = new Set(['data', 'store', 'tlsCa', 'tlsCert', 'tlsKey']);
/** What commander calls the source of such values. */
export const FROM_FILE = 'config';

/**
 * Gives the verb's options the values of a file, where neither the command line nor the environment has any. What this verb has no
 * option for is passed over, so that one file serves all verbs; what no verb knows is refused. Returns the password, if it has one.
 */
export function applyConfigFile(command: Command, file: string): string | undefined {
  const config = readConfig(file);
  const known: readonly string[] = [...optionKeys, PASSWORD];
  const unknown = Object.keys(config).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw wrong(file, `there is no ${JSON.stringify(unknown)}; there are ${known.join(', ')}`);
  }
  for (const option of command.options) {
    const key = option.attributeName();
    if (!known.includes(key) || config[key] === undefined) continue;
    const value = valueOf(option, config[key], file);
    const source = command.getOptionValueSource(key);
    if (source === undefined || source === 'default') command.setOptionValueWithSource(key, value, FROM_FILE);
  }
  const password = config[PASSWORD];
  if (password === undefined || typeof password === 'string') return password;
  throw wrong(file, `"${PASSWORD}": it must be a string`);
}

function readConfig(file: string): Readonly<Record<string, unknown>> {
  const text = readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Its own words quote what stands there, which might be a password.
    throw wrong(file, `it is not JSON: ${lineAndColumn(text, faultIn(text) ?? 0)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>; // any object can be read by key
  }
  throw wrong(file, 'it must hold one JSON object');
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw wrong(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** The value as the command line would have given it. */
function valueOf(option: Option, value: unknown, file: string): unknown {
  const key = option.attributeName();
  if (option.isBoolean()) {
    if (typeof value === 'boolean') return value ? true : undefined;
    throw wrong(file, `"${key}": it must be true or false`);
  }
  const text = textOf(value);
  if (text === undefined) throw wrong(file, `"${key}": it must be a string, or a number where the option takes one`);
  try {
    const parsed: unknown = option.parseArg === undefined ? text : option.parseArg(text, undefined);
    return paths.has(key) ? resolve(dirname(file), text) : parsed;
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw wrong(file, `"${key}": ${error.message}`, error);
    throw error;
  }
}

/** Lists may be written as such. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value.join(',') : undefined;
}

function wrong(file: string, says: string, cause?: unknown): Failure {
  return usage(`${file}: ${says}`, cause);
}
