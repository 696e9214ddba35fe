import { grown } from '../../growing.js';
import { IDS_PER_SHARD, shardOf } from '../../../src/domain/ids.js';
import type { AuditedIntention } from './records.js';

/**
 * The intentions that still matter, and of all others the little that a later event could contradict: eight bytes an intention.
 *
 * 1. They are those of one shard, whose ids follow each other. What other shards have posted is known by its id alone.
 */
export class Intentions {
  private readonly live = new Map<number, AuditedIntention>();
  private revisions = new Uint32Array(1024);
  private proposals = new Uint32Array(1024);
  /** -1 while no writer has said whose log it is. */
  private shard = -1;
  /** The id before the first one. */
  private idBase = 0;
  private expectedId = 1;
  private previousId = 0;
  posted = 0;

  /** The first writer says whose log it is; who comes after it, or after the first intention, changes nothing. */
  belongTo(shard: number): void {
    if (this.shard !== -1 || this.posted > 0) return;
    this.shard = shard;
    this.idBase = shard * IDS_PER_SHARD;
    this.expectedId = this.idBase + 1;
  }

  /** Whether an intention lives in another shard, and has its own stream and decisions there. */
  isRemote(id: number): boolean {
    if (this.shard === -1 || shardOf(id) === this.shard) return false;
    return !this.live.has(id);
  }

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

  /** Those that are open, or in a deal that is not settled. */
  all(): Iterable<AuditedIntention> {
    return this.live.values();
  }

  add(intention: AuditedIntention): void {
    this.live.set(intention.id, intention);
  }

  /** Keeps of a closed intention what later events are checked against. One far out of order is kept whole. */
  private forget({ id, revision, proposals }: AuditedIntention): void {
    const ordinal = id - this.idBase;
    if (ordinal < 0) return;
    if (ordinal >= this.revisions.length) {
      if (ordinal > 2 * this.posted + this.revisions.length) return;
      this.revisions = grown(this.revisions, ordinal);
      this.proposals = grown(this.proposals, ordinal);
    }
    this.revisions[ordinal] = revision;
    this.proposals[ordinal] = proposals;
    this.live.delete(id);
  }

  /** Closed, and in no deal that is not settled: no later event can concern it. */
  forgetIfDone(intention: AuditedIntention): void {
    if (!intention.isOpen && intention.unsettledDeals === 0) this.forget(intention);
  }

  /** Next revision of a forgotten intention's stream; 0 when there never was one. */
  forgottenRevision(id: number): number {
    return this.revisions[id - this.idBase] ?? 0;
  }

  bumpForgotten(id: number): void {
    this.revisions[id - this.idBase] = this.forgottenRevision(id) + 1;
  }

  /** How many deals an intention has proposed, live or forgotten. */
  proposalsOf(id: number): number {
    return this.live.get(id)?.proposals ?? this.proposals[id - this.idBase] ?? 0;
  }
}
