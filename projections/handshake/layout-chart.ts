import type { ChartJson, ChartRowJson } from './chart-json.js';
import type { Anchor, ChartLayout, ChartShape, RowPlace, TextShape } from './chart-layout.js';
import { CHARACTER, fitted, widthOf, wrapped } from './label-fit.js';
import { columnOf, laneCharacters, lastPosition } from './lanes.js';

const MIN_GUTTER = 76;
const MARGIN = 28;
const MIN_LANE = 250;
const MAX_LANE = 420;
const TOP = 104;
const EVENT_HEIGHT = 26;
const MESSAGE_HEIGHT = 32;
const BANNER_HEIGHT = 36;
const BANNER_DEPTH = 6;
const LINE_HEIGHT = 16;
const TITLE_SCALE = 1.2;
/** Below this width, a chart that is fitted keeps its margins small. */
const NARROW = 560;
const LEAST_LANE = 80;
const MOST_LINES = 4;

export interface LayoutOptions {
  /** Fits the lanes between these margins: labels are broken over lines, or cut. Without it, as wide as the labels want it. */
  readonly widthPx?: number;
  /** Without the title, for a page that says it above. */
  readonly isUntitled?: boolean;
  /** How positions are shown; as plain numbers, unless it says otherwise. */
  readonly position?: (position: number) => string;
}

/** Lays a chart out: pure, of what `GET /v1/deals/{id}/chart` answers as JSON, so that it is drawn in the same way everywhere. */
export function layoutChart(chart: ChartJson, options: LayoutOptions = {}): ChartLayout {
  return new Layout(chart, options).layout();
}

type Lanes = readonly [number, number, number];
type Point = readonly [x: number, y: number];

class Layout {
  private readonly lanes: Lanes;
  private readonly gutter: number;
  /** Between positions and the first lifeline, and beside the last one. */
  private readonly spacing: { readonly beside: number; readonly margin: number };
  private readonly shapes: ChartShape[] = [];
  private readonly rows: RowPlace[] = [];
  /** Whether labels are broken and cut to the width that is given. */
  private readonly isFitted: boolean;
  private readonly position: (position: number) => string;
  private y = 0;
  private row: number | undefined;

  constructor(
    private readonly chart: ChartJson,
    private readonly options: LayoutOptions,
  ) {
    const { widthPx, position = String } = options;
    this.position = position;
    this.isFitted = widthPx !== undefined;
    const isNarrow = widthPx !== undefined && widthPx < NARROW;
    this.spacing = isNarrow ? { beside: 10, margin: 10 } : { beside: 18, margin: MARGIN };
    const digits = Math.ceil(position(lastPosition(chart.rows)).length * CHARACTER);
    this.gutter = isNarrow ? digits + 14 : Math.max(MIN_GUTTER, digits + 36);
    const lane = widthPx === undefined ? this.wantedLane() : this.fittedLane(widthPx);
    this.lanes = [this.gutter, this.gutter + lane, this.gutter + 2 * lane];
  }

  private wantedLane(): number {
    const characters = laneCharacters(this.chart, { event: 3, message: 6, heading: 4 });
    const title = (this.chart.title.length * TITLE_SCALE * CHARACTER + MARGIN - this.gutter) / 2;
    return Math.round(Math.min(MAX_LANE, Math.max(MIN_LANE, characters * CHARACTER, title)));
  }

  private fittedLane(widthPx: number): number {
    const lane = Math.floor((widthPx - this.gutter - this.spacing.margin) / 2);
    return Math.min(MAX_LANE, Math.max(LEAST_LANE, lane));
  }

