import { afterAll, describe, expect, it } from 'vitest';
import { FlowError } from '../../../../src/flow/flow-error.js';
import type { FlowLine } from '../../../../src/flow/script/flow-line.js';
import { forms } from '../../../../src/flow/script/forms.js';
import { parseFlowLine } from '../../../../src/flow/script/grammar.js';
import { StepCounter } from '../../../support/step-counter.js';

const steps = new StepCounter();
afterAll(() => {
  steps.end();
});

const sale = { kind: 'post', id: 'a1', side: 'sell', price: 100, quantity: 5 } as const;
const all = { timeInForce: 'gtd', postOnly: true, by: 'alice' } as const;

const parse = (text: string): FlowLine => parseFlowLine(text, { file: 'flow.txt', line: 7 });

function messageOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof FlowError && error.code === 'FLOW_MALFORMED_LINE' && error.where.line === 7) {
      return error.message;
    }
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('a line of order flow', () => {
  it.each<[string, FlowLine]>([
    ['scenario sweep_two_levels', { kind: 'scenario', name: 'sweep_two_levels' }],
    ['phase call', { kind: 'phase', phase: 'call' }],
    ['phase continuous', { kind: 'phase', phase: 'continuous' }],
    ['post a1 B 100 5', { kind: 'post', id: 'a1', side: 'buy', price: 100, quantity: 5 }],
    ['post a1 S 100 5 ioc', { kind: 'post', id: 'a1', side: 'sell', price: 100, quantity: 5, timeInForce: 'ioc' }],
    ['post u1 S market 5', { kind: 'post', id: 'u1', side: 'sell', price: 'market', quantity: 5 }],
    ['post a1 S 100 5 fok', { ...sale, timeInForce: 'fok' }],
    ['post a1 S 100 5 gtc', { ...sale, timeInForce: 'gtc' }],
    ['post a1 S 100 5 gtd 16:00', { ...sale, timeInForce: 'gtd', expiresAtMs: 57_600_000 }],
    ['post a1 S 100 5 gtd 09:30:01.250', { ...sale, timeInForce: 'gtd', expiresAtMs: 34_201_250 }],
    ['post a1 S 100 5 postonly', { ...sale, postOnly: true }],
    ['post a1 S 100 5 by alice', { ...sale, by: 'alice' }],
    ['post a1 S 100 5 by by', { ...sale, by: 'by' }],
    ['post a1 S 100 5 postonly by alice gtd 00:00', { ...sale, ...all, expiresAtMs: 0 }],
    ['post a1 S 100 5 gtd 99:59 by alice postonly', { ...sale, ...all, expiresAtMs: 359_940_000 }],
    ['instrument tick 5', { kind: 'instrument', terms: { tick: 5 } }],
    [
      'instrument selftrade refuseArriving pricerule seller max 9 min 1 lot 10 tick 5',
      {
        kind: 'instrument',
        terms: { tick: 5, lot: 10, min: 1, max: 9, priceRule: 'seller', selfTrade: 'refuseArriving' },
      },
    ],
    ['at 00:00:00.001', { kind: 'at', timeMs: 1 }],
    ['at 26:30', { kind: 'at', timeMs: 95_400_000 }],
    ['withdraw a1 by alice', { kind: 'withdraw', id: 'a1', by: 'alice' }],
    ['reduce a1 5 by alice', { kind: 'reduce', id: 'a1', quantity: 5, by: 'alice' }],
    ['replace a1 99 5 by alice', { kind: 'replace', id: 'a1', price: 99, quantity: 5, by: 'alice' }],
    ['rejected SELF_TRADE', { kind: 'rejected', code: 'SELF_TRADE' }],
    ['expired a1', { kind: 'expired', id: 'a1' }],
    ['withdrawn a1 fillOrKill', { kind: 'withdrawn', id: 'a1', reason: 'fillOrKill' }],
    ['withdraw x~2', { kind: 'withdraw', id: 'x~2' }],
    ['reduce a1 5', { kind: 'reduce', id: 'a1', quantity: 5 }],
    ['replace a1 99 5', { kind: 'replace', id: 'a1', price: 99, quantity: 5 }],
    ['uncross 100 44', { kind: 'uncross', price: 100, volume: 44 }],
    ['uncross 0 0', { kind: 'uncross', price: 0, volume: 0 }],
    ['deal 2 1 100 5', { kind: 'deal', taker: '2', maker: '1', price: 100, quantity: 5 }],
    ['fill 2 100 5', { kind: 'fill', id: '2', price: 100, quantity: 5 }],
    ['top 99 5 0 0', { kind: 'top', bid: { price: 99, quantity: 5 }, ask: { price: 0, quantity: 0 } }],
    ['rejected', { kind: 'rejected' }],
    ['book b a', { kind: 'book', bids: [], asks: [] }],
    ['book b 9 1 8 2 a', { kind: 'book', bids: [level(9, 1), level(8, 2)], asks: [] }],
    ['book b a 10 1', { kind: 'book', bids: [], asks: [level(10, 1)] }],
    ['# XSHG 1 day', { kind: 'comment', text: 'XSHG 1 day' }],
    ['', { kind: 'blank' }],
    ['   ', { kind: 'blank' }],
  ])('A line of order flow is read: %j', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('A line of order flow may end in spaces and a comment', () => {
    expect(parse('withdraw 5  ')).toEqual({ kind: 'withdraw', id: '5' });
    expect(parse('withdraw 5 # stale # twice')).toEqual({ kind: 'withdraw', id: '5' });
    expect(parse('withdraw 5#6')).toEqual({ kind: 'withdraw', id: '5#6' });
    expect(parse('  # indented')).toEqual({ kind: 'blank' });
  });

  it('A line of order flow may post, reduce or replace by zero or less, which is for the exchange to refuse', () => {
    expect(parse('post 1 B 100 0')).toMatchObject({ quantity: 0 });
    expect(parse('post 1 B -100 -5')).toMatchObject({ price: -100, quantity: -5 });
    expect(parse('reduce 1 -5')).toMatchObject({ quantity: -5 });
    expect(parse('replace 1 0 0')).toMatchObject({ price: 0, quantity: 0 });
  });

  it('A line of order flow may hold integers up to 2^53 - 1', () => {
    expect(parse('post 1 B 9007199254740991 1')).toMatchObject({ price: Number.MAX_SAFE_INTEGER });
    expect(messageOf('post 1 B 9007199254740992 1')).toContain('an integer below 2^53 as PRICE');
    expect(messageOf('post 1 B 99999999999999999999 1')).toContain('an integer below 2^53 as PRICE');
  });

  it('A line of order flow may list ten levels a side, and no more', () => {
    const tenLevels = ' 5 1'.repeat(10);
    expect(parse(`book b${tenLevels} a${tenLevels}`)).toMatchObject({ kind: 'book' });
    expect(messageOf(`book b${tenLevels} 5 1 a`)).toContain('at most 10 levels a side');
    expect(messageOf(`book b${tenLevels} 5 1 a${tenLevels}`)).toContain('expected `book b');
  });

  it('A line of order flow names what was expected, and shows what was found', () => {
    expect(messageOf('post 1 X 100 5')).toBe(
      'flow.txt:7: expected `' +
        'post ID B|S PRICE|market QTY [gtc|ioc|fok|gtd TIME] [postonly] [by PARTICIPANT]`, with B or S as third field; found "post 1 X 100 5"',
    );
    expect(messageOf('phase closed')).toBe('flow.txt:7: expected `phase call|continuous`; found "phase closed"');
    expect(messageOf('sell 1')).toMatch(/^flow\.txt:7: expected one of scenario, instrument, .*; found "sell 1"$/);
  });

  it.each([
    ['a field too few', 'post 1 B 100'],
    ['a field too many', 'withdraw 1 2'],
    ['something else than a term after QTY', 'post 1 B 100 5 now'],
    ['two times in force', 'post 1 B 100 5 ioc fok'],
    ['the same term twice', 'post 1 B 100 5 postonly postonly'],
    ['two participants', 'post 1 B 100 5 by a by b'],
    ['nobody', 'post 1 B 100 5 by'],
    ['an empty participant', 'withdraw 1 by '],
    ['no time', 'post 1 B 100 5 gtd'],
    ['a time without its zero', 'at 9:30'],
    ['a time with 60 minutes', 'at 09:60'],
    ['a time with two decimals', 'at 09:30:00.12'],
    ['a number as a time', 'at 34200'],
    ['an instrument without terms', 'instrument'],
    ['a term without its value', 'instrument tick'],
    ['a term twice', 'instrument tick 5 tick 5'],
    ['a term that there is not', 'instrument colour 5'],
    ['a price rule that there is not', 'instrument pricerule buyer'],
    ['a self-trade rule that there is not', 'instrument selftrade never'],
    ['a code that there is not', 'rejected SOMEHOW'],
    ['the name of an object’s own method as a code', 'rejected constructor'],
    ['a reason that there is not', 'withdrawn 1 bored'],
    ['a withdrawal without its reason', 'withdrawn 1'],
    ['two spaces', 'post 1  B 100 5'],
    ['a leading space', ' post 1 B 100 5'],
    ['a tab', 'post\t1 B 100 5'],
    ['a plus sign', 'post 1 B +100 5'],
    ['a leading zero', 'post 1 B 0100 5'],
    ['a decimal point', 'post 1 B 1.5 5'],
    ['an exponent', 'post 1 B 1e3 5'],
    ['a hexadecimal', 'post 1 B 0x10 5'],
    ['digits of another script', 'post 1 B ٣ 5'],
    ['minus zero', 'post 1 B 100 -0'],
    ['two minus signs', 'post 1 B 100 --5'],
    ['a minus alone', 'post 1 B 100 -'],
    ['a negative deal', 'deal 2 1 100 -5'],
    ['a negative level', 'top -1 5 0 0'],
    ['a market replacement', 'replace 1 market 5'],
    ['an id of 65 characters', `withdraw ${'x'.repeat(65)}`],
    ['an id beyond ASCII', 'withdraw é'],
    ['an id with a control character', 'withdraw a\u001bb'],
    ['a book without asks', 'book b 9 1'],
    ['a book without bids', 'book 9 1 a 10 1'],
    ['half a level', 'book b 9 a 10 1'],
    ['a keyword in capitals', 'POST 1 B 100 5'],
    ['the name of an object’s own method', 'constructor 1'],
    ['an invisible scenario', 'scenario \u200b'],
    ['no scenario', 'scenario '],
  ])('A line of order flow is refused for %s', (_, text) => {
    expect(messageOf(text)).toContain('flow.txt:7: expected ');
  });

  it('A line of order flow is quoted in an error short and without control characters', () => {
    expect(messageOf('nonsense\u001b[2J\u009b\u202e')).toContain(String.raw`found "nonsense\u001b[2J\u009b\u202e"`);
    expect(messageOf('x '.repeat(100_000)).length).toBeLessThan(300);
  });

  it.each([10, 25_000])('A line of order flow is read in two steps a character: the last of four times %d', (count) => {
    const lines = Array.from({ length: count }, (_, index) => [
      `post ${index} B 1800000 100`,
      `deal ${index} ${index + 1} 1800000 100`,
      `withdraw 64127772${index}`,
      `top 1800000 100 1800010 ${index}`,
    ]).flat();
    const characters = lines.join('').length;
    const taken = steps.of(() => lines.forEach(parse));
    expect(taken).toBeGreaterThan(characters);
    expect(taken).toBeLessThan(2.2 * characters);
  });

  it('A line of order flow is refused as soon as it has too many fields, whatever they are', () => {
    expect(steps.of(() => messageOf('x '.repeat(100_000)))).toBeLessThan(100);
  });

  it.each(['withdraw ', 'scenario ', 'post 1 B 100 ', 'book b 1 ', '', '#'])(
    'A line of order flow is read in a step a character at the most when it is long: %j and more',
    (start) => {
      for (const text of [`${start}${'x'.repeat(100_000)}`, `${start}${'9'.repeat(50_000)}${' '.repeat(50_000)}`]) {
        const taken = steps.of(() => {
          try {
            parse(text);
          } catch (error) {
            expect(error).toBeInstanceOf(FlowError);
          }
        });
        expect(taken).toBeLessThan(1.1 * text.length);
      }
    },
  );
});

function level(price: number, quantity: number): { price: number; quantity: number } {
  return { price, quantity };
}

describe('the table of forms', () => {
  it.each(Object.entries(forms))(
    'The table of forms has an example of `%s` that is of that form, and a syntax that begins with it',
    (keyword, form) => {
      expect(parse(form.example)).toMatchObject({ kind: keyword });
      expect(form.syntax.split(' ')[0]).toBe(keyword);
    },
  );
});
