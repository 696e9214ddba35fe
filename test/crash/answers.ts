/** What clients asked of the exchange and which answers they received: what it is held to after each crash. */
import type { IntentionAcknowledged, IntentionChanged, PostIntention } from '../../src/client/index.js';

/** `unknown`: no answer came, or one that says that the outcome is unknown. */
export type State = 'unknown' | 'acknowledged' | 'refused';

export interface Post {
  readonly intention: PostIntention;
  /** The number of the server process to which it was posted last. */
  round: number;
  state: State;
  answer: IntentionAcknowledged | undefined;
  /** The code with which it was refused, where that is known. */
  refusal?: string;
}

export interface Change {
  readonly kind: 'withdraw' | 'reduce' | 'replace';
  readonly id: string;
  /** By how much, or the new limit and quantity. */
  readonly terms: string;
  state: State;
  /** Of the event that recorded it. */
  position: number | undefined;
}

/**
 * 1. A post is known by its client id, which no two participants share here.
 * 2. The first acknowledgement is kept; another that differs is a finding.
 */
export class Answers {
  readonly posts = new Map<string, Post>();
  readonly changes: Change[] = [];
  /** Types of the events that were seen on a feed, by position. */
  readonly seen = new Map<number, string>();
  /** Digests of the batches that a running server had in its log, by the position after each: they are durable. */
  digests: ReadonlyMap<number, string> = new Map();
  readonly findings: string[] = [];
  round = 0;
  /** How many acknowledgements have come, repetitions not counted. */
  acknowledged = 0;

  posting(intention: PostIntention): Post {
    const post: Post = { intention, round: this.round, state: 'unknown', answer: undefined };
    this.posts.set(intention.clientIntentionId, post);
    return post;
  }

  changing(kind: Change['kind'], id: string, terms: string): Change {
    const change: Change = { kind, id, terms, state: 'unknown', position: undefined };
    this.changes.push(change);
    return change;
  }

  acknowledgePost(post: Post, answer: IntentionAcknowledged): void {
    if (post.state === 'refused') this.findings.push(`${nameOf(post)} was refused, and acknowledged when repeated`);
    if (post.answer !== undefined && canonical(post.answer) !== canonical(answer)) {
      this.findings.push(`${nameOf(post)}: first ${canonical(post.answer)}, now ${canonical(answer)}`);
    }
    if (post.answer === undefined) this.acknowledged++;
    post.answer ??= answer;
    post.state = 'acknowledged';
  }

  acknowledgeChange(change: Change, { position }: IntentionChanged): void {
    if (change.state === 'refused' || (change.position !== undefined && change.position !== position)) {
      this.findings.push(
        `${wordsOf(change)} is acknowledged at position ${position}, too late: it was settled otherwise`,
      );
    }
    change.state = 'acknowledged';
    change.position = position;
    this.acknowledged++;
  }

  /**
   * The first answer. One that a hanging server held back may come when the post was repeated on its successor and acknowledged there,
   * where the book was another by then: it says only that the first request had no effect.
   */
  refusePost(post: Post): void {
    if (post.state !== 'acknowledged') post.state = 'refused';
  }

  /** The answer to a repetition: an acknowledgement holds permanently. */
  refuseRepetition(post: Post, code: string): void {
    if (post.state === 'acknowledged') {
      this.findings.push(`${nameOf(post)} was acknowledged, and is now refused: ${code}`);
    }
    post.refusal ??= code;
    this.refusePost(post);
  }

  saw(position: number, type: string): void {
    const before = this.seen.get(position);
    if (before !== undefined && before !== type) {
      this.findings.push(`the feed showed ${before} at position ${position}, and now ${type}`);
    }
    this.seen.set(position, type);
  }
}

export function nameOf({ intention }: Post): string {
  return `post ${intention.clientIntentionId}`;
}

export function wordsOf({ kind, id, terms }: Change): string {
  return `${kind} of intention ${id}${terms === '' ? '' : ` (${terms})`}`;
}

function canonical(answer: object): string {
  return JSON.stringify(Object.fromEntries(Object.entries(answer).sort(([one], [other]) => (one < other ? -1 : 1))));
}
