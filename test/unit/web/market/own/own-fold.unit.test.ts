import { describe, expect, it } from 'vitest';
import type { OwnDealt, OwnMessage } from '../../../../../src/client/own/own-types.js';
import type { Intention } from '../../../../../src/client/types.js';
import { OwnFold, ownLevels } from '../../../../../src/web/market/own/own-fold.js';

const at = '2026-11-29T10:00:00.000Z';
const intention = (id: string, more: Partial<Intention> = {}): Intention => ({
  ...{ id, clientIntentionId: `c${id}`, participant: 'alice', instrument: 'ACME', side: 'buy', type: 'limit' },
  ...{ price: '10.20', quantity: '40', timeInForce: 'gtc', postOnly: false, status: 'open', open: '40' },
  ...{ reserved: '0', filled: '0', postedAt: at, postedPosition: 1, postedQuantity: '40' },
  ...more,
});
const told = { channel: 'own', position: 9, at, clientIntentionId: 'c1', instrument: 'ACME', side: 'buy' } as const;
const dealt = (id: string, open: string, status: OwnDealt['status'] = 'open'): OwnMessage => ({
  ...{ ...told, id, status, open, reserved: '0', filled: '30', type: 'dealt', deal: '1-1' },
  ...{ price: '10.20', quantity: '30', takerSide: 'sell' },
});

describe('OwnFold', () => {
  it('The fold of one’s own intentions holds what is open in the instrument, as each message leaves it', () => {
    const fold = new OwnFold('alice', 'ACME', [intention('1'), intention('2', { instrument: 'GLOBEX' })]);
    expect(fold.take(dealt('1', '10'))).toBe(true);
    expect(fold.list).toEqual([intention('1', { open: '10', filled: '30' })]);
  });

  it('The fold of one’s own intentions takes what is posted, unless it is of somebody else or of another instrument', () => {
    const fold = new OwnFold('alice', 'ACME', []);
    const posted = (posted: Intention): OwnMessage => ({
      ...{ ...told, id: posted.id, status: 'open', open: '40', reserved: '0', filled: '0', type: 'posted' },
      intention: posted,
    });
    expect(fold.take(posted(intention('3')))).toBe(true);
    expect(fold.take(posted(intention('4', { participant: 'bob' })))).toBe(false);
    expect(fold.take(posted(intention('5', { instrument: 'GLOBEX' })))).toBe(false);
    expect(fold.list.map(({ id }) => id)).toEqual(['3']);
  });

  it('The fold of one’s own intentions gives up what has closed, and moves what was given another limit', () => {
    const fold = new OwnFold('alice', 'ACME', [intention('1'), intention('2')]);
    fold.take(dealt('1', '0', 'filled'));
    fold.take({
      ...{ ...told, id: '2', status: 'open', open: '35', reserved: '0', filled: '0' },
      ...{ type: 'amended', price: '10.10' },
    });
    expect(fold.list).toEqual([intention('2', { price: '10.10', open: '35' })]);
  });

  it('The fold of one’s own intentions is not changed by what is about none of them', () => {
    const fold = new OwnFold('alice', 'ACME', [intention('1')]);
    expect(fold.take({ channel: 'own', position: 12, type: 'upTo' })).toBe(false);
    expect(fold.take(dealt('7', '10'))).toBe(false);
  });
});

describe('ownLevels', () => {
  it('The levels of one’s own intentions add up what stands at one price on one side', () => {
    const levels = ownLevels([
      intention('1', { open: '10' }),
      intention('2', { open: '0.5' }),
      intention('3', { side: 'sell', open: '3' }),
    ]);
    expect([...levels]).toEqual([
      ['buy 10.20', '10.5'],
      ['sell 10.20', '3'],
    ]);
  });
});
