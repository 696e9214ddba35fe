import { describe, expect, it } from 'vitest';
import type { IntentionAcknowledged } from '../../../../../src/client/types.js';
import { changeText, outcomeOf } from '../../../../../src/web/market/post/outcome.js';

const answer = (more: Partial<IntentionAcknowledged>): IntentionAcknowledged => ({
  ...{ id: '7', clientIntentionId: 'a-1', participant: 'alice', instrument: 'ACME', side: 'buy', type: 'limit' },
  ...{ price: '10.25', quantity: '40', timeInForce: 'gtc', postOnly: false, position: 3 },
  ...{ status: 'open', filled: '0', open: '40', deals: [] },
  ...more,
});

describe('outcomeOf', () => {
  it('The outcome of a post says at which price all was dealt', () => {
    const filled = answer({ status: 'filled', filled: '40', open: '0', averagePrice: '10.235' });
    expect(outcomeOf(filled)).toEqual({ kind: 'filled', text: '40 bought at 10.235.' });
  });

  it('The outcome of a post says what is open, and what was dealt before', () => {
    expect(outcomeOf(answer({}))).toEqual({ kind: 'open', text: 'Open: 40 to buy at 10.25.' });
    const part = answer({ side: 'sell', filled: '10', open: '30', averagePrice: '10.30' });
    expect(outcomeOf(part).text).toBe('Open: 30 to sell at 10.25; 10 sold at 10.30.');
  });

  it('The outcome of a post says why nothing is left of it', () => {
    const killed = answer({ status: 'withdrawn', open: '0', closedReason: 'fillOrKill' });
    expect(outcomeOf(killed)).toEqual({
      kind: 'closed',
      text: 'Withdrawn: it could not be filled whole at once. Nothing was dealt.',
    });
    const part = answer({
      ...{ status: 'withdrawn', open: '0', filled: '10', averagePrice: '10.20', closedReason: 'immediateOrCancel' },
    });
    expect(outcomeOf(part).text).toBe('Withdrawn: it was for at once only; 10 bought at 10.20 of 40.');
  });
});

describe('changeText', () => {
  it('The text about a change says how the intention stands after it', () => {
    const changed = { id: '7', position: 9, filled: '10' };
    expect(changeText({ ...changed, status: 'open', open: '20' })).toBe('Intention 7: 20 open.');
    expect(changeText({ ...changed, status: 'filled', open: '0' })).toBe('Intention 7 is filled: 10 dealt.');
    expect(changeText({ ...changed, status: 'withdrawn', open: '0' })).toBe('Intention 7 is withdrawn; 10 had dealt.');
  });
});
