import { DirectoryFold } from '../directory/directory.js';
import { directoryNames, type Names } from '../handshake/names.js';
import { foldLog, type FoldLogOptions, type ReadableLog } from '../read-models.js';
import type { Explanation } from './reasons.js';
import { WhyFold } from './why-fold.js';

export interface Explained {
  readonly explanation: Explanation;
  /** To tell it with. */
  readonly names: Names;
}

/** Why an intention was, or was not, filled, from the log alone (positions with the shard, where it is given). Undefined for one the log does not know. */
export async function explain(
  log: ReadableLog,
  intentionId: number,
  { shard, ...options }: FoldLogOptions & { readonly shard?: number | undefined } = {},
): Promise<Explained | undefined> {
  const fold = new WhyFold(intentionId);
  const directory = new DirectoryFold();
  const { position } = await foldLog(log, [fold, directory], options);
  return explained(fold, directory, position, shard);
}

/** What a fold that has come up to a position has found out. */
export function explained(
  fold: WhyFold,
  directory: DirectoryFold,
  position: number,
  shard: number | undefined,
): Explained | undefined {
  fold.position = position - 1;
  const explanation = fold.explain();
  return explanation === undefined ? undefined : { explanation, names: directoryNames(directory, shard) };
}
