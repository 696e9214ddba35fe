import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import type { RecordSchema } from '../../../../src/api/schemas/record-schema.js';
import { dealsQuery, depthQuery, positionsQuery } from '../../../../src/api/schemas/query-schemas.js';
import {
  changeIntentionSchema,
  listInstrumentSchema,
  postIntentionSchema,
} from '../../../../src/api/schemas/schemas.js';
import { inOptions } from '../../../../src/cli/options/in-options.js';
import { createProgram } from '../../../../src/cli/program.js';
import { Terminal } from '../../../../src/cli/terminal/terminal.js';
import { ParleyError } from '../../../../src/client/index.js';
import { refusals } from '../../../../src/domain/refusal.js';
import { compileCheck } from '../../../../src/server/check-fields.js';

/** What each verb sends, by the fields of the HTTP interface. */
const sent: Readonly<Record<string, RecordSchema>> = {
  post: postIntentionSchema,
  reduce: changeIntentionSchema,
  replace: changeIntentionSchema,
  list: listInstrumentSchema,
  deals: dealsQuery,
  positions: positionsQuery,
  book: depthQuery,
};

async function verb(name: string): Promise<Command> {
  const terminal = new Terminal({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} });
  const found = (await createProgram(terminal, '0')).commands.find((command) => command.name() === name);
  if (found === undefined) throw new Error(`there is no verb ${name}`);
  return found;
}

function told(command: Command, code: string, detail: string, status = 400): string {
  const error = inOptions(new ParleyError(status, code, detail), command);
  return error instanceof ParleyError ? error.detail : String(error);
}

function flagsOf(command: Command, field: string): readonly string[] {
  const option = command.options.find((each) => each.attributeName() === field);
  return [option?.short, option?.long].filter((flag) => flag?.startsWith('--') === true) as string[];
}

describe('a refusal of the exchange', () => {
  it.each(Object.keys(sent))(
    'A refusal of `parley %s` names its options, and no field of a body or a query',
    async (name) => {
      const command = await verb(name);
      const schema = sent[name] ?? postIntentionSchema;
      const fields = Object.keys(schema.properties).filter((field) => flagsOf(command, field).length > 0);
      expect(fields).not.toEqual([]);
      const check = compileCheck(schema, undefined);
      for (const field of fields) {
        const [flag = ''] = flagsOf(command, field);
        const checked = check({ [field]: {} });
        const { code, detail } = 'error' in checked ? checked.error.problem : { code: '', detail: '' };
        for (const text of [told(command, code, detail), told(command, 'INVALID_COMMAND', `${field} is missing`)]) {
          expect(text).toContain(flag);
          expect(text).not.toMatch(new RegExp(`(^|[^-a-z])${field}( is| must)`));
        }
      }
    },
  );

  it('A refusal of `parley post` names its options for every code that the exchange refuses a command with', async () => {
    const command = await verb('post');
    const fields = Object.keys(postIntentionSchema.properties).filter((field) => /[A-Z]/.test(field));
    for (const [code, detail] of Object.entries(refusals)) {
      for (const field of fields) expect(told(command, code, detail)).not.toMatch(new RegExp(`\\b${field}\\b`));
    }
  });

  it.each([
    ['post', 'INVALID_EXPIRY', refusals.INVALID_EXPIRY, 'gtd needs an --expires-at in the future'],
    ['post', 'CLIENT_ID_REUSED', refusals.CLIENT_ID_REUSED, 'this --client-id was used before'],
    ['post', 'PRICE_OUT_OF_BAND', refusals.PRICE_OUT_OF_BAND, 'outside the instrument’s band (--price)'],
    ['post', 'PRICE_OFF_TICK', 'price 10.253 is not a multiple of the tick 0.05', '--price 10.253 is not a multiple'],
    ['post', 'INVALID_PRICE', 'a limit intention needs a price', 'a limit intention needs a price (--price)'],
    ['post', 'UNKNOWN_INSTRUMENT', refusals.UNKNOWN_INSTRUMENT, 'no such instrument is listed (--instrument)'],
    ['reduce', 'NOT_LESS', refusals.NOT_LESS, 'larger than what is left (--by)'],
    ['reduce', 'QUANTITY_OFF_LOT', refusals.QUANTITY_OFF_LOT, 'the instrument’s lot (--by)'],
    ['reduce', 'INVALID_QUANTITY', refusals.INVALID_QUANTITY, 'greater than zero, as a string (--by)'],
    ['replace', 'INVALID_QUANTITY', refusals.INVALID_QUANTITY, 'greater than zero, as a string (--quantity)'],
    ['list', 'INSTRUMENT_DIFFERS', refusals.INSTRUMENT_DIFFERS, 'tick and lot (--tick-size, --lot-size)'],
    ['list', 'INVALID_INSTRUMENT', 'minPrice is above maxPrice', '--min-price is above --max-price'],
    ['list', 'INVALID_INSTRUMENT', 'tickSize "0.0" is not a decimal number', '--tick-size "0.0" is not a decimal'],
    [
      'deals',
      'UNAUTHENTICATED',
      'send the header Authorization: Bearer KEY, or sign the request',
      'give --key or PARLEY_KEY',
    ],
    ['deals', 'UNAUTHENTICATED', 'this key is not known', 'this key is not known (--key)'],
  ])('A refusal of `parley %s` with %s names the option that it is about', async (name, code, detail, expected) => {
    expect(told(await verb(name), code, detail)).toContain(expected);
  });

  it('A refusal names what was given, and the variable where that gave it', async () => {
    const command = await verb('list');
    command.setOptionValueWithSource('minPrice', '3', 'cli');
    command.setOptionValueWithSource('key', 'abc', 'env');
    const band = told(command, 'INVALID_PRICE', refusals.INVALID_PRICE);
    expect(band).toBe(`${refusals.INVALID_PRICE} (--min-price)`);
    expect(told(command, 'FORBIDDEN', 'this takes the key of an operator')).toBe(
      'this takes the key of an operator (PARLEY_KEY)',
    );
  });

  it('An error stays as it is where it is about no option, and where it is no refusal', async () => {
    const command = await verb('withdraw');
    const other = new Error('other');
    expect(inOptions(other, command)).toBe(other);
    const unreachable = new ParleyError(0, 'UNREACHABLE', 'price must');
    expect(inOptions(unreachable, await verb('post'))).toBe(unreachable);
    expect(told(command, 'INTENTION_CLOSED', refusals.INTENTION_CLOSED)).toBe(refusals.INTENTION_CLOSED);
    expect(told(command, 'FORBIDDEN', 'without keys the exchange answers only to localhost')).not.toContain('--key');
  });

  it('A refusal in the words of the options keeps its code, its status and how long to wait', async () => {
    const error = inOptions(new ParleyError(429, 'X', 'price must', { retryAfterMs: 7 }), await verb('post'));
    expect(error).toMatchObject({ status: 429, code: 'X', retryAfterMs: 7, message: 'X: --price must' });
  });
});
