/** Reads the repairs of a log that its claims note. The notes are permanent, however the log has grown since. */
import { claimedEpochs, namesIn } from '../segments/segments.js';
import { linesOf, reachIn, type Repaired } from './claim-notes.js';
import type { LogFiles } from '../files.js';
import { claimFileName } from '../format.js';

export interface NotedRepair extends Pick<Repaired, 'head' | 'setAside'> {
  /** The claim's file. */
  readonly notedIn: string;
  /** As in Repaired; undefined where the repair was one of a version that did not note what it removed. */
  readonly until: number | null | undefined;
  readonly bytesCut: number;
}

/** The oldest first. */
export function repairsIn(files: LogFiles, folder: string): readonly NotedRepair[] {
  return claimedEpochs(namesIn(files, folder)).flatMap((epoch) =>
    linesOf(files, folder, epoch).flatMap(({ repaired }) => noted(claimFileName(epoch), repaired)),
  );
}

function noted(notedIn: string, repaired: unknown): NotedRepair[] {
  const reach = reachIn(repaired);
  if (reach === undefined) return [];
  const { until, bytesCut, setAside } = repaired as Partial<Record<keyof Repaired, unknown>>; // something of it has just been read
  return [
    {
      notedIn,
      head: reach.head,
      until: typeof until === 'number' || until === null ? until : undefined,
      bytesCut: typeof bytesCut === 'number' ? bytesCut : 0,
      setAside: Array.isArray(setAside) ? setAside.map(String) : [],
    },
  ];
}
