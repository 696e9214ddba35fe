/** Where something is in the log of a file: its time line, the moments next to one, its events. */
import { formatPrice, formatQuantity } from '../../../domain/instrument.js';
import { type Event, streamOf } from '../../../events/event.js';
import { eventsOfBatch } from '../../../events/fold.js';
import { shownInstrument, timeText } from '../../../../projections/directory/views.js';
import { counted } from '../../../../projections/store/queries/query-terms.js';
import type { CallOptions, RecordedEvent } from '../../../client/types.js';
import type { EventPageFilter } from '../../../client/history/event-page.js';
import { ParleyError } from '../../../client/wire/error.js';
import type { EventPage, LogMoment, Mark, Source, Timeline } from '../../source/source.js';
import type { LogFile } from './log-file.js';

type PlaceViews = Pick<Source, 'timeline' | 'moment' | 'events'>;

const BUCKETS = 200;
/** No time line shows more marks. */
const MOST_MARKS = 500;
/** So many of them are restarts, where there are more of both. */
const MOST_RESTARTS = 250;

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
  const rowAt = (position: number): number => end.deals.firstFrom('position', position);
  let before = rowAt(from);
  const deals = Array.from({ length: buckets }, (_, bucket) => {
    const started = before;
    before = rowAt(from + Math.floor(((bucket + 1) * (until - from)) / buckets));
    return before - started;
  });
  return { position: head, from, until, deals, ...marksIn(end, { from, until }) };
}

type End = LogFile['end'];

function marksIn(end: End, { from, until }: Stretch): Pick<Timeline, 'marks' | 'marksLeftOut'> {
  const { restarts, auctions } = end;
  const range = (table: { firstFrom(name: 'position', value: number): number }): { first: number; count: number } => {
    const first = table.firstFrom('position', from);
    return { first, count: table.firstFrom('position', until) - first };
  };
  const [ofRestarts, ofAuctions] = [range(restarts), range(auctions)];
  const shown = rowsIn(ofRestarts, Math.max(MOST_RESTARTS, MOST_MARKS - ofAuctions.count));
  const marks: Mark[] = shown.map((row) => {
    const { position, atMs, epoch } = restarts.at(row);
    return { position, at: timeText(atMs), kind: 'restart', epoch };
  });
  for (const row of rowsIn(ofAuctions, MOST_MARKS - marks.length)) marks.push(auctionMark(end, row));
  const leftOut = ofRestarts.count + ofAuctions.count - marks.length;
  marks.sort((one, other) => one.position - other.position);
  return { marks, ...(leftOut > 0 && { marksLeftOut: leftOut }) };
}

/** All of them, or as many, evenly, the last one among them. */
function rowsIn({ first, count }: { first: number; count: number }, most: number): readonly number[] {
  const shown = Math.min(count, most);
  return Array.from({ length: shown }, (_, index) => first + Math.floor(((index + 1) * count) / shown) - 1);
}

function auctionMark({ auctions, directory }: End, row: number): Mark {
  const { position, atMs, instrumentId, priceTicks, volumeLots, deals } = auctions.at(row);
  const instrument = shownInstrument(directory, instrumentId);
  return {
    ...{ position, at: timeText(atMs), kind: 'auction', instrument: instrument.symbol },
    ...(volumeLots > 0 && { price: formatPrice(instrument, priceTicks) }),
    ...{ volume: formatQuantity(instrument, volumeLots), deals },
  };
}

async function placeOf(file: LogFile, position: number): Promise<LogMoment> {
  const { log, end } = file;
  const previous = await log.batchAt(position - 1);
  const next = await log.batchAt(position);
  const { atMs } = await file.modelAt({ at: position });
  const before = end.deals.firstFrom('position', position - 1) - 1;
  const after = end.deals.firstFrom('position', position);
  return {
    position,
    ...(position > 0 && { at: timeText(atMs) }),
    ...(previous !== undefined && { previousBatch: previous.firstPosition }),
    ...(next !== undefined && { nextBatch: next.firstPosition + next.count }),
    ...(before >= 0 && { previousDeal: end.deals.get('position', before) + 1 }),
    ...(after < end.deals.rows && { nextDeal: end.deals.get('position', after) + 1 }),
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
