import { finished } from 'node:stream';
import type { preHandlerHookHandler } from 'fastify';
import { ProblemError } from '../problem-details.js';
import { Allowance } from './allowance.js';

/** Whatever others hold, a key may have so many while there is room at all. */
const LEAST_LOOKS = 4;

/**
 * The looks at past moments that wait for their turn or are under way: each may fold for seconds. One for which there is no room is answered
 * 429, and was not begun.
 */
export class LookBudget {
  readonly #allowance: Allowance;

  constructor(most: number) {
    this.#allowance = new Allowance(most, { least: Math.min(LEAST_LOOKS, most) });
  }

  /** Lets a request through that looks at no past moment, or that there is room for. `isLook`: it always does. */
  admit(isLook: boolean): preHandlerHookHandler {
    return (request, reply, done) => {
      const { at, atTime } = request.query as { at?: unknown; atTime?: unknown }; // any object can be asked for them
      const { id } = request.caller.key;
      if (!isLook && at === undefined && atTime === undefined) done();
      else if (this.#allowance.tryHold(id, 1)) {
        finished(reply.raw, () => this.#allowance.release(id, 1));
        done();
      } else {
        const detail = 'too many looks at past moments of this key wait; it was not begun, so try again';
        done(new ProblemError('TOO_MANY_REQUESTS', detail));
      }
    };
  }
}