  layout(): ChartLayout {
    const { chart, lanes, shapes, rows } = this;
    const width = lanes[2] + this.spacing.margin;
    this.title(width);
    const top = this.headings();
    const firstRow = shapes.length;
    this.y = top + 14;
    for (const [index, row] of chart.rows.entries()) {
      this.row = index;
      this.draw(row);
    }
    this.row = undefined;
    const bottom = this.y + 6;
    const lines = lanes.map((x) => ({ kind: 'line', style: 'lane', x1: x, y1: top, x2: x, y2: bottom }) as const);
    shapes.splice(firstRow, 0, ...lines);
    const height = bottom + (chart.omittedDeals > 0 ? 40 : 22);
    if (chart.omittedDeals > 0) this.text([this.gutter, height - 16], 'faint', `and ${chart.omittedDeals} more deals`);
    return { width, height, title: chart.title, lanes, shapes, rows };
  }

  /** Leaves `y` where the headings begin. */
  private title(width: number): void {
    const { margin } = this.spacing;
    this.y = TOP - 34;
    if (this.options.isUntitled === true) {
      this.y = 26;
      return;
    }
    const room = (width - 2 * margin) / TITLE_SCALE;
    const lines = this.lines(this.chart.title, room);
    this.texts([margin, 36], 'title', { lines, full: this.chart.title, step: 20 });
    this.y += (lines.length - 1) * 20;
  }

  /** Returns where the lifelines begin. */
  private headings(): number {
    const anchors = ['start', 'middle', 'end'] as const;
    const lane = this.lanes[1] - this.lanes[0];
    const [, ledger] = this.chart.lifelines;
    const between = this.isFitted ? widthOf(ledger?.terms ?? '') / 2 : 0;
    let most = 1;
    for (const [column, { heading, terms }] of this.chart.lifelines.entries()) {
      const x = this.lanes[column] ?? 0;
      const anchor = anchors[column] ?? 'start';
      const lines = this.lines(terms, column === 1 ? lane : lane - between - 12);
      most = Math.max(most, lines.length);
      this.text([x, this.y], 'head', heading, { anchor });
      this.texts([x, this.y + 20], 'faint', { lines, full: terms, anchor });
    }
    return this.y + 34 + (most - 1) * LINE_HEIGHT;
  }

  private draw(row: ChartRowJson): void {
    const top = this.rows.at(-1)?.bottom ?? this.y;
    switch (row.kind) {
      case 'event':
        return this.placed(top, this.event(row), 12);
      case 'message':
        return this.placed(top, this.message(row), 10);
      case 'deal':
        return this.placed(top, this.banner(row, 'band'), BANNER_DEPTH);
      case 'auction':
        this.at(row.position, this.y + BANNER_HEIGHT);
        return this.placed(top, this.banner(row, 'band'), BANNER_DEPTH);
      case 'restart':
        this.at(row.position, this.y + BANNER_HEIGHT);
        return this.placed(top, this.banner(row, 'alarm'), BANNER_DEPTH);
    }
  }

  /** What has been drawn at `y` reaches so much further down than the pen has come. */
  private placed(top: number, y: number, below: number): void {
    this.rows.push({ y, top, bottom: this.y + below });
  }

  private event({ at, position, text: label }: ChartRowJson): number {
    this.y += EVENT_HEIGHT;
    const { y, lanes } = this;
    const column = columnOf(this.chart, at);
    const x = lanes[column];
    this.at(position, y);
    this.add({ kind: 'circle', style: 'dot', x, y, radius: 4 });
    const [labelX, anchor] = column === 2 ? ([x - 10, 'end'] as const) : ([x + 10, 'start'] as const);
    const lines = this.isFitted ? this.lines(label, (column === 1 ? 1 : 2) * (lanes[1] - lanes[0]) - 20) : [label];
    this.texts([labelX, y + 4], 'halo', { lines, full: label, anchor });
    this.y += (lines.length - 1) * LINE_HEIGHT;
    return y;
  }

