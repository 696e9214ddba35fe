import type { ChartJson } from '../../../projections/handshake/chart-json.js';
import { barOf, type BarPart, decimalsIn, type Standing, standingAfter, totalOf } from './standing.js';

/** An event of an intention, and how it stood after it. */
export interface LifeStep {
  readonly position: number;
  /** The row of the chart. */
  readonly row: number;
  readonly text: string;
  readonly parts: readonly BarPart[];
}

/** The life of a chart’s intention by its events, in the order of the log. Of deals that the chart leaves out, it knows nothing. */
export function lifeOf(chart: ChartJson): readonly LifeStep[] {
  const decimals = decimalsIn(chart.rows);
  let standing: Standing | undefined;
  let whole = 0n;
  const steps: { position: number; row: number; text: string; standing: Standing }[] = [];
  for (const [index, row] of chart.rows.entries()) {
    if (row.kind !== 'event' || row.at !== chart.intention) continue;
    standing = standingAfter(standing, row);
    const total = totalOf(standing);
    if (total > whole) whole = total;
    steps.push({ position: row.position, row: index, text: row.text, standing });
  }
  return steps.map(({ standing: then, ...step }) => ({ ...step, parts: barOf(then, whole, decimals) }));
}

/** Of so many steps, each so wide, every how manyth is named below the bar, so that positions do not run into each other. */
export function tickEvery(stepPx: number, lastPosition: string): number {
  const labelPx = lastPosition.length * 7.5 + 10;
  return Math.max(1, Math.ceil(labelPx / stepPx));
}
