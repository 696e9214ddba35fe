import { useSignal } from '@preact/signals';
import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { LogRow } from '../reading/log-window.js';
import type { LogReader } from '../reading/log-reader.js';
import { EventRow, rowHeight } from './event-row.js';
import { ListFoot, ListHead } from './list-ends.js';
import { RowLayout } from './row-layout.js';
import { useNarrow, useSize } from './sizes.js';

/** Above and below what is seen, so that scrolling shows no gaps; while the log follows there is no scrolling. */
const MARGIN = 300;
/** So near to an end more is read. */
const NEAR_END = 400;
/** Room for what is said at either end. */
const END_HEIGHT = 44;

/** Where the reader looked last: a row, and how far it was scrolled out. */
interface Anchor {
  readonly position: number;
  readonly within: number;
}

/** The rows of the window that can be seen, of however many there are. */
export function EventList({
  reader,
  marked,
  children,
}: {
  readonly reader: LogReader;
  readonly marked: number | undefined;
  /** What stays at its foot, whatever is scrolled. */
  readonly children: ComponentChildren;
}): JSX.Element {
  const scroller = useRef<HTMLDivElement>(null);
  const height = useSize(scroller);
  const isNarrow = useNarrow();
  const open = useSignal<ReadonlySet<number>>(new Set());
  const layout = useRef(new RowLayout());
  const y = useSignal(0);
  const { rows, version } = reader.seen;
  layout.current.lay(rows.length, (index) => heightAt(rows, index, open.value, isNarrow));
  const isFollowing = reader.isFollowing.value;
  const whole = layout.current.height + 2 * END_HEIGHT;
  const top = isFollowing ? Math.max(0, whole - height) : y.value;
  const { first, last } = layout.current.seen(top - END_HEIGHT, height, isFollowing ? 0 : MARGIN);
  useScrolling({ reader, scroller, layout: layout.current, y, marked, whole, height, version });
  useEffect(() => reader.see(first, last), [reader, first, last, version]);
  const toggle = useToggle(open, reader);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keyboard
    <div ref={scroller} class="log-scroller" role="log" aria-live="off" aria-label="Events" tabIndex={0}>
      <div class="log-all" style={{ height: `${whole}px` }}>
        <ListHead reader={reader} />
        <ol class="log-rows" style={{ transform: `translateY(${END_HEIGHT + layout.current.top(first)}px)` }}>
          {rows.slice(first, last).map((row) => (
            <EventRow
              key={row.event.position}
              row={row}
              names={reader.options.names}
              isOpen={open.value.has(row.event.position)}
              isMarked={row.event.position === marked}
              onToggle={toggle}
            />
          ))}
        </ol>
        <ListFoot reader={reader} />
        {children}
      </div>
    </div>
  );
}

function heightAt(rows: readonly LogRow[], index: number, open: ReadonlySet<number>, isNarrow: boolean): number {
  const row = rows[index];
  return row === undefined ? 0 : rowHeight(row, open.has(row.event.position), isNarrow);
}

function useToggle(open: { value: ReadonlySet<number> }, reader: LogReader): (position: number) => void {
  const toggle = useRef((position: number): void => {
    const next = new Set(open.value);
    if (!next.delete(position)) next.add(position);
    open.value = next;
  });
  // What is looked at in full is not to run away.
  return useRef((position: number): void => {
    if (!open.value.has(position)) reader.stopFollowing();
    toggle.current(position);
  }).current;
}

interface Scrolling {
  readonly reader: LogReader;
  readonly scroller: RefObject<HTMLDivElement>;
  readonly layout: RowLayout;
  readonly y: { value: number };
  readonly marked: number | undefined;
  readonly whole: number;
  /** Of what can be seen, as it was laid out last. */
  readonly height: number;
  readonly version: number;
}

/** Keeps the place, or the end, whatever is added or dropped; and reads more near either end. */
function useScrolling({ reader, scroller, layout, y, marked, whole, height, version }: Scrolling): void {
  const anchor = useRef<Anchor | undefined>(undefined);
  const markedLast = useRef<number | undefined>(undefined);
  const laidOut = useRef(height);
  laidOut.current = height;
  const { rows } = reader.seen;
  const reading = reader.reading.value;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (marked !== undefined && markedLast.current !== marked && rows.length > 0 && reader.seen.from <= marked) {
      markedLast.current = marked;
      const index = indexOf(rows, marked);
      anchor.current = {
        position: rows[index]?.event.position ?? marked,
        within: END_HEIGHT - element.clientHeight / 3,
      };
    }
    const wanted = wantedTop(reader, element, layout, anchor.current);
    if (wanted !== undefined && Math.abs(wanted - element.scrollTop) > 0.5) element.scrollTop = wanted;
    y.value = element.scrollTop;
    // Whoever pauses stays where the log had come to.
    if (reader.isFollowing.value) anchor.current = anchorAt(reader, layout, element.scrollTop) ?? anchor.current;
  }, [reader, whole, height, version, marked, reading]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const scrolled = (): void => {
      const { scrollTop, clientHeight, scrollHeight } = element;
      // Nobody has scrolled where the room has changed, as by a word that comes above.
      if (clientHeight !== laidOut.current) return;
      const isAtFoot = scrollTop + clientHeight >= scrollHeight - 4;
      if (reader.isFollowing.value && !isAtFoot) reader.stopFollowing();
      else if (isAtFoot && reader.isAtEnd && !reader.isHeld && reader.reading.value === undefined) reader.follow();
      y.value = scrollTop;
      anchor.current = anchorAt(reader, layout, scrollTop) ?? anchor.current;
    };
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => element.removeEventListener('scroll', scrolled);
  }, [reader]);
  useEffect(() => {
    const element = scroller.current;
    // What was being read when this was drawn has not been laid out yet, even if it has come by now.
    if (element === null || reading !== undefined || reader.error.value !== undefined || reader.isGivenUp.value) return;
    if (y.value < NEAR_END) void reader.readMore('earlier');
    else if (whole - y.value - element.clientHeight < NEAR_END) void reader.readMore('later');
  }, [reader, y.value, whole, reading, version]);
}

/** The first row that can be seen; undefined where there is none. */
function anchorAt(reader: LogReader, layout: RowLayout, scrollTop: number): Anchor | undefined {
  const index = layout.at(Math.max(0, scrollTop - END_HEIGHT));
  const position = reader.seen.rows[index]?.event.position;
  return position === undefined ? undefined : { position, within: scrollTop - layout.top(index) };
}

function wantedTop(
  reader: LogReader,
  element: HTMLElement,
  layout: RowLayout,
  anchor: Anchor | undefined,
): number | undefined {
  if (reader.isFollowing.value) return element.scrollHeight - element.clientHeight;
  if (anchor === undefined) return undefined;
  return layout.top(indexOf(reader.seen.rows, anchor.position)) + anchor.within;
}

/** Of the first row at a position or after it. */
function indexOf(rows: readonly LogRow[], position: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.event.position ?? 0) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
