import type { Command, Option } from 'commander';
import { ParleyError } from '../../client/wire/error.js';

/** Which fields of the HTTP interface a refusal is about, where its words may name none. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  INVALID_CLIENT_ID: ['clientIntentionId'],
  CLIENT_ID_REUSED: ['clientIntentionId'],
  INVALID_PARTICIPANT: ['participant'],
  INVALID_PRICE: ['price', 'minPrice', 'maxPrice'],
  PRICE_OFF_TICK: ['price', 'minPrice', 'maxPrice'],
  PRICE_OUT_OF_BAND: ['price'],
  INVALID_QUANTITY: ['quantity', 'reduceBy'],
  QUANTITY_OFF_LOT: ['quantity', 'reduceBy'],
  QUANTITY_TOO_LARGE: ['quantity', 'reduceBy'],
  NOT_LESS: ['reduceBy'],
  INVALID_EXPIRY: ['expiresAt'],
  POST_ONLY_WOULD_DEAL: ['postOnly'],
  INVALID_INSTRUMENT: ['tickSize', 'lotSize', 'minPrice', 'maxPrice'],
  INSTRUMENT_DIFFERS: ['tickSize', 'lotSize'],
  UNKNOWN_INSTRUMENT: ['instrument'],
  UNAUTHENTICATED: ['key'],
  FORBIDDEN: ['key'],
  INVALID_COMBINATION: ['type', 'price', 'timeInForce', 'postOnly', 'expiresAt'],
};

const NO_KEY = 'send the header Authorization: Bearer KEY, or sign the request';

/**
 * A refusal of the exchange in the words of the command line: what it calls by the name of a field is called by the option that gives it, and
 * where it names none, the option follows. Everything else as it is.
 */
export function inOptions(error: unknown, command: Command): unknown {
  if (!(error instanceof ParleyError) || error.status === 0) return error;
  const detail = worded(error, command);
  if (detail === error.detail) return error;
  const { status, code, retryAfterMs } = error;
  return new ParleyError(status, code, detail, {
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function worded({ code, detail }: ParleyError, command: Command): string {
  const named = command.options.reduce((text, option) => text.replaceAll(namesOf(option), flagOf(option)), detail);
  if (named !== detail) return named;
  const concerned = (fieldsOf[code] ?? []).flatMap((field) => optionOf(command, field) ?? []);
  const given = concerned.filter((option) => isGiven(command, option));
  // A key that is not given may be needed, but where one is refused it is not for want of it.
  if (code === 'FORBIDDEN' && given.length === 0) return detail;
  const flags = (given.length > 0 ? given : concerned).map((option) => sourceOf(command, option));
  if (flags.length === 0) return detail;
  if (detail === NO_KEY) return `the exchange takes an API key: give ${flags.join('')} or PARLEY_KEY`;
  return `${detail} (${flags.join(', ')})`;
}

/** Where a text names the field: anywhere by a name that is no word, such as `expiresAt`; otherwise where a sentence is about it. */
function namesOf(option: Option): RegExp {
  const field = option.attributeName();
  return /[A-Z]/.test(field) ? new RegExp(`\\b${field}\\b`, 'g') : new RegExp(`^${field}(?= (is|must|"|\\d)|: )`, 'g');
}

function optionOf(command: Command, field: string): Option | undefined {
  return command.options.find((option) => option.attributeName() === field);
}

function isGiven(command: Command, option: Option): boolean {
  return !['default', undefined].includes(command.getOptionValueSource(option.attributeName()));
}

function sourceOf(command: Command, option: Option): string {
  const isOfEnvironment = command.getOptionValueSource(option.attributeName()) === 'env';
  return (isOfEnvironment ? option.envVar : undefined) ?? flagOf(option);
}

/** The first of its names: `--client-id, --client-intention-id`. */
function flagOf({ short, long, flags }: Option): string {
  return short?.startsWith('--') === true ? short : (long ?? flags);
}
