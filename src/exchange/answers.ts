import { type Refusal, refuse } from '../domain/refusal.js';
import type { Answer, AnswerWhen } from './commands.js';
import type { Shard, ShardCommand } from './shard/shard.js';

const UNKNOWN_OUTCOME =
  'the log failed; whether this became durable is unknown: post it again under the same id once the shard serves again';

type Settle = (refusal: Refusal) => void;

/**
 * The answers that callers wait for.
 *
 * 1. An answer is given once: when everything it rests on is durable, or as soon as it is recorded where the caller holds it back itself.
 * 2. When the shard stops, those that still wait are told that their outcome is unknown: nothing more will come.
 */
export class Answers {
  private readonly waiting = new Set<Settle>();
  private readonly drainWaiters: (() => void)[] = [];

  constructor(private readonly shard: Shard) {
    shard.admission.onStopped(() => {
      for (const settle of this.waiting) settle(refuse('SHARD_UNAVAILABLE', UNKNOWN_OUTCOME));
      this.waiting.clear();
      this.releaseDrained();
    });
    shard.onDurable(() => {
      if (!shard.isCongested) this.releaseDrained();
    });
  }

  /** What `begin` comes to, once it may be told; what `unavailable` makes of the refusal where the shard stops before that. */
  wait<Result>(
    when: AnswerWhen,
    unavailable: (refusal: Refusal) => Result,
    begin: (recorded: (result: Result) => void) => boolean,
  ): Promise<Result> {
    return new Promise((resolve) => {
      const settle: Settle = (refusal) => resolve(unavailable(refusal));
      this.waiting.add(settle);
      const isTaken = begin((result) => {
        this.give(when, () => {
          this.waiting.delete(settle);
          resolve(result);
        });
      });
      if (isTaken) return;
      this.waiting.delete(settle);
      settle(refuse('SHARD_UNAVAILABLE'));
    });
  }

  /** Submits a command and waits for its answer. */
  submit<Value>(command: ShardCommand<Answer<Value>>, when: AnswerWhen = 'durable'): Promise<Answer<Value>> {
    return this.wait<Answer<Value>>(
      when,
      (refusal) => refusal,
      (recorded) => this.shard.submit(command, recorded),
    );
  }

  private give(when: AnswerWhen, answer: () => void): void {
    if (when === 'durable') {
      this.shard.whenDurable(answer);
    } else {
      this.shard.commitSoon();
      answer();
    }
  }

  /** Resolves once all that has been recorded so far is durable; rejects when the log fails before that. */
  flushed(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle: Settle = (refusal) => reject(new Error(refusal.detail));
      if (this.shard.admission.isStopped) settle(refuse('SHARD_UNAVAILABLE'));
      this.waiting.add(settle);
      this.shard.whenDurable(() => {
        this.waiting.delete(settle);
        resolve();
      });
    });
  }

  /** Resolves when so little waits to be durable that producers may go on. */
  drained(): Promise<void> {
    if (!this.shard.isCongested || this.shard.admission.isStopped) return Promise.resolve();
    return new Promise((resolve) => this.drainWaiters.push(resolve));
  }

  private releaseDrained(): void {
    for (const resolve of this.drainWaiters.splice(0)) resolve();
  }
}
