/**
 * Clients over HTTP: each asks a member at random, and asks another under the same client id when it gets no answer. All that they ask
 * and are answered goes into `Asked`.
 *
 * 1. A post is tried until it is answered, or so often that something must be wrong; its outcome is then unknown.
 * 2. A withdrawal or reduction is asked for once, as the client's contract has it.
 */
import { ParleyClient, ParleyError, type PostIntention } from '../../src/client/index.js';
import type { Random } from '../support/random.js';
import type { Post } from '../crash/answers.js';
import { patientClient } from '../crash/patient-client.js';
import { shardOfSymbol } from '../../src/cluster/shard-of.js';
import type { Asked, Target } from './checks/asked.js';
import { sleep } from './rounds.js';
import { anyPost, oneOf, standingPost } from './market.js';
import type { Outages } from './outages.js';

export interface LoadOptions {
  readonly urls: readonly string[];
  readonly symbols: readonly string[];
  readonly asked: Asked;
  /** Is told of each post that is acknowledged. */
  readonly outages: Pick<Outages, 'acknowledged'>;
  /** An operator's, where the members have keys. */
  readonly key?: string;
  /** Of posts that expire, the earliest after so long. */
  readonly expiresAfterMs?: number;
  readonly random: Random;
}

const CLIENTS = 12;
/** A member that stands still is soon left for another one. */
const CALL_TIMEOUT_MS = 2_500;
/** After that it is not a member that is slow, but the machine. */
const HASTY_TRIES = 20;
const MOST_TRIES = 60;
const LONGEST_PAUSE_MS = 50;
const LONGEST_RETRY_PAUSE_MS = 300;
const OWN_TARGETS = 50;

export class Load {
  /** Resolves when all clients have stopped. */
  readonly over: Promise<void>;
  /** Tries that got no answer, or one that left the outcome unknown. */
  triedAgain = 0;
  private readonly clients: readonly ParleyClient[];
  private readonly patient: readonly ParleyClient[];
  private readonly ending = new AbortController();
  private readonly own: Target[] = [];
  private posts = 0;

  constructor(private readonly options: LoadOptions) {
    this.clients = options.urls.map(
      (url) => new ParleyClient({ url, key: options.key, retry: { attempts: 1 }, timeoutMs: CALL_TIMEOUT_MS }),
    );
    this.patient = options.urls.map((url) => patientClient(url, 1, options.key));
    const senders = Array.from({ length: CLIENTS }, () => this.send());
    const feeds = options.asked.perShard.map((_, shard) => this.follow(shard));
    this.over = Promise.all(senders).then(async () => {
      this.ending.abort();
      await Promise.all(feeds);
    });
  }

  /** Ends it after the commands under way. */
  end(): void {
    this.ending.abort();
  }

  private get isOver(): boolean {
    return this.ending.signal.aborted;
  }

  private async send(): Promise<void> {
    const { random, symbols } = this.options;
    while (!this.isOver) {
      const id = `http-${this.posts++}`;
      const target = this.own[random.below(Math.max(1, this.own.length))];
      if (target !== undefined && random.chance(1, 5)) await this.change(target);
      else if (random.chance(1, 6)) await this.postStanding(standingPost(id, symbols, random));
      else await this.post(anyPost(id, symbols, random, this.options.expiresAfterMs));
      await sleep(random.below(LONGEST_PAUSE_MS));
    }
  }

  private async postStanding(intention: PostIntention): Promise<void> {
    const { asked } = this.options;
    const { answer } = await this.post(intention);
    if (answer === undefined) return;
    const target = { id: answer.id, shard: shardOfSymbol(intention.instrument, asked.shards), nextBy: 1 };
    if (this.own.length >= OWN_TARGETS || this.options.random.chance(2, 3)) asked.offer(target);
    else this.own.push(target);
  }

  private async post(intention: PostIntention): Promise<Post> {
    const { asked, random, symbols } = this.options;
    const post = asked.posting(intention);
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      if (await this.tryPost(post, tries < HASTY_TRIES ? this.clients : this.patient)) break;
      this.triedAgain++;
      await sleep(random.below(LONGEST_RETRY_PAUSE_MS));
    }
    // Now and then once more although it was answered, perhaps by another member.
    if (random.chance(1, 5 * symbols.length)) await this.tryPost(post);
    return post;
  }

  /** Whether it was answered for good. */
  private async tryPost(post: Post, clients = this.clients): Promise<boolean> {
    const { asked, outages, urls, random } = this.options;
    const { intention } = post;
    const answers = asked.answersOf(intention.instrument);
    const at = random.below(urls.length);
    try {
      answers.acknowledgePost(post, await oneAt(clients, at).postIntention(intention));
      outages.acknowledged(shardOfSymbol(intention.instrument, asked.shards), oneAt(urls, at));
      return true;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) answers.refuseRepetition(post, refusal.code);
      return refusal !== undefined;
    }
  }

  private async change(target: Target): Promise<void> {
    const { asked, random } = this.options;
    const kind = random.chance(1, 5) ? 'withdraw' : 'reduce';
    if (kind === 'withdraw') this.own.splice(this.own.indexOf(target), 1);
    const change = asked.changing(target, kind);
    const client = oneOf(this.clients, random);
    try {
      const answer = kind === 'withdraw' ? client.withdraw(target.id) : client.reduce(target.id, change.terms);
      asked.ofShard(target.shard).acknowledgeChange(change, await answer);
    } catch (error) {
      if (refusalOf(error) !== undefined) change.state = 'refused';
    }
  }

  /** What a feed shows stays, whichever member it comes from. */
  private async follow(shard: number): Promise<void> {
    const { asked, random } = this.options;
    const { signal } = this.ending;
    while (!this.isOver) {
      try {
        for await (const event of oneOf(this.clients, random).events({ shard, from: 0, signal })) {
          asked.ofShard(shard).saw(event.position, event.type);
        }
      } catch (error) {
        if (signal.aborted) return;
        refusalOf(error);
        await sleep(LONGEST_RETRY_PAUSE_MS);
      }
    }
  }
}

function oneAt<Value>(values: readonly Value[], at: number): Value {
  return values[at] as Value; // the index is below the length
}

/** The refusal that an error is; undefined where it leaves the outcome unknown. Throws what no server and no connection says. */
function refusalOf(error: unknown): ParleyError | undefined {
  if (!(error instanceof ParleyError)) throw error;
  return error.isTransient ? undefined : error;
}
