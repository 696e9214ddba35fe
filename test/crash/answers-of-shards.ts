import type { IntentionAcknowledged, IntentionChanged, PostIntention } from '../../src/client/index.js';
import { shardOf } from '../../src/domain/ids.js';
import { shardOfSymbol } from '../../src/cluster/shard-of.js';
import { Answers, type Change, type Post } from './answers.js';

/** What was asked of several shards, kept by shard, because positions are counted by shard. */
export class AnswersByShard {
  readonly perShard: readonly Answers[];

  constructor(readonly shards: number) {
    this.perShard = Array.from({ length: shards }, () => new Answers());
  }

  ofShard(shard: number): Answers {
    const answers = this.perShard[shard];
    if (answers === undefined) throw new RangeError(`there is no shard ${shard}`);
    return answers;
  }

  answersOf(instrument: string): Answers {
    return this.ofShard(shardOfSymbol(instrument, this.shards));
  }

  /** How many acknowledgements have come, repetitions not counted. */
  get acknowledged(): number {
    return this.perShard.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  }
}

/** What was asked of all shards of a folder. */
export class AnswersOfShards extends AnswersByShard {
  posting(intention: PostIntention): Post {
    return this.ofPost(intention).posting(intention);
  }

  changing(kind: Change['kind'], id: string, terms: string): Change {
    return this.ofIntention(id).changing(kind, id, terms);
  }

  acknowledgePost(post: Post, answer: IntentionAcknowledged): void {
    this.ofPost(post.intention).acknowledgePost(post, answer);
  }

  acknowledgeChange(change: Change, answer: IntentionChanged): void {
    this.ofIntention(change.id).acknowledgeChange(change, answer);
  }

  refusePost(post: Post): void {
    this.ofPost(post.intention).refusePost(post);
  }

  refuseRepetition(post: Post, code: string): void {
    this.ofPost(post.intention).refuseRepetition(post, code);
  }

  private ofPost({ instrument }: PostIntention): Answers {
    return this.answersOf(instrument);
  }

  private ofIntention(id: string): Answers {
    return this.ofShard(shardOf(Number(id)));
  }

  get posts(): Post[] {
    return this.perShard.flatMap(({ posts }) => [...posts.values()]);
  }

  get changes(): Change[] {
    return this.perShard.flatMap(({ changes }) => changes);
  }

  get findings(): string[] {
    return this.perShard.flatMap(({ findings }) => findings);
  }

  /** The number of the server process that is running, or was last. */
  get round(): number {
    return this.ofShard(0).round;
  }

  nextRound(): void {
    for (const answers of this.perShard) answers.round++;
  }
}
