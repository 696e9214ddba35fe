import type { PartitionName } from './client.js';
import type { OpenTransaction } from './transactions.js';

/** What goes into a transaction beside its events. */
export interface TransactionExtra {
  /** Partitions that it writes to. */
  readonly places: readonly PartitionName[];
  send(open: OpenTransaction): Promise<void>;
}

/** Where a writer finds what is to go along. */
export interface TransactionExtras {
  /** What has come together since the last time; undefined: nothing. */
  take(): TransactionExtra | undefined;
}

export const noTransactionExtras: TransactionExtras = { take: () => undefined };
