import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { ChartJson } from '../../../projections/handshake/chart-json.js';
import type { ChartLayout, ChartShape, RowPlace } from '../../../projections/handshake/chart-layout.js';
import { rowByKey } from '../parts/row-keys.js';
import type { Stretch } from '../parts/use-visible.js';
import { shapeElement } from './chart-shape.js';

export interface SequenceChartProps {
  readonly chart: ChartJson;
  /** Of this chart. */
  readonly layout: ChartLayout;
  /** The row that is looked at, by its index. */
  readonly selected: Signal<number | undefined>;
  /** How many rows are drawn, from the first; the last of them is drawn as new. All of them, unless it says otherwise. */
  readonly shown?: number;
  /** Whether the newest row comes in as if it were happening now. */
  readonly isMoving?: boolean;
  /** Rows outside of it, in pixels from the top, are left out of the document. */
  readonly visible?: Stretch | undefined;
  /** The position of the row that was chosen, by mouse or by key. */
  readonly onSelect?: ((position: number) => void) | undefined;
}

/** A message sequence chart whose rows can be gone through by mouse and by keys: arrow up and down, Home, End. */
export function SequenceChart(props: SequenceChartProps): JSX.Element {
  const { chart, layout, selected, shown = chart.rows.length, isMoving = false } = props;
  const { frame, rows } = useMemo(() => byRow(layout), [layout]);
  const current = selected.value;
  const newest = isMoving || shown < layout.rows.length ? shown - 1 : undefined;
  // The one row that the tabulator key leads to.
  const focusable = current !== undefined && current < shown ? current : shown - 1;
  const { list, onKeyDown, select } = useRowKeys(props, { shown, focusable });
  useLayoutEffect(() => {
    if (newest !== undefined) rowElement(list.current, newest)?.scrollIntoView({ block: 'nearest' });
  }, [list, newest]);
  const drawn = layout.rows
    .map((place, row) => ({ place, row }))
    .filter(({ place, row }) => row < shown && (row === focusable || row === newest || isWithin(place, props.visible)));
  return (
    <svg class={`sequence-chart${isMoving ? ' moving' : ''}`} width={layout.width} height={layout.height}>
      <g aria-hidden="true">{frame.map(shapeElement)}</g>
      <g ref={list} role="listbox" aria-label={layout.title} onKeyDown={onKeyDown}>
        {drawn.map(({ place: { top, bottom }, row }) => (
          <g
            key={row}
            class={`chart-row${row === current ? ' selected' : ''}${row === newest ? ' newest' : ''}`}
            role="option"
            data-row={row}
            aria-selected={row === current}
            aria-label={labelOf(chart, row)}
            aria-posinset={row + 1}
            aria-setsize={shown}
            // An attribute of SVG: it has no other name there.
            tabindex={row === focusable ? 0 : -1}
            onClick={() => select(row)}
          >
            <rect class="ground" x={1} y={top} width={layout.width - 2} height={bottom - top} rx={6} />
            {rows[row]?.map(shapeElement)}
          </g>
        ))}
      </g>
    </svg>
  );
}

/** Selects rows by keys; the focus goes along, once the row is in the document. */
function useRowKeys(
  { chart, selected, onSelect }: SequenceChartProps,
  { shown, focusable }: { readonly shown: number; readonly focusable: number },
): {
  readonly list: { readonly current: SVGGElement | null };
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly select: (row: number) => void;
} {
  const list = useRef<SVGGElement>(null);
  const wanted = useRef<number>();
  useLayoutEffect(() => {
    if (wanted.current !== undefined) rowElement(list.current, wanted.current)?.focus();
    wanted.current = undefined;
  });
  const select = (row: number): void => {
    selected.value = row;
    const position = chart.rows[row]?.position;
    if (position !== undefined) onSelect?.(position);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isChoice = event.key === 'Enter' || event.key === ' ';
    const row = isChoice ? focusable : rowByKey(event.key, focusable, shown);
    if (row === undefined || shown === 0) return;
    event.preventDefault();
    wanted.current = row;
    select(row);
  };
  return { list, onKeyDown, select };
}

function rowElement(list: Element | null, row: number): SVGElement | undefined {
  return list?.querySelector<SVGElement>(`[data-row="${row}"]`) ?? undefined;
}

interface ByRow {
  /** Headings and lifelines. */
  readonly frame: readonly ChartShape[];
  readonly rows: readonly (readonly ChartShape[])[];
}

function byRow(layout: ChartLayout): ByRow {
  const frame: ChartShape[] = [];
  const rows: ChartShape[][] = layout.rows.map(() => []);
  for (const shape of layout.shapes) (shape.row === undefined ? frame : rows[shape.row])?.push(shape);
  return { frame, rows };
}

function isWithin({ top, bottom }: RowPlace, visible: Stretch | undefined): boolean {
  return visible === undefined || (bottom >= visible.from && top <= visible.until);
}

function labelOf(chart: ChartJson, row: number): string {
  const { position, text } = chart.rows[row] ?? { position: 0, text: '' };
  return `${position}: ${text}`;
}
