/** Which moment a request is of. */
import type { Point } from '../../../projections/moments/look.js';
import { parseTime } from '../../exchange/posts/parse-post.js';
import { NOT_A_TIME } from '../check-fields.js';
import { ProblemError } from '../problem-details.js';

/** Of a query string that has been checked by its schema. */
export interface MomentQuery {
  readonly at?: number | undefined;
  readonly atTime?: string | undefined;
}

/** Undefined: as of now. Throws ProblemError for a time that is none, for both, and for a position of one of several shards, nobody says which. */
export function pointIn(query: unknown, shards: readonly number[]): Point | undefined {
  const { at, atTime } = query as MomentQuery; // no schema has other fields of these names
  if (at !== undefined && atTime !== undefined) throw wrong('give `at` or `atTime`, not both');
  if (at !== undefined && shards.length > 1) {
    throw wrong(`at: there are ${shards.length} shards, each with positions of its own: give atTime, or an instrument`);
  }
  if (at !== undefined) return { position: at };
  const atMs = timeOf('atTime', atTime);
  return atMs === undefined ? undefined : { atMs };
}

/** A time of a query string in milliseconds since 1970; undefined where it is not given. Throws ProblemError for none. */
export function timeOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const atMs = parseTime(text);
  if (atMs === undefined) throw wrong(`${name} ${NOT_A_TIME}`);
  return atMs;
}

function wrong(detail: string): ProblemError {
  return new ProblemError('INVALID_COMMAND', detail);
}
