/**
 * Clients that ask for as much as they are answered: one connection a command, streams of posts, auctions, a feed of the events. All
 * that they ask and are answered goes into `Answers`.
 *
 * 1. A client stops at the first answer that leaves an outcome unknown: the server is gone, or does not take commands any more.
 * 2. It ends by itself, at the latest after so many commands.
 */
import { type ParleyClient, ParleyError, type PostIntention } from '../../src/client/index.js';
import type { Random } from '../support/random.js';
import type { Answers, Post } from './answers.js';
import type { AnswersOfShards } from './answers-of-shards.js';
import { patientClient } from './patient-client.js';
import { AUCTIONED, randomPost, randomPrice, randomQuantity } from './orders.js';

export interface LoadOptions {
  readonly answers: AnswersOfShards;
  readonly random: Random;
  /** The server's time. */
  readonly nowMs: () => number;
  /** At most so many commands of each client that sends them one by one; streams send ten times as many. */
  readonly most: number;
}

const SINGLE_CLIENTS = 4;
const STREAM_WINDOW = 128;
const STREAM_SHARE = 10;
const STREAM_LENGTH = 150;
const AUCTION_EVERY_MS = 15;

let loads = 0;

export class Load {
  /** Resolves when all clients have stopped. */
  readonly over: Promise<void>;
  private readonly name = `${process.pid}-${loads++}`;
  private readonly client: ParleyClient;
  private readonly ending = new AbortController();
  private readonly own: Post[] = [];
  private posts = 0;

  constructor(
    url: string,
    private readonly options: LoadOptions,
  ) {
    this.client = patientClient(url, 1);
    const senders = [this.sendStreams()];
    for (let client = 0; client < SINGLE_CLIENTS; client++) senders.push(this.sendSingles());
    const following = options.answers.perShard.map((answers, shard) => this.follow(answers, shard));
    const companions = [this.holdAuctions(), ...following];
    this.over = Promise.all(senders).then(async () => {
      this.ending.abort();
      await Promise.all(companions);
    });
  }

  /** Ends it after the commands under way. */
  end(): void {
    this.ending.abort();
  }

  /** Nothing more is asked. */
  get isOver(): boolean {
    return this.ending.signal.aborted;
  }

  private async sendSingles(): Promise<void> {
    const { random, most } = this.options;
    for (let sent = 0; sent < most && !this.isOver; sent++) {
      const target = this.own[this.own.length - 1 - random.below(Math.max(1, Math.min(40, this.own.length)))];
      const goesOn =
        target !== undefined && random.chance(1, 3) ? await this.change(target) : await this.post(this.nextPost());
      if (!goesOn) return;
    }
  }

  private nextPost(): PostIntention {
    const { random, nowMs } = this.options;
    return randomPost(`${this.name}-${this.posts++}`, random, nowMs());
  }

  private async post(intention: PostIntention): Promise<boolean> {
    const { answers } = this.options;
    const post = answers.posting(intention);
    try {
      answers.acknowledgePost(post, await this.client.postIntention(intention));
      this.own.push(post);
      return true;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) answers.refusePost(post);
      return refusal !== undefined;
    }
  }

  private async change({ answer }: Post): Promise<boolean> {
    const { answers, random } = this.options;
    const id = answer?.id ?? '';
    const kind = (['withdraw', 'reduce', 'replace'] as const)[random.below(3)] ?? 'withdraw';
    const [price, quantity] = [randomPrice(random), randomQuantity(random)];
    const terms = { withdraw: '', reduce: quantity, replace: `${quantity} at ${price}` }[kind];
    const change = answers.changing(kind, id, terms);
    try {
      const answered =
        kind === 'withdraw'
          ? this.client.withdraw(id)
          : kind === 'reduce'
            ? this.client.reduce(id, quantity)
            : this.client.replace(id, { price, quantity });
      const done = await answered;
      // Filled before, it was not withdrawn.
      if (kind === 'withdraw' && done.status === 'filled') change.state = 'refused';
      else answers.acknowledgeChange(change, done);
      return true;
    } catch (error) {
      const isRefused = refusalOf(error) !== undefined;
      if (isRefused) change.state = 'refused';
      return isRefused;
    }
  }

  private async sendStreams(): Promise<void> {
    for (let left = STREAM_SHARE * this.options.most; left > 0 && !this.isOver; left -= STREAM_LENGTH) {
      if (!(await this.sendStream(Math.min(left, STREAM_LENGTH)))) return;
    }
  }

  private async sendStream(length: number): Promise<boolean> {
    const { answers } = this.options;
    const posts: Post[] = [];
    const source = function* (this: Load): Generator<PostIntention> {
      while (posts.length < length && !this.isOver) {
        const post = answers.posting(this.nextPost());
        posts.push(post);
        yield post.intention;
      }
    };
    try {
      for await (const answer of this.client.postIntentions(source.call(this), { window: STREAM_WINDOW })) {
        const post = posts[answer.index];
        if (post === undefined) throw new Error(`an answer to post ${answer.index} of ${posts.length}`);
        if (answer.ok) answers.acknowledgePost(post, answer.intention);
        else if (answer.status < 500) answers.refusePost(post);
        else return false;
      }
      return true;
    } catch (error) {
      refusalOf(error);
      return false;
    }
  }

  private async holdAuctions(): Promise<void> {
    try {
      while (!this.isOver) {
        await this.client.changePhase(AUCTIONED, 'call');
        await this.pause();
        await this.client.uncross(AUCTIONED);
        await this.resume();
        await this.pause();
      }
    } catch (error) {
      refusalOf(error);
    }
  }

  private async resume(): Promise<void> {
    try {
      await this.client.changePhase(AUCTIONED, 'continuous');
    } catch (error) {
      // What arrived since the auction may cross, and then the phase cannot change.
      if (refusalOf(error) === undefined) throw error;
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.options.random.below(2 * AUCTION_EVERY_MS)));
  }

  private async follow(answers: Answers, shard: number): Promise<void> {
    try {
      for await (const { position, type } of this.client.events({ shard, signal: this.ending.signal })) {
        answers.saw(position, type);
      }
    } catch (error) {
      if (!this.isOver) refusalOf(error);
    }
  }
}

/** The refusal that an error is; undefined where it leaves the outcome unknown. Throws what no server and no connection says. */
function refusalOf(error: unknown): ParleyError | undefined {
  if (!(error instanceof ParleyError)) throw error;
  return error.isTransient ? undefined : error;
}
