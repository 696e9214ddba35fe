/**
 * A plain post, from who sent it to its answer: what the gate, the route and the error handler do for others, by the same rules and in the
 * same order.
 *
 * 1. Who is not let in at once is not refused here: nothing has been counted or changed then, and Fastify says why.
 * 2. Every answer is counted and measured as the route does it.
 */
import type { Socket } from 'node:net';
import type { FastifyError } from 'fastify';
import { readPost } from '../../api/post-body.js';
import type { Problem } from '../../api/problem.js';
import { readJson } from '../../api/read-json.js';
import type { PostIntention } from '../../exchange/commands.js';
import type { ServerContext } from '../context.js';
import { type Caller, whyNotFor } from '../doors/access.js';
import { explain } from '../errors.js';
import { ackJson } from '../posts/post-answer.js';
import { statusOf } from '../problem-details.js';
import { type HotAnswers, POST } from './hot-answers.js';
import type { PlainHead } from './plain-request.js';

/** Who posts, and what has to be said of their rate with the answer. */
export interface Admitted {
  readonly caller: Caller;
  readonly rateFields: string;
}

export class HotPosts {
  constructor(
    private readonly context: ServerContext,
    private readonly answers: HotAnswers,
  ) {}

  /** Who posts, where there is no reason yet to refuse it; nothing is counted. */
  callerOf({ authorization, host }: PlainHead): Caller | undefined {
    const { starting, lifecycle, keys } = this.context;
    if (lifecycle.stopping.aborted || starting?.() === true) return undefined;
    try {
      const caller = keys.identify(authorization, host);
      return whyNotFor('trading', caller) === undefined ? caller : undefined;
    } catch {
      return undefined;
    }
  }

  /** Undefined where the gate would refuse, or might. */
  admit(socket: Socket, head: PlainHead): Admitted | undefined {
    const { connections, turns, rates } = this.context;
    const caller = this.callerOf(head);
    if (caller === undefined) return undefined;
    const { key } = caller;
    if (!turns.hasRoom(key) || !connections.claim(socket, key.id)) return undefined;
    const bucket = rates.of(key);
    if (bucket === undefined) return { caller, rateFields: '' };
    if (bucket.admit() > 0) return undefined;
    return { caller, rateFields: `ratelimit-policy: ${bucket.policy}\r\nratelimit: ${bucket.limit}\r\n` };
  }

  /**
   * To be called in a turn of the caller’s. Calls back with the whole answer, once what was posted is durable; a body that is no JSON is the
   * last of its connection, as with Fastify.
   */
  post({ caller, rateFields }: Admitted, body: string, answer: (text: string, isLast: boolean) => void): void {
    const read = readJson(body, 'the body');
    if ('code' in read) {
      answer(this.refuse(read, rateFields, true), true);
      return;
    }
    const post = readPost(read.value, caller);
    if ('code' in post) answer(this.refuse(post, rateFields), false);
    else void this.postOne(post, rateFields).then((text) => answer(text, false));
  }

  private async postOne(post: PostIntention, rateFields: string): Promise<string> {
    const { exchange, metrics } = this.context;
    const startMs = performance.now();
    try {
      const answer = await exchange.post(post);
      const seconds = (performance.now() - startMs) / 1_000;
      if (answer.ok) {
        metrics.observePostSeconds(seconds);
        return this.answers.created(answer.id, ackJson(answer), rateFields);
      }
      metrics.observe(POST.method, POST.url, statusOf[answer.code], seconds);
      return this.refuse(answer, rateFields);
    } catch (error) {
      return this.refuse(explain(this.context, error as FastifyError, POST), rateFields); // what an exchange throws has a code, or not
    }
  }

  private refuse(what: Problem, rateFields: string, isLast = false): string {
    this.context.metrics.refused(what.code);
    return this.answers.refused(what, rateFields, isLast);
  }
}
