import { describe, expect, it } from 'vitest';
import type { PostIntention } from '../../../../src/client/index.js';
import { Unanswered } from '../../../../src/client/commands/unanswered.js';
import { gate } from '../../../support/gate.js';

const post = (clientIntentionId: string): PostIntention => ({
  clientIntentionId,
  instrument: 'ACME',
  side: 'buy',
  quantity: '1',
});
const idsIn = (piece: string | undefined): string[] =>
  (piece ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as PostIntention).clientIntentionId);
const always = (): boolean => true;

function of(...ids: string[]): Iterator<PostIntention> {
  return ids.map(post)[Symbol.iterator]();
}

describe('unanswered posts', () => {
  it('Unanswered posts are given once a connection, and again to the next one until they are answered', async () => {
    const unanswered = new Unanswered(of('a', 'b', 'c'), 10, JSON.stringify);
    expect(idsIn(await unanswered.piece(always))).toEqual(['a', 'b', 'c']);
    unanswered.answered();
    unanswered.rewind();
    expect(idsIn(await unanswered.piece(always))).toEqual(['b', 'c']);
    expect(await unanswered.piece(always)).toBeUndefined();
    expect(unanswered.isOver).toBe(false);
    unanswered.answered();
    unanswered.answered();
    expect(unanswered.isOver).toBe(true);
  });

  it('Unanswered posts are no more than the window: the source waits', async () => {
    const unanswered = new Unanswered(of('a', 'b', 'c'), 2, JSON.stringify);
    expect(idsIn(await unanswered.piece(always))).toEqual(['a', 'b']);
    const next = unanswered.piece(always);
    unanswered.answered();
    expect(idsIn(await next)).toEqual(['c']);
  });

  it('Unanswered posts are sent as they come from a slow source, which need not fill anything', async () => {
    const { wait, open } = gate();
    async function* slow(): AsyncGenerator<PostIntention> {
      yield post('a');
      await wait();
      yield post('b');
    }
    const unanswered = new Unanswered(slow(), 10, JSON.stringify);
    expect(idsIn(await unanswered.piece(always))).toEqual(['a']);
    open();
    expect(idsIn(await unanswered.piece(always))).toEqual(['b']);
  });

  it('Unanswered posts lose nothing that the source was asked for by a connection that broke', async () => {
    let give: (result: IteratorResult<PostIntention>) => void = () => undefined;
    let asked = 0;
    const source: AsyncIterator<PostIntention> = {
      next: () =>
        asked++ === 0 ? new Promise((resolve) => (give = resolve)) : Promise.resolve({ done: true, value: undefined }),
    };
    const unanswered = new Unanswered(source, 10, JSON.stringify);
    let isOpen = true;
    const old = unanswered.piece(() => isOpen);
    isOpen = false;
    unanswered.rewind();
    const current = unanswered.piece(always);
    give({ done: false, value: post('a') });
    expect(await old).toBeUndefined();
    expect(idsIn(await current)).toEqual(['a']);
  });

  it('Unanswered posts remember what the source threw', async () => {
    const failure = new Error('no more');
    const unanswered = new Unanswered(
      { next: () => Promise.reject(failure) } satisfies AsyncIterator<PostIntention>,
      10,
      JSON.stringify,
    );
    await expect(unanswered.piece(always)).rejects.toBe(failure);
    expect(unanswered.failure).toEqual({ error: failure });
  });
});
