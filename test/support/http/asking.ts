import { type Asked, type Question, QueryFailedError } from '../../../projections/store/desk/protocol.js';
import type { QueryName } from '../../../projections/store/desk/sharded-queries.js';
import { PATIENCE_MS } from '../patience.js';

export interface Shown {
  /** Of a list, what its text says. */
  readonly value: unknown;
  readonly position: number | undefined;
}

export type Ask = <Name extends QueryName>(
  query: Name,
  values: Question<Name>['values'],
  terms?: { readonly atLeast?: number | undefined; readonly timeoutMs?: number },
) => Promise<Shown>;

/** Asks one shard, and reads the texts of lists. Rejects with QueryFailedError. */
export function asking(asked: Asked, shard = 0): Ask {
  const share = { id: 'test', weight: 1 };
  return async (query, values, { atLeast = 0, timeoutMs = PATIENCE_MS } = {}) => {
    const answer = await asked.answer({ query, values, atLeast: new Map([[shard, atLeast]]), timeoutMs, share });
    if (!answer.ok) throw new QueryFailedError(answer.code, answer.message, answer.shard);
    const position = answer.heads.get(shard);
    if (!(answer.value instanceof Uint8Array)) return { value: answer.value, position };
    return { value: JSON.parse(new TextDecoder().decode(answer.value)), position };
  };
}
