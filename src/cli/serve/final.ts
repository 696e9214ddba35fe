/** What a shard cannot get over by itself: opening its log again comes to the same. */
const FINAL = new Set([
  ...['LOG_DAMAGED', 'LOG_LOST', 'LOG_REFUSED', 'BROKEN_HISTORY', 'DAMAGED_EVENT', 'CLOCK_BEHIND_LOG'],
  ...['EACCES', 'EPERM', 'EROFS'],
]);
/** Of a log that one process has at a time. */
const TAKEN = 'LOG_LOCKED';

export function isFinal(error: unknown): boolean {
  return FINAL.has(codeOf(error));
}

/** The same for a process that shares its shards with none. */
export function isFinalAlone(error: unknown): boolean {
  return isFinal(error) || codeOf(error) === TAKEN;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
