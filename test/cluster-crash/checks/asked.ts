/** What was asked of the cluster, over HTTP and through the topic of commands, with the answers: what it is held to in the end. */
import type { PostIntention } from '../../../src/client/index.js';
import type { Change, Post } from '../../crash/answers.js';
import { AnswersByShard } from '../../crash/answers-of-shards.js';

/** An intention that stands, and is changed in one way only: over HTTP, or through the topic. */
export interface Target {
  readonly id: string;
  readonly shard: number;
  /** By how much it is made smaller next: by another quantity each time, so that each reduction can be recognised in the log. */
  nextBy: number;
}

/** What a command in the topic must lead to: the event of a post, however often it is written; its one event; a dead letter. */
export type Expected =
  | { readonly kind: 'post'; readonly post: Post }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'deadLetter' };

export interface Command {
  /** In a header of its record. */
  readonly id: string;
  readonly says: string;
  readonly expected: Expected;
  /** Written into a partition that is not its shard's. */
  readonly isMisplaced: boolean;
  /** A broker has acknowledged it. */
  isWritten: boolean;
}

/** Reductions and withdrawals of intentions that were given to be changed through the topic. */
const MOST_TARGETS = 200;

/** What was asked of all shards of a cluster, over HTTP and through the topic. */
export class Asked extends AnswersByShard {
  readonly commands: Command[] = [];
  /** For the topic's producer, which takes them out. */
  readonly targets: Target[] = [];
  readonly posts: Post[] = [];

  /** How many commands stand in the topic, as far as is known. */
  get written(): number {
    return this.commands.reduce((sum, { isWritten }) => sum + Number(isWritten), 0);
  }

  posting(intention: PostIntention): Post {
    const post = this.answersOf(intention.instrument).posting(intention);
    this.posts.push(post);
    return post;
  }

  changing(target: Target, kind: 'reduce' | 'withdraw'): Change {
    const terms = kind === 'reduce' ? String(target.nextBy++) : '';
    return this.ofShard(target.shard).changing(kind, target.id, terms);
  }

  offer(target: Target): boolean {
    if (this.targets.length >= MOST_TARGETS) return false;
    this.targets.push(target);
    return true;
  }
}
