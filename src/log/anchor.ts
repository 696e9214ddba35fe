/**
 * An anchor pins a log from outside: `SHARD/POSITION:DIGEST`. The digest is that of the batch that ends right before the position, so it
 * stands for every event up to there. Anchors that are kept where nobody who can change the log can change them reveal a log that
 * was rolled back or replaced: the chain of digests within the log shows neither.
 */
export interface Anchor {
  /** Undefined where it is not said: shard 0, or the only one that is asked of. */
  readonly shard: number | undefined;
  /** Position after the last event that it stands for; 1 or more. */
  readonly position: number;
  /** 64 lower-case hexadecimal digits. */
  readonly digest: string;
}

export function anchorText({ shard = 0, position, digest }: Anchor): string {
  return `${shard}/${position}:${digest}`;
}

/** Undefined for what is no anchor. */
export function parseAnchor(text: string): Anchor | undefined {
  const [, shard, position = '', digest = ''] = /^(?:(\d{1,7})\/)?([1-9]\d{0,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (!Number.isSafeInteger(Number(position)) || digest === '') return undefined;
  return {
    shard: shard === undefined ? undefined : Number(shard),
    position: Number(position),
    digest: digest.toLowerCase(),
  };
}
