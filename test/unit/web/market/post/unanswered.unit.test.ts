import { describe, expect, it } from 'vitest';
import type { PostIntention } from '../../../../../src/client/types.js';
import { isAnswer, UnansweredPost } from '../../../../../src/web/market/post/unanswered.js';

const post: PostIntention = { clientIntentionId: 'a-1', instrument: 'ACME', side: 'buy', price: '1', quantity: '1' };

/** A tab’s storage, which outlives the page. */
function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

describe('UnansweredPost', () => {
  it('An unanswered post is kept with its client id when the page is loaded again, until it is forgotten', () => {
    const tab = storage();
    new UnansweredPost(tab).keep(post);
    expect(new UnansweredPost(tab).kept).toEqual(post);
    new UnansweredPost(tab).forget();
    expect(new UnansweredPost(tab).kept).toBeUndefined();
  });
});

describe('isAnswer', () => {
  it('An answer to a post is a refusal by the exchange, and nothing that may have been taken all the same', () => {
    expect([400, 409, 422].map((status) => isAnswer({ status }))).toEqual([true, true, true]);
    expect([0, 408, 429, 500, 503].map((status) => isAnswer({ status }))).toEqual([false, false, false, false, false]);
  });
});
