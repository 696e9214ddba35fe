import { finished } from 'node:stream';
import type { FastifyReply, FastifyRequest, preHandlerHookHandler } from 'fastify';
import { ProblemError } from '../problem-details.js';
import { Allowance } from './allowance.js';

/** Whatever others hold, a key may hold so many rows while there is room at all. */
const LEAST_ROWS = 16_000;

/**
 * The rows that reads were asked for and have not yet sent: while they wait for the projections, for their turn, or for the
 * client to read what was sent.
 *
 * 1. A read for which there is no room is answered 429, and was not begun. A key may hold as many rows as are still free for others.
 * 2. Rows count by how many an answer may have, until it has left or its connection is gone.
 */
export class ReadBudget {
  readonly #allowance: Allowance;

  constructor(mostRows: number) {
    this.#allowance = new Allowance(mostRows, { least: Math.min(LEAST_ROWS, mostRows) });
  }

  /** Of all reads. */
  get rows(): number {
    return this.#allowance.total;
  }

  /** Lets a read through, if there is room for it; it counts as so many rows where its query does not say how many it wants. */
  admit(otherwise: number): preHandlerHookHandler {
    return (request, reply, done) => this.#admit(request, reply, done, otherwise);
  }

  #admit(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void, otherwise: number): void {
    const { id } = request.caller.key;
    const rows = rowsOf(request.query) ?? otherwise;
    if (!this.#allowance.tryHold(id, rows)) {
      const detail = 'too many reads of this key wait or are not read; it was not begun, so try again';
      done(new ProblemError('TOO_MANY_REQUESTS', detail));
      return;
    }
    finished(reply.raw, () => this.#allowance.release(id, rows));
    done();
  }
}

/** How many rows an answer may have. A query string has been checked by its schema, which gives it its defaults. */
function rowsOf(query: unknown): number | undefined {
  const { limit, depth } = query as { limit?: unknown; depth?: unknown }; // any object can be asked for them
  const rows = limit ?? depth;
  return rows === undefined ? undefined : Number(rows);
}
