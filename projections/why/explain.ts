import { DirectoryFold } from '../directory/directory.js';
import { directoryNames, type Names } from '../handshake/names.js';
import { foldLog, type FoldLogOptions, type ReadableLog } from '../read-models.js';
import type { Explanation } from './reasons.js';
import { WhyFold } from './why-fold.js';

/** Why an intention was, or was not, filled, from the log alone, and the names to tell it with (positions with the shard, where it is given). Undefined for one the log does not know. */
export async function explain(
  log: ReadableLog,
  intentionId: number,
  { shard, ...options }: FoldLogOptions & { readonly shard?: number | undefined } = {},
): Promise<{ explanation: Explanation; names: Names } | undefined> {
  const fold = new WhyFold(intentionId);
  const directory = new DirectoryFold();
  const { position } = await foldLog(log, [fold, directory], options);
  fold.position = position - 1;
  const explanation = fold.explain();
  return explanation === undefined ? undefined : { explanation, names: directoryNames(directory, shard) };
}
