/** Events as lines of JSON, as `parley log export` writes them. */
import type { RecordedEvent } from '../../../client/types.js';
import type { Source } from '../../source/source.js';
import { judge, type LogFilter, typesOf } from '../telling/filter.js';
import type { LogNames } from '../telling/names.js';
import type { NameLookUps } from './name-look-ups.js';

const PAGE = 5_000;

/** The event alone, without what tells streams of a connection apart. */
export function jsonOf(event: RecordedEvent): RecordedEvent {
  const { channel: _channel, ...own } = event;
  return own; // a channel is no field of an event
}

export function linesOf(events: readonly RecordedEvent[]): string {
  return events.map((event) => `${JSON.stringify(jsonOf(event))}\n`).join('');
}

export interface Exporting {
  readonly source: Pick<Source, 'events'>;
  readonly shard: number | undefined;
  /** Events before this position. */
  readonly until: number;
  readonly filter: LogFilter;
  readonly names: LogNames;
  readonly lookUps: NameLookUps;
  /** Receives up to which position has been looked through, and how many events there are. */
  readonly onProgress: (position: number, events: number) => void;
  readonly signal: AbortSignal;
}

export interface Exported {
  readonly blob: Blob;
  readonly events: number;
  /** How many of them are there because nobody knows whether the filter would show them. */
  readonly unsure: number;
}

/** All events of a log that pass a filter, read page by page. Rejects with ParleyError, or the reason of the signal. */
export async function exportAll(exporting: Exporting): Promise<Exported> {
  const { source, shard, until, filter, onProgress, signal } = exporting;
  const parts: Blob[] = [];
  let [events, unsure, from] = [0, 0, 0];
  while (from < until) {
    const page = await source.events({ shard, from, until, limit: PAGE, types: typesOf(filter), signal });
    signal.throwIfAborted();
    const passed = await passing(page.events, exporting);
    parts.push(new Blob([linesOf(passed.map(({ event }) => event))]));
    events += passed.length;
    unsure += passed.filter(({ isUnsure }) => isUnsure).length;
    if (page.upTo <= from) break;
    from = page.upTo;
    onProgress(Math.min(from, until), events);
  }
  return { blob: new Blob(parts, { type: 'application/x-ndjson' }), events, unsure };
}

interface Passed {
  readonly event: RecordedEvent;
  readonly isUnsure: boolean;
}

async function passing(events: readonly RecordedEvent[], exporting: Exporting): Promise<readonly Passed[]> {
  const { until, filter, names, lookUps } = exporting;
  const wanted = events.filter(({ position }) => position < until);
  for (const event of wanted) names.take(event);
  for (const event of wanted) if (judge(filter, event, names) === 'unknown') lookUps.want(event);
  if (lookUps.isDue) await lookUps.run();
  return wanted
    .map((event) => ({ event, verdict: judge(filter, event, names) }))
    .filter(({ verdict }) => verdict !== 'no')
    .map(({ event, verdict }) => ({ event, isUnsure: verdict === 'unknown' }));
}
