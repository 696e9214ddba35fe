import { describe, expect, it } from 'vitest';
import { parseInstrument } from '../../../../../src/domain/instrument.js';
import { type CheckedAgainst, checkDraft, type Draft } from '../../../../../src/web/market/post/draft.js';

const terms = parseInstrument({ symbol: 'ACME', tickSize: '0.01', lotSize: '1' });
if ('code' in terms) throw new Error(terms.detail);
const against: CheckedAgainst = { terms, phase: 'continuous', mustName: false, nowMs: Date.UTC(2026, 10, 29, 10) };
const draft = (more: Partial<Draft> = {}): Draft => ({
  ...{ participant: '', side: 'buy', type: 'limit', price: '10.25', quantity: '40', timeInForce: 'gtc' },
  ...{ expiresAt: '', isPostOnly: false },
  ...more,
});

describe('checkDraft', () => {
  it('The check of a draft gives the post that is meant', () => {
    expect(checkDraft(draft({ price: '10.2' }), against)).toEqual({
      post: { instrument: 'ACME', side: 'buy', type: 'limit', price: '10.20', quantity: '40', timeInForce: 'gtc' },
    });
  });

  it('The check of a draft gives a market intention neither a price nor a time in force that rests', () => {
    const post = checkDraft(draft({ type: 'market', price: 'x', isPostOnly: true }), against);
    expect(post).toEqual({
      post: { instrument: 'ACME', side: 'buy', type: 'market', quantity: '40', timeInForce: 'ioc' },
    });
  });

  it('The check of a draft asks an operator on whose behalf to post, by a name that the exchange takes', () => {
    const operator = { ...against, mustName: true };
    expect(checkDraft(draft(), operator)).toEqual({ errors: { participant: 'Say for whom.' } });
    expect(checkDraft(draft({ participant: '<img>' }), operator)).toHaveProperty('errors.participant');
    expect(checkDraft(draft({ participant: ' alice ' }), operator)).toMatchObject({ post: { participant: 'alice' } });
  });

  it('The check of a draft names all that is wrong at once', () => {
    const checked = checkDraft(draft({ price: '', quantity: '1.5', timeInForce: 'gtd' }), against);
    expect(checked).toEqual({
      errors: {
        price: 'Give a price.',
        quantity: 'Not a multiple of the lot, 1: 1 or 2 would do.',
        expiresAt: 'Say until when.',
      },
    });
  });

  it('The check of a draft takes a time of this machine that is to come, and no other', () => {
    const until = (expiresAt: string) => checkDraft(draft({ timeInForce: 'gtd', expiresAt }), against);
    const local = new Date(against.nowMs + 3_600_000);
    const pad = (value: number): string => String(value).padStart(2, '0');
    const typed = `${local.getFullYear()}-${pad(local.getMonth() + 1)}-${pad(local.getDate())}T${pad(local.getHours())}:00`;
    expect(until(typed)).toMatchObject({ post: { timeInForce: 'gtd', expiresAt: '2026-11-29T11:00:00.000Z' } });
    expect(until('2020-01-01T00:00')).toEqual({ errors: { expiresAt: 'That is past already.' } });
  });

  it('The check of a draft asks for post only where something rests', () => {
    expect(checkDraft(draft({ isPostOnly: true }), against)).toMatchObject({ post: { postOnly: true } });
    expect(checkDraft(draft({ isPostOnly: true, timeInForce: 'ioc' }), against)).not.toHaveProperty('post.postOnly');
  });

  it('The check of a draft keeps from a call what a call refuses', () => {
    const call = { ...against, phase: 'call' } as const;
    for (const more of [{ timeInForce: 'fok' }, { timeInForce: 'ioc' }, { isPostOnly: true }] as const)
      expect(checkDraft(draft(more), call)).toHaveProperty('errors.timeInForce');
    expect(checkDraft(draft({ type: 'market' }), call)).toHaveProperty('post');
    expect(checkDraft(draft(), call)).toHaveProperty('post');
  });
});
