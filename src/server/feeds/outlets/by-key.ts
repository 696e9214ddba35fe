import type { KeyInUse } from '../../doors/access.js';

interface Share<Open> {
  readonly open: Set<Open>;
  readonly onAbort: () => void;
}

/** What each key has open, so that it ends together when the key is taken back: one listener a key, however much it has. */
export class ByKey<Open> {
  private readonly shares = new Map<KeyInUse, Share<Open>>();

  constructor(private readonly onRevoked: (open: Iterable<Open>) => void) {}

  /** Until the function that it returns is called. */
  join(key: KeyInUse, one: Open): () => void {
    const share = this.shares.get(key) ?? this.begin(key);
    share.open.add(one);
    return () => {
      if (share.open.delete(one) && share.open.size === 0) this.end(key, share);
    };
  }

  private begin(key: KeyInUse): Share<Open> {
    const open = new Set<Open>();
    const share = { open, onAbort: () => this.onRevoked(open) };
    this.shares.set(key, share);
    key.revoked.addEventListener('abort', share.onAbort);
    return share;
  }

  private end(key: KeyInUse, { onAbort }: Share<Open>): void {
    this.shares.delete(key);
    key.revoked.removeEventListener('abort', onAbort);
  }
}
