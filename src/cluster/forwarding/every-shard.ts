import { type Answer, refuse } from '../../exchange/commands.js';
import type { SetWhere } from '../../exchange/risk-commands.js';

type OfShard = SetWhere & { readonly lapsesAt?: string };

/**
 * What a command that every shard carries out came to, by the shards' numbers. Where one of them refuses, it is refused: the others may
 * have done it, and it is to be sent again.
 */
export function ofEveryShard<View extends OfShard>(answers: readonly Answer<View>[]): Answer<View> {
  const [first] = answers;
  if (first === undefined) return refuse('SHARD_UNAVAILABLE');
  if (answers.length === 1) return first;
  const positionByShard: Record<string, number> = {};
  let lapsesAt: string | undefined;
  for (const [shard, answer] of answers.entries()) {
    if (!answer.ok) return answer;
    if (answer.position !== undefined) positionByShard[shard] = answer.position;
    if (answer.lapsesAt !== undefined && (lapsesAt === undefined || answer.lapsesAt < lapsesAt))
      ({ lapsesAt } = answer);
  }
  const { position: _position, ...all } = first as { readonly position?: number } & View; // the loop has seen that it is no refusal
  return { ...all, ...(lapsesAt === undefined ? {} : { lapsesAt }), positionByShard } as unknown as Answer<View>; // its fields, but for where
}