  private message(row: ChartRowJson): number {
    const { label, lines } = this.arrowLabel(row);
    this.y += MESSAGE_HEIGHT + (lines.length - 1) * LINE_HEIGHT;
    const { y } = this;
    const [from, to] = this.ends(row);
    const isToLeft = to < from;
    const inward = isToLeft ? 1 : -1;
    const [line, tip] = stylesOf(row);
    if (row.message === 'decision') this.at(row.position, y);
    this.add({ kind: 'arrow', style: `arrow${line}`, d: `M${from} ${y}H${to + 8 * inward}`, isToLeft });
    this.add({ kind: 'tip', style: tip, d: `M${to} ${y}l${9 * inward} -4.5v9z`, isToLeft });
    const first = y - 6 - (lines.length - 1) * LINE_HEIGHT;
    this.texts([label.x, first], 'halo', { lines, full: row.text, anchor: label.anchor });
    return y;
  }

  private ends({ from, to }: ChartRowJson): readonly [number, number] {
    return [this.lanes[columnOf(this.chart, from)], this.lanes[columnOf(this.chart, to)]];
  }

  /** Over the middle of its arrow; where a width is given and there is no room, beside its outer end and as far as the other side. */
  private arrowLabel(row: ChartRowJson): { label: { x: number; anchor: Anchor }; lines: readonly string[] } {
    const [from, to] = this.ends(row);
    const room = Math.abs(from - to);
    const middle = { x: (from + to) / 2, anchor: 'middle' } as const;
    if (!this.isFitted) return { label: middle, lines: [fitted(row.text, room)] };
    if (widthOf(row.text) <= room - 16) return { label: middle, lines: [row.text] };
    const [left, , right] = this.lanes;
    const lines = this.lines(row.text, right - left - 16);
    return Math.min(from, to) === left
      ? { label: { x: left + 8, anchor: 'start' }, lines }
      : { label: { x: right - 8, anchor: 'end' }, lines };
  }

  private banner({ text: label }: ChartRowJson, style: string): number {
    this.y += BANNER_HEIGHT;
    const { y } = this;
    const [left, , right] = this.lanes;
    const lines = this.lines(label, right - left);
    const more = (lines.length - 1) * LINE_HEIGHT;
    const [x, width] = [left - 8, right - left + 16];
    this.add({ kind: 'rect', style, x, y: y - 13, width, height: 26 + more, radius: 5 });
    this.texts([(left + right) / 2, y + 4], '', { lines, full: label, anchor: 'middle' });
    this.y += BANNER_DEPTH + more;
    return y;
  }

  private at(position: number, y: number): void {
    this.text([this.gutter - this.spacing.beside, y + 4], 'at', this.position(position), { anchor: 'end' });
  }

  private lines(label: string, widthPx: number): readonly string[] {
    return wrapped(label, widthPx, this.isFitted ? MOST_LINES : 1);
  }

  private texts([x, y]: Point, style: string, label: Label): void {
    const { lines, full, anchor = 'start', step = LINE_HEIGHT } = label;
    const isCut = lines.join(' ') !== full;
    for (const [index, text] of lines.entries()) {
      this.text([x, y + index * step], style, text, { anchor, ...(isCut && { full }) });
    }
  }

  private text(
    [x, y]: Point,
    style: string,
    text: string,
    more: Partial<Pick<TextShape, 'anchor' | 'full'>> = {},
  ): void {
    this.add({ kind: 'text', style, x, y, anchor: 'start', text, ...more });
  }

  private add(shape: ChartShape): void {
    this.shapes.push(this.row === undefined ? shape : { ...shape, row: this.row });
  }
}

/** A label on one line or several. */
interface Label {
  readonly lines: readonly string[];
  /** All of it. */
  readonly full: string;
  readonly anchor?: Anchor;
  readonly step?: number;
}

/** Classes of an arrow's line, after the first, and of its tip. */
function stylesOf({ message, outcome, faint }: ChartRowJson): [string, string] {
  if (message === 'decision')
    return outcome === 'confirmed' ? [' decision', 'decision-tip'] : [' decision aborted', 'aborted-tip'];
  return faint === true ? [' hint', 'hint-tip'] : ['', 'tip'];
}
