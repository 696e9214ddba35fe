import type { LogFiles } from './files.js';
import type { SparseIndex } from './segments/sparse-index.js';

/** Where a log is, and what has been learnt of it. */
export interface LogPlace {
  readonly files: LogFiles;
  readonly folder: string;
  readonly shard: number;
  readonly index: SparseIndex;
}
