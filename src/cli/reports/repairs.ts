import type { NotedRepair } from '../../../infra/embedded/claims/noted-repairs.js';
import { grouped } from '../../app/grouped.js';

/** What repairs removed from a log, and from where on, for people; nothing of one that only cut what did not count. */
export function repairsTold(
  repairs: readonly NotedRepair[],
): readonly { readonly position: number; readonly message: string }[] {
  return repairs
    .filter(({ head, until }) => until !== head)
    .map((repair) => ({ position: repair.head, message: `${removed(repair)} (${repair.notedIn} notes it)` }));
}

function removed({ head, until, bytesCut, setAside }: NotedRepair): string {
  if (until === undefined) return `a repair ended the log before position ${head}; what it removed was not noted`;
  const what =
    until === null
      ? `what stood from position ${head} on, and nobody knows how far that went`
      : `the events of positions ${head} to ${until - 1}, as far as is known`;
  const files = setAside.length === 0 ? '' : ` and set aside ${setAside.join(', ')}`;
  return `a repair removed ${what}: it cut ${grouped(bytesCut)} bytes${files}`;
}
