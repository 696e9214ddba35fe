/** Reading a log page by page, in both directions, up to what is enough. */
import type { EventPage, Source } from '../../source/source.js';
import type { Judge, LogWindow } from './log-window.js';

/** Positions in a page. */
const PAGE = 1_000;
/** Where only some types are sent. */
const PAGE_OF_TYPES = 10_000;
/** Rows that are enough for a while. */
const ENOUGH_ROWS = 150;
/** So many pages are looked through at most before somebody asks for more. */
const MOST_PAGES = 30;

export interface Reading {
  readonly source: Pick<Source, 'events'>;
  readonly shard: number | undefined;
  /** Only these are wanted; all unless given. */
  readonly types: readonly string[] | undefined;
  readonly judge: Judge;
  /** Is given each page’s events before they are judged. */
  readonly onPage: (page: EventPage) => void;
  readonly signal: AbortSignal;
}

/** How a reading ended. */
export interface PagesRead {
  readonly rows: number;
  /** Nothing more was looked at although there is more: the filter leaves so much out. */
  readonly isGivenUp: boolean;
}

/** Reads what stands before a window, until there are enough rows more, or the log’s begin is reached. */
export async function readEarlier(window: LogWindow, reading: Reading): Promise<PagesRead> {
  const { source, shard, types, judge, onPage, signal } = reading;
  let rows = 0;
  for (let pages = 0; window.from > 0 && rows < ENOUGH_ROWS; pages++) {
    if (pages === MOST_PAGES) return { rows, isGivenUp: true };
    const until = window.from;
    const from = Math.max(0, until - pageSize(types));
    const page = await source.events({ shard, from, until, limit: until - from, types, signal });
    signal.throwIfAborted();
    onPage(page);
    rows += window.prepend(page.events, from, judge);
  }
  return { rows, isGivenUp: false };
}

/** Reads what follows a window, up to `end` at most. */
export async function readLater(window: LogWindow, end: number, reading: Reading): Promise<PagesRead> {
  const { source, shard, types, judge, onPage, signal } = reading;
  const before = window.appended;
  for (let pages = 0; ; pages++) {
    const rows = window.appended - before;
    if (window.to >= end || rows >= ENOUGH_ROWS) return { rows, isGivenUp: false };
    if (pages === MOST_PAGES) return { rows, isGivenUp: true };
    const from = window.to;
    const until = Math.min(from + pageSize(types), end);
    const page = await source.events({ shard, from, until, limit: until - from, types, signal });
    signal.throwIfAborted();
    onPage(page);
    if (page.upTo <= from) return { rows, isGivenUp: false };
    window.append(
      page.events.filter(({ position }) => position < until),
      Math.min(page.upTo, until),
      judge,
    );
  }
}

function pageSize(types: readonly string[] | undefined): number {
  return types === undefined ? PAGE : PAGE_OF_TYPES;
}
