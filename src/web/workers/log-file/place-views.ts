/** Where something is in the log of a file: its time line, the moments next to one, its events. */
import { type Event, streamOf } from '../../../events/event.js';
import { eventsOfBatch } from '../../../events/fold.js';
import { timeText } from '../../../../projections/directory/views.js';
import { batchesAround } from '../../../../projections/moments/neighbours.js';
import { counted } from '../../../../projections/store/queries/query-terms.js';
import {
  auctionMark,
  dealsInStretches,
  marksOf,
  restartMark,
} from '../../../../projections/store/queries/timeline-marks.js';
import type { CallOptions, RecordedEvent } from '../../../client/types.js';
import type { EventPageFilter } from '../../../client/history/event-page.js';
import { ParleyError } from '../../../client/wire/error.js';
import type { EventPage, LogMoment, Source, Timeline } from '../../source/source.js';
import type { LogFile } from './log-file.js';

type PlaceViews = Pick<Source, 'timeline' | 'moment' | 'events'>;

const BUCKETS = 200;
export function placeViews(file: LogFile): PlaceViews {
  return {
    timeline: async ({ from = 0, until = file.head, buckets = BUCKETS }) => {
      if (Math.max(from, until) > file.head) throw await ahead(file, Math.max(from, until));
      if (from > until) throw new ParleyError(400, 'INVALID_COMMAND', 'from: no later than until');
      const stretch = { from: counted('from', from), until: counted('until', until) };
      return timelineOf(file, stretch, counted('buckets', buckets, 1));
    },
    moment: async (asked) => placeOf(file, await file.positionOf(asked)),
    events: (query) => eventsOf(file, query),
  };
}

/** As it is thrown for a moment. */
async function ahead(file: LogFile, position: number): Promise<unknown> {
  try {
    return await file.positionOf({ at: position });
  } catch (error) {
    return error;
  }
}

interface Stretch {
  readonly from: number;
  readonly until: number;
}

function timelineOf({ head, end }: LogFile, { from, until }: Stretch, buckets: number): Timeline {
  const { deals, restarts, auctions, directory } = end;
  const rangeIn = (table: typeof restarts | typeof auctions): { readonly first: number; readonly count: number } => {
    const first = table.firstFrom('position', from);
    return { first, count: table.firstFrom('position', until) - first };
  };
  return {
    ...{ position: head, from, until },
    deals: dealsInStretches({ from, until, buckets }, (position) => deals.firstFrom('position', position)),
    ...marksOf(
      { ...rangeIn(restarts), at: (row) => restartMark(restarts.at(row)) },
      { ...rangeIn(auctions), at: (row) => auctionMark(directory, auctions.at(row)) },
    ),
  };
}

async function placeOf({ log, end: { deals }, head }: LogFile, position: number): Promise<LogMoment> {
  const { atMs, ...batches } = await batchesAround(log, position, head);
  const before = deals.firstFrom('position', position - 1) - 1;
  const after = deals.firstFrom('position', position);
  return {
    position,
    ...(atMs !== undefined && { at: timeText(atMs) }),
    ...batches,
    ...(before >= 0 && { previousDeal: deals.get('position', before) + 1 }),
    ...(after < deals.rows && { nextDeal: deals.get('position', after) + 1 }),
  };
}

async function eventsOf(file: LogFile, query: CallOptions & EventPageFilter): Promise<EventPage> {
  const { from = 0, until = file.head, limit = 100, types, stream, signal } = query;
  const wanted = types === undefined || types.length === 0 ? undefined : new Set(types);
  const events: RecordedEvent[] = [];
  if (limit < 1) return { events, upTo: from };
  for await (const batch of file.log.read(counted('from', from))) {
    signal?.throwIfAborted();
    for (const { position, event } of eventsOfBatch(batch)) {
      if (position >= until) return { events, upTo: until };
      if (position < from || wanted?.has(event.type) === false) continue;
      const shown = recorded(position, streamOf(event, file.told.shard), event);
      if (stream !== undefined && stream !== shown.stream) continue;
      events.push(shown);
      if (events.length === limit) return { events, upTo: position + 1 };
    }
  }
  return { events, upTo: Math.max(from, file.head) };
}

function recorded(position: number, stream: string, event: Event): RecordedEvent {
  return { position, stream, ...event };
}
