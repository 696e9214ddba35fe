/** The events of one intention or deal: they may lie far apart, and the log’s reader finds them faster than its pages do. */
import type { Source } from '../../source/source.js';
import type { LogWindow } from './log-window.js';
import type { PagesRead, Reading } from './pages.js';

const MOST_EVENTS = 5_000;

/** Where the intention of a stream was posted, before which nothing stands in it. Undefined where a filter names no such stream. */
export async function beginOfStream(
  source: Pick<Source, 'intention'>,
  stream: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const [, intention] = /^(?:intention-(\d+)|deal-\d+-\d+)$/.exec(stream) ?? [];
  const [, initiator = intention] = /^deal-(\d+)-\d+$/.exec(stream) ?? [];
  if (initiator === undefined) return undefined;
  try {
    return (await source.intention(initiator, { signal })).postedPosition;
  } catch {
    return 0; // there is none, or it may not be seen: the log says so
  }
}

/** Fills a window, which is empty and stands at the end, with a stream’s events. */
export async function readStream(
  window: LogWindow,
  { stream, from }: { readonly stream: string; readonly from: number },
  { source, shard, judge, onPage, signal }: Reading,
): Promise<PagesRead> {
  const page = await source.events({ shard, from, limit: MOST_EVENTS, stream, signal });
  signal.throwIfAborted();
  onPage(page);
  const rows = window.prepend(page.events, 0, judge);
  return { rows, isGivenUp: false };
}
