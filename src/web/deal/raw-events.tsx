import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { isOfFile } from '../app/address.js';
import { may } from '../app/session.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { useLook } from '../parts/look.js';
import { PositionLink } from '../parts/position-link.js';
import type { RecordedEvent } from '../../client/types.js';
import type { Chart, Source } from '../source/source.js';
import { stretchesOf } from './event-ranges.js';

/** The events that the chart was drawn from, as the log has them. The one of the selected row is marked, and leads to it. */
export function RawEvents({
  chart,
  selected,
}: {
  readonly chart: Chart;
  readonly selected: Signal<number | undefined>;
}): JSX.Element | null {
  const isSeen = may.seeAll.value || isOfFile.value;
  const positions = [...new Set(chart.rows.map(({ position }) => position))];
  const { value, error, again } = useLook(
    `events ${chart.shard ?? ''} ${positions.join(' ')}`,
    (source, { signal }) => eventsAt(source, chart.shard, positions, signal),
    { isWanted: isSeen },
  );
  const current = selected.value === undefined ? undefined : chart.rows[selected.value]?.position;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.querySelector('.current')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  if (!isSeen) return null;
  return (
    <section class="card raw-events" aria-label="Events">
      <h2>Events</h2>
      {value === undefined && (error === undefined ? <Loading /> : <Failure error={error} onAgain={again} />)}
      <ol ref={list}>
        {value?.map((event) => (
          <li key={event.position} class={event.position === current ? 'current' : ''}>
            <PositionLink position={event.position} shard={chart.shard} />
            <button
              type="button"
              class="quiet raw-event"
              aria-pressed={event.position === current}
              onClick={() => (selected.value = rowAt(chart, event.position))}
            >
              <strong>{event.type}</strong> <span class="faint">{event.stream}</span>
              <code>{fieldsOf(event)}</code>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

async function eventsAt(
  source: Source,
  shard: number | undefined,
  positions: readonly number[],
  signal: AbortSignal | undefined,
): Promise<readonly RecordedEvent[]> {
  const wanted = new Set(positions);
  const pages = await Promise.all(
    stretchesOf(positions).map(({ from, until }) => source.events({ shard, from, limit: until - from, signal })),
  );
  return pages.flatMap(({ events }) => events).filter(({ position }) => wanted.has(position));
}

function rowAt({ rows }: Chart, position: number): number | undefined {
  const row = rows.findIndex((each) => each.position === position && each.kind === 'event');
  const any = row === -1 ? rows.findIndex((each) => each.position === position) : row;
  return any === -1 ? undefined : any;
}

/** All but what is shown beside them. */
function fieldsOf({ position: _position, stream: _stream, type: _type, ...fields }: RecordedEvent): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join('  ');
}
