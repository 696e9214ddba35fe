import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FlowError } from '../../../src/flow/flow-error.js';
import type { FlowLine } from '../../../src/flow/flow-line.js';
import { parseFlowLine } from '../../../src/flow/grammar.js';
import { runs } from '../../support/property/runs.js';

const id = fc.string({
  unit: fc.integer({ min: 0x24, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 64,
});
const integer = fc.maxSafeInteger().map((value) => value + 0);
const natural = fc.maxSafeNat();
const level = fc.record({ price: natural, quantity: natural });
const levels = fc.array(level, { maxLength: 10 });

const anyLine: fc.Arbitrary<FlowLine> = fc.oneof(
  fc.record({ kind: fc.constant('scenario' as const), name: id }),
  fc.record({ kind: fc.constant('phase' as const), phase: fc.constantFrom('call' as const, 'continuous' as const) }),
  fc.record({
    kind: fc.constant('post' as const),
    id,
    side: fc.constantFrom('buy' as const, 'sell' as const),
    price: fc.oneof(integer, fc.constant('market' as const)),
    quantity: integer,
    ioc: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('withdraw' as const), id }),
  fc.record({ kind: fc.constant('reduce' as const), id, quantity: integer }),
  fc.record({ kind: fc.constant('replace' as const), id, price: integer, quantity: integer }),
  fc.record({ kind: fc.constant('uncross' as const), price: natural, volume: natural }),
  fc.record({ kind: fc.constant('deal' as const), taker: id, maker: id, price: natural, quantity: natural }),
  fc.record({ kind: fc.constant('fill' as const), id, price: natural, quantity: natural }),
  fc.record({ kind: fc.constant('book' as const), bids: levels, asks: levels }),
  fc.record({ kind: fc.constant('top' as const), bid: level, ask: level }),
  fc.record({ kind: fc.constant('rejected' as const) }),
);

function shown(line: FlowLine): string {
  switch (line.kind) {
    case 'post': {
      const side = line.side === 'buy' ? 'B' : 'S';
      return `post ${line.id} ${side} ${line.price} ${line.quantity}${line.ioc ? ' ioc' : ''}`;
    }
    case 'book': {
      const side = (some: typeof line.bids): string =>
        some.map(({ price, quantity }) => ` ${price} ${quantity}`).join('');
      return `book b${side(line.bids)} a${side(line.asks)}`;
    }
    case 'top':
      return `top ${line.bid.price} ${line.bid.quantity} ${line.ask.price} ${line.ask.quantity}`;
    default:
      return Object.values(line).join(' ');
  }
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
    fc.constantFrom('post', 'deal', 'book', 'b', 'a', '-', '', 'B', 'ioc', '__proto__'),
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
