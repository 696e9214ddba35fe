import { type Signal, useSignal } from '@preact/signals';
import type { IntentionAcknowledged, PostIntention } from '../../../client/types.js';
import { ParleyError } from '../../../client/wire/error.js';
import { socket } from '../../app/exchange.js';
import { isAnswer, UnansweredPost } from './unanswered.js';

/** The last post of this tab. */
export type PostState =
  | { readonly state: 'idle' }
  /** It may or may not have been taken: of a page that was loaded again, or after a failure. */
  | { readonly state: 'unanswered'; readonly post: PostIntention; readonly error?: unknown }
  | { readonly state: 'sent'; readonly post: PostIntention }
  | { readonly state: 'answered'; readonly post: PostIntention; readonly answer: IntentionAcknowledged }
  | { readonly state: 'refused'; readonly post: PostIntention; readonly error: unknown };

export interface Posting {
  readonly current: Signal<PostState>;
  /** Posts under a new client id. */
  readonly post: (terms: Omit<PostIntention, 'clientIntentionId'>) => Promise<void>;
  /** Asks again for the answer to what has none, under the same client id. */
  readonly askAgain: () => Promise<void>;
  /** Lets what has no answer be. */
  readonly forget: () => void;
}

/** Posts one at a time; never rejects. The socket itself asks again when its connection breaks meanwhile. */
export function usePost(): Posting {
  const unanswered = new UnansweredPost(sessionStorage);
  const current = useSignal<PostState>(begin(unanswered.kept));
  const send = async (post: PostIntention): Promise<void> => {
    unanswered.keep(post);
    current.value = { state: 'sent', post };
    try {
      const answer = await socket.peek().send({ ...post, command: 'post' });
      unanswered.forget();
      current.value = { state: 'answered', post, answer };
    } catch (error) {
      const isOver = error instanceof ParleyError && isAnswer(error);
      if (isOver) unanswered.forget();
      current.value = isOver ? { state: 'refused', post, error } : { state: 'unanswered', post, error };
    }
  };
  return {
    current,
    post: (terms) => send({ ...terms, clientIntentionId: crypto.randomUUID() }),
    askAgain: async () => {
      const state = current.peek();
      if (state.state === 'unanswered') await send(state.post);
    },
    forget: () => {
      unanswered.forget();
      current.value = { state: 'idle' };
    },
  };
}

function begin(kept: PostIntention | undefined): PostState {
  return kept === undefined ? { state: 'idle' } : { state: 'unanswered', post: kept };
}
