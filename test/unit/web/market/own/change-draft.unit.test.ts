import { describe, expect, it } from 'vitest';
import type { Intention } from '../../../../../src/client/types.js';
import { parseInstrument } from '../../../../../src/domain/instrument.js';
import { type ChangeDraft, checkChange } from '../../../../../src/web/market/own/change-draft.js';

const terms = parseInstrument({ symbol: 'ACME', tickSize: '0.01', lotSize: '1' });
if ('code' in terms) throw new Error(terms.detail);
const at = '2026-11-29T10:00:00.000Z';
const intention: Intention = {
  ...{ id: '1', clientIntentionId: 'c1', participant: 'alice', instrument: 'ACME', side: 'buy', type: 'limit' },
  ...{ price: '10.20', quantity: '40', timeInForce: 'gtc', postOnly: false, status: 'open', open: '40' },
  ...{ reserved: '0', filled: '0', postedAt: at, postedPosition: 1, postedQuantity: '40' },
};
const check = (draft: Partial<ChangeDraft>) =>
  checkChange({ kind: 'replace', by: '', price: '10.20', quantity: '40', ...draft }, intention, terms);

describe('checkChange', () => {
  it('The check of a change reduces an intention by no more than is open', () => {
    expect(check({ kind: 'reduce', by: '15' })).toEqual({ change: { command: 'reduce', by: '15' } });
    expect(check({ kind: 'reduce', by: '40' })).toEqual({ change: { command: 'reduce', by: '40' } });
    expect(check({ kind: 'reduce', by: '41' })).toEqual({ errors: { by: 'Only 40 is open.' } });
  });

  it('The check of a change passes on only what is to be different, so that a smaller quantity keeps the place', () => {
    expect(check({ quantity: '30' })).toEqual({ change: { command: 'replace', quantity: '30' } });
    expect(check({ price: '10.3' })).toEqual({ change: { command: 'replace', price: '10.30' } });
  });

  it('The check of a change passes nothing on where nothing would change', () => {
    expect(check({ price: '10.2', quantity: '40' })).toEqual({ errors: { all: 'That is how it stands.' } });
  });

  it('The check of a change names all that is wrong', () => {
    expect(check({ price: '1.001', quantity: '' })).toEqual({
      errors: { price: 'Not a multiple of the tick, 0.01: 1.00 or 1.01 would do.', quantity: 'Give a quantity.' },
    });
  });
});
