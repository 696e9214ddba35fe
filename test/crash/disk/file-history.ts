/** The content of one file on a disk that loses power: what of it is durable, and the changes made since. */
import { areNearlySame, LEAST_LOST_BYTES } from '../../support/disk/simulated-disk.js';
import type { Random } from '../../support/random.js';
import { Image } from './image.js';
import type { ContentChange } from './undo-journal.js';

/** What happens to changes that were not synced; `prefix`, `sectors` and `zeroed` tear. */
export type Loss = 'kept' | 'lost' | 'prefix' | 'sectors' | 'zeroed';
/** In proportion to how often each is to happen. */
export const losses: readonly Loss[] = ['kept', 'lost', 'lost', 'prefix', 'prefix', 'sectors', 'sectors', 'zeroed'];

const SECTOR_BYTES = 512;

type Change =
  | { readonly kind: 'write'; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly length: number };

/** 1. `durable` and `pending` together give `now`, but for changes whose sync failed: those are in `now` alone. */
export class FileHistory {
  private readonly durable: Image;
  private pending: Change[] = [];
  private readonly undone: Change[] = [];

  /** `now` is the file's content as every process sees it. */
  constructor(readonly now: Buffer) {
    this.durable = new Image(now);
  }

  /** Takes a change back; to be called for all of them, the latest first. */
  undo({ kind, offset, length, oldSize, old }: ContentChange): void {
    const { durable } = this;
    if (kind === 'truncate') {
      this.undone.push({ kind, length });
      durable.write(length, old);
    } else {
      // A short write, and one during which the process died, wrote less than they were asked to.
      this.undone.push({ kind, offset, data: Buffer.from(durable.content.subarray(offset, offset + length)) });
      durable.write(offset, old);
    }
    durable.resize(oldSize);
  }

  /** Makes the next of the changes that were taken back, the earliest first; it is not durable yet. */
  redo(): void {
    const change = this.undone.pop();
    if (change === undefined) throw new Error('there is no change to be made again');
    this.pending.push(change);
  }

  sync(): void {
    for (const change of this.pending) apply(this.durable, change);
    this.pending = [];
  }

  /** What is pending will never be durable, though every process goes on seeing it. */
  failSync(): void {
    this.pending = [];
  }

  get isDurable(): boolean {
    return this.pending.length === 0 && this.durable.content.equals(this.now);
  }

  /** What is on the disk when power comes back. */
  lose(loss: Loss, random: Random): Buffer {
    switch (loss) {
      case 'kept':
        return this.withFirst(this.pending.length).content;
      case 'lost':
        return this.durable.content;
      case 'prefix':
        return this.losePrefix(random);
      case 'sectors':
        return this.loseSectors(() => random.chance(1, 2));
      case 'zeroed':
        return this.loseSectors(() => true);
    }
  }

  private withFirst(count: number): Image {
    const image = this.durable.copy();
    for (const change of this.pending.slice(0, count)) apply(image, change);
    return image;
  }

  /** Some changes, in order, and of the last of them the first part. */
  private losePrefix(random: Random): Buffer {
    const whole = random.below(this.pending.length + 1);
    const image = this.withFirst(whole);
    const torn = this.pending[whole];
    if (torn?.kind === 'write') {
      const cut = torn.offset + random.below(torn.data.length + 1);
      const end = random.chance(1, 2) ? cut : Math.max(torn.offset, cut - (cut % SECTOR_BYTES));
      const written = end - torn.offset;
      image.write(
        torn.offset,
        torn.data.length - written < LEAST_LOST_BYTES ? torn.data : torn.data.subarray(0, written),
      );
    }
    return image.content;
  }

  /** The length as it is, and of the sectors that were changed some as they were before: zero, where there was nothing. */
  private loseSectors(isLost: () => boolean): Buffer {
    const image = this.withFirst(this.pending.length).content;
    const before = this.durable.copy();
    before.resize(Math.max(image.length, before.content.length));
    for (let from = 0; from < image.length; from += SECTOR_BYTES) {
      const until = Math.min(from + SECTOR_BYTES, image.length);
      const old = before.content.subarray(from, until);
      if (!areNearlySame(old, image.subarray(from, until)) && isLost()) old.copy(image, from);
    }
    return image;
  }
}

function apply(image: Image, change: Change): void {
  if (change.kind === 'truncate') image.resize(change.length);
  else image.write(change.offset, change.data);
}
