import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { ChartJson } from '../../../projections/handshake/chart-json.js';
import type { ChartLayout, ChartShape } from '../../../projections/handshake/chart-layout.js';
import { rowByKey } from '../parts/row-keys.js';
import { shapeElement } from './chart-shape.js';

export interface SequenceChartProps {
  readonly chart: ChartJson;
  /** Of this chart. */
  readonly layout: ChartLayout;
  /** The row that is looked at. */
  readonly selected: Signal<number | undefined>;
  /** How many rows are drawn, from the first; the last of them is drawn as new. All of them, unless it says otherwise. */
  readonly shown?: number;
  /** Whether the newest row comes in as if it were happening now. */
  readonly isMoving?: boolean;
  /** The position of the row that was chosen, by mouse or by key. */
  readonly onSelect?: (position: number) => void;
}

/** A message sequence chart whose rows can be gone through by mouse and by keys: arrow up and down, Home, End. */
export function SequenceChart(props: SequenceChartProps): JSX.Element {
  const { chart, layout, selected, shown = chart.rows.length, isMoving = false, onSelect } = props;
  const list = useRef<SVGGElement>(null);
  // Elements that are the same objects are not compared again: only a row's own class changes as the chart is gone through.
  const { frame, rows } = useMemo(() => drawn(layout), [layout]);
  const current = selected.value;
  const focusable = current !== undefined && current < shown ? current : Math.max(0, shown - 1);
  const newest = isMoving || shown < layout.rows.length ? shown - 1 : undefined;
  useLayoutEffect(() => {
    if (newest !== undefined) list.current?.children[newest]?.scrollIntoView({ block: 'nearest' });
  }, [newest]);
  const select = (row: number): void => {
    selected.value = row;
    const position = chart.rows[row]?.position;
    if (position !== undefined) onSelect?.(position);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = event.key === 'Enter' || event.key === ' ' ? focusable : rowByKey(event.key, focusable, shown);
    if (row === undefined || shown === 0) return;
    event.preventDefault();
    select(row);
    // Rows are drawn by SVG elements, which can hold the focus as any other can.
    (list.current?.children[row] as SVGElement | undefined)?.focus();
  };
  return (
    <svg class={`sequence-chart${isMoving ? ' moving' : ''}`} width={layout.width} height={layout.height}>
      <g aria-hidden="true">{frame}</g>
      <g ref={list} role="listbox" aria-label={layout.title} onKeyDown={onKeyDown}>
        {layout.rows.slice(0, shown).map(({ top, bottom }, row) => (
          <g
            key={row}
            class={`chart-row${row === current ? ' selected' : ''}${row === newest ? ' newest' : ''}`}
            role="option"
            aria-selected={row === current}
            aria-label={labelOf(chart, row)}
            tabindex={row === focusable ? 0 : -1}
            onClick={() => select(row)}
          >
            <rect class="ground" x={1} y={top} width={layout.width - 2} height={bottom - top} rx={6} />
            {rows[row]}
          </g>
        ))}
      </g>
    </svg>
  );
}

interface Drawn {
  /** Headings and lifelines. */
  readonly frame: readonly JSX.Element[];
  readonly rows: readonly (readonly JSX.Element[])[];
}

function drawn(layout: ChartLayout): Drawn {
  const frame: ChartShape[] = [];
  const rows: ChartShape[][] = layout.rows.map(() => []);
  for (const shape of layout.shapes) (shape.row === undefined ? frame : rows[shape.row])?.push(shape);
  return { frame: frame.map(shapeElement), rows: rows.map((shapes) => shapes.map(shapeElement)) };
}

function labelOf(chart: ChartJson, row: number): string {
  const { position, text } = chart.rows[row] ?? { position: 0, text: '' };
  return `${position}: ${text}`;
}
