import type { PostIntention } from '../../../client/types.js';

/** What of the browser’s storage is needed. */
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

const KEPT_AS = 'parley-unanswered';

/**
 * Keeps a post, with its client id, until it is answered, also while the page is loaded again: asked again under the same id, it is
 * done once at most.
 */
export class UnansweredPost {
  constructor(private readonly storage: Storage) {}

  keep(post: PostIntention): void {
    this.storage.setItem(KEPT_AS, JSON.stringify(post));
  }

  /** The one that is kept; undefined where all are answered. */
  get kept(): PostIntention | undefined {
    const text = this.storage.getItem(KEPT_AS);
    return text === null ? undefined : (JSON.parse(text) as PostIntention); // `keep` wrote it
  }

  /** It has been answered, or nobody asks any more. */
  forget(): void {
    this.storage.removeItem(KEPT_AS);
  }
}

/** Whether a refusal is the exchange’s last word on a post; otherwise it may have been taken all the same. */
export function isAnswer({ status }: { readonly status: number }): boolean {
  return status >= 400 && status < 500 && status !== 429 && status !== 408;
}
