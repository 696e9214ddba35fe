import type { AuditedIntention } from './records.js';

/**
 * The intentions that still matter, and of all others the little that a later event could contradict: eight bytes an intention.
 */
export class Intentions {
  private readonly live = new Map<number, AuditedIntention>();
  private revisions = new Uint32Array(1024);
  private proposals = new Uint32Array(1024);
  private expectedId = 1;
  private previousId = 0;
  posted = 0;

  /** False when the id is not the next one. After a gap it goes on from there. */
  takeId(id: number): boolean {
    const isNext = id === this.expectedId || id === this.previousId + 1;
    this.expectedId = isNext ? id + 1 : this.expectedId + 1;
    this.previousId = id;
    this.posted++;
    return isNext;
  }

  get(id: number): AuditedIntention | undefined {
    return this.live.get(id);
  }

  add(intention: AuditedIntention): void {
    this.live.set(intention.id, intention);
  }

  all(): IterableIterator<AuditedIntention> {
    return this.live.values();
  }

  /** Keeps of a closed intention what later events are checked against. One far out of order is kept whole. */
  forget({ id, revision, proposals }: AuditedIntention): void {
    if (id >= this.revisions.length) {
      if (id > 2 * this.posted + this.revisions.length) return;
      this.revisions = grown(this.revisions, id);
      this.proposals = grown(this.proposals, id);
    }
    this.revisions[id] = revision;
    this.proposals[id] = proposals;
    this.live.delete(id);
  }

  /** Next revision of a forgotten intention's stream; 0 when there never was one. */
  forgottenRevision(id: number): number {
    return this.revisions[id] ?? 0;
  }

  bumpForgotten(id: number): void {
    this.revisions[id] = this.forgottenRevision(id) + 1;
  }

  /** How many deals an intention has proposed, live or forgotten. */
  proposalsOf(id: number): number {
    return this.live.get(id)?.proposals ?? this.proposals[id] ?? 0;
  }
}

function grown(column: Uint32Array<ArrayBuffer>, id: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(Math.max(2 * column.length, id + 1));
  larger.set(column);
  return larger;
}
