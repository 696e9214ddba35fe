import type { JSX } from 'preact';
import { wrapped } from '../../../projections/handshake/label-fit.js';
import type { ChartLayout, RowPlace } from '../../../projections/handshake/chart-layout.js';
import { barText } from '../parts/standing.js';
import type { Stretch } from '../parts/use-visible.js';
import type { TrackRow, TrackSide } from './reserved-track.js';

export interface ReservedTrackProps {
  readonly track: readonly TrackRow[];
  /** Of the chart beside which it stands: its rows lie at the same height. */
  readonly layout: ChartLayout;
  readonly shown?: number;
  readonly selected?: number | undefined;
  /** What lies outside of it, in pixels from the top, is left out of the document. */
  readonly visible?: Stretch | undefined;
  readonly widthPx: number;
  /** What stands over the two sides. */
  readonly heads: readonly [string, string];
}

const GAP = 14;
const LINE_HEIGHT = 13;
/** Height of the edge in full colour with which a stretch begins. */
const EDGE = 3;
/** Of its type, which is smaller than the chart’s. */
const SCALE = 11 / 13;

/** Beside a chart: what each of its two sides has open, reserved and filled after each row, as bands that go down with its lifelines. */
export function ReservedTrack(props: ReservedTrackProps): JSX.Element {
  const { track, layout, shown = track.length, selected, widthPx, heads, visible } = props;
  const width = Math.floor((widthPx - GAP) / 2);
  const rows = track.slice(0, shown);
  const top = layout.rows[0]?.top ?? 0;
  return (
    <svg class="reserved-track" width={widthPx} height={layout.height} role="img" aria-label={summary(rows)}>
      {(['left', 'right'] as const).map((side, column) => (
        <g key={side} transform={`translate(${column * (width + GAP)} 0)`}>
          <text class="head" x={0} y={top - 14}>
            {heads[column]}
          </text>
          {stretches(rows, layout.rows, side)
            .filter(({ top, bottom }) => visible === undefined || (bottom >= visible.from && top <= visible.until))
            .map((stretch) => (
              <Band key={stretch.top} {...stretch} width={width} />
            ))}
        </g>
      ))}
      <SelectedRow place={selected === undefined ? undefined : layout.rows[selected]} width={widthPx} />
    </svg>
  );
}

interface Stand {
  readonly top: number;
  readonly bottom: number;
  readonly side: TrackSide;
}

/** Rows during which a side stands the same are one stretch. */
function stretches(rows: readonly TrackRow[], places: readonly RowPlace[], name: 'left' | 'right'): readonly Stand[] {
  const found: Stand[] = [];
  for (const [index, row] of rows.entries()) {
    const side = row[name];
    const place = places[index];
    if (side === undefined || place === undefined) continue;
    const last = found.at(-1);
    if (last === undefined || side.isChanged) found.push({ top: place.top, bottom: place.bottom, side });
    else found[found.length - 1] = { ...last, bottom: place.bottom };
  }
  return found;
}

function Band({ top, bottom, side, width }: Stand & { readonly width: number }): JSX.Element {
  const lines = wrapped(barText(side.parts), (width - 14) / SCALE, 2);
  let x = 0;
  const bars = side.parts.map(({ part, share }) => {
    const from = x;
    x += share * width;
    if (share === 0) return null;
    const place = { x: from, y: top + 1, width: share * width };
    return (
      <g key={part} class={`part ${part}`}>
        <rect class="soft" {...place} height={bottom - top - 2} />
        <rect class="solid" {...place} height={EDGE} />
      </g>
    );
  });
  return (
    <g>
      <rect class="trough" x={0} y={top + 1} width={width} height={bottom - top - 2} />
      {bars}
      {lines.map((line, index) => (
        <text key={index} class="amount" x={7} y={top + 18 + index * LINE_HEIGHT}>
          {line}
        </text>
      ))}
    </g>
  );
}

function SelectedRow({
  place,
  width,
}: {
  readonly place: RowPlace | undefined;
  readonly width: number;
}): JSX.Element | null {
  if (place === undefined) return null;
  return <rect class="selected-row" x={0.5} y={place.top} width={width - 1} height={place.bottom - place.top} rx={6} />;
}

function summary(rows: readonly TrackRow[]): string {
  const last = rows.at(-1);
  const sides = [last?.left, last?.right].filter((side) => side !== undefined);
  return sides.map(({ intention, parts }) => `Intention ${intention}: ${barText(parts)}`).join('; ');
}
