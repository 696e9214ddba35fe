import fc from 'fast-check';
import { expect, it } from 'vitest';
import { priceRuleNames, selfTradeNames, withdrawReasonNames } from '../../../../src/domain/terms.js';
import { type RefusalCode, refusals } from '../../../../src/exchange/commands.js';
import { FlowError } from '../../../../src/flow/flow-error.js';
import { shownTime } from '../../../../src/flow/script/fields.js';
import type { FlowLine } from '../../../../src/flow/script/flow-line.js';
import { parseFlowLine } from '../../../../src/flow/script/grammar.js';
import { runs } from '../../../support/property/runs.js';

const id = fc.string({
  unit: fc.integer({ min: 0x24, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 64,
});
const integer = fc.maxSafeInteger().map((value) => value + 0);
const natural = fc.maxSafeNat();
const level = fc.record({ price: natural, quantity: natural });
const levels = fc.array(level, { maxLength: 10 });

/** Undefined half of the time. */
const maybe = <Value>(some: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(some, { nil: undefined });
const of = <const Words extends readonly string[]>(words: Words): fc.Arbitrary<Words[number]> =>
  fc.constantFrom<Words[number]>(...words);
const kind = <Kind extends FlowLine['kind']>(name: Kind): fc.Arbitrary<Kind> => fc.constant(name);
const by = maybe(id);
const time = fc.nat(359_999_999);
const timeInForce = fc.oneof(
  fc.record({ timeInForce: maybe(of(['gtc', 'ioc', 'fok'])) }),
  fc.record({ timeInForce: fc.constant('gtd' as const), expiresAtMs: time }),
);

const anyLine: fc.Arbitrary<FlowLine> = fc.oneof(
  fc.record({ kind: kind('scenario'), name: id }),
  fc.record({
    kind: kind('instrument'),
    terms: fc
      .record(
        {
          tick: natural,
          lot: natural,
          min: natural,
          max: natural,
          priceRule: of(priceRuleNames),
          selfTrade: of(selfTradeNames),
        },
        { requiredKeys: [] },
      )
      .filter((terms) => Object.keys(terms).length > 0),
  }),
  fc.record({ kind: kind('phase'), phase: of(['call', 'continuous']) }),
  fc.record({ kind: kind('at'), timeMs: time }),
  fc
    .tuple(
      fc.record({
        kind: kind('post'),
        id,
        side: of(['buy', 'sell']),
        price: fc.oneof(integer, of(['market'])),
        quantity: integer,
        postOnly: maybe(fc.constant(true)),
        by,
      }),
      timeInForce,
    )
    .map(([post, until]) => ({ ...post, ...until })),
  fc.record({ kind: kind('withdraw'), id, by }),
  fc.record({ kind: kind('reduce'), id, quantity: integer, by }),
  fc.record({ kind: kind('replace'), id, price: integer, quantity: integer, by }),
  fc.record({ kind: kind('uncross'), price: natural, volume: natural }),
  fc.record({ kind: kind('deal'), taker: id, maker: id, price: natural, quantity: natural }),
  fc.record({ kind: kind('fill'), id, price: natural, quantity: natural }),
  fc.record({ kind: kind('book'), bids: levels, asks: levels }),
  fc.record({ kind: kind('top'), bid: level, ask: level }),
  fc.record({ kind: kind('rejected'), code: maybe(of(Object.keys(refusals) as RefusalCode[])) }), // its own names
  fc.record({ kind: kind('expired'), id }),
  fc.record({ kind: kind('withdrawn'), id, reason: of(withdrawReasonNames) }),
);

function shown(line: FlowLine): string {
  switch (line.kind) {
    case 'post': {
      const side = line.side === 'buy' ? 'B' : 'S';
      const until = line.timeInForce === 'gtd' ? `gtd ${shownTime(line.expiresAtMs ?? 0)}` : line.timeInForce;
      const options = [until, line.postOnly === true ? 'postonly' : undefined, ...byOf(line)];
      return joined('post', line.id, side, line.price, line.quantity, ...options);
    }
    case 'withdraw':
      return joined('withdraw', line.id, ...byOf(line));
    case 'reduce':
      return joined('reduce', line.id, line.quantity, ...byOf(line));
    case 'replace':
      return joined('replace', line.id, line.price, line.quantity, ...byOf(line));
    case 'instrument': {
      const terms: readonly (readonly [string, string | number])[] = Object.entries(line.terms);
      return joined('instrument', ...terms.flatMap(([name, value]) => [name.toLowerCase(), value]));
    }
    case 'at':
      return `at ${shownTime(line.timeMs)}`;
    case 'book': {
      const side = (some: typeof line.bids): string =>
        some.map(({ price, quantity }) => ` ${price} ${quantity}`).join('');
      return `book b${side(line.bids)} a${side(line.asks)}`;
    }
    case 'top':
      return `top ${line.bid.price} ${line.bid.quantity} ${line.ask.price} ${line.ask.quantity}`;
    default:
      return joined(...(Object.values(line) as (string | number | undefined)[])); // flat ones
  }
}

function byOf({ by: participant }: { readonly by?: string | undefined }): (string | undefined)[] {
  return participant === undefined ? [] : ['by', participant];
}

function joined(...fields: readonly (string | number | undefined)[]): string {
  return fields.filter((field) => field !== undefined).join(' ');
}

it('Every line of order flow reads back as what was written', () => {
  fc.assert(
    fc.property(anyLine, (line) => {
      expect(parseFlowLine(shown(line), { file: 'f', line: 1 })).toEqual(line);
    }),
  );
});

it('A line of order flow that is not of the grammar gets a FlowError of one short line, and nothing else', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'post',
      'deal',
      'book',
      'b',
      'a',
      '-',
      '',
      'B',
      'ioc',
      'gtd',
      'by',
      'instrument',
      'tick',
      '__proto__',
    ),
    fc.string(),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(word, { maxLength: 8 }).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(text, (line) => {
      try {
        parseFlowLine(line, { file: 'f', line: 1 });
      } catch (error) {
        if (!(error instanceof FlowError)) throw error;
        expect(error.message).toMatch(/^f:1: expected [\x20-\x7e…]{1,700}$/);
      }
    }),
    runs(500),
  );
});
