/** What a log asks of the machine that it runs on, besides files: who its writer is, and a lock that no second writer gets. */

/** A writer, for people to read. */
export interface WriterName {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

export interface FolderLock {
  release(): Promise<void>;
}

export interface LogHost {
  whoAmI(): WriterName;
  /** Throws LogLockedError, naming the process, when another writer has the folder. */
  lock(folder: string): Promise<FolderLock>;
}
