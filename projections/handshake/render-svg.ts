import type { ChartRow, EventRow, MessageRow, SequenceChart } from './chart.js';
import type { Names } from './names.js';
import * as wording from './wording.js';

const MIN_GUTTER = 76;
const MARGIN = 28;
const MIN_LANE = 250;
const MAX_LANE = 420;
const TOP = 104;
const EVENT_HEIGHT = 26;
const MESSAGE_HEIGHT = 32;
const BANNER_HEIGHT = 36;
const BANNER_DEPTH = 6;
/** Of the fonts named below at 13 pixels, as an upper estimate: nothing can be measured here. */
const CHARACTER = 7.2;
const TITLE_SCALE = 1.2;

/** It brings its own background, so it can be read on a white page and on a dark one, and it goes with the reader's colours. */
const STYLE = `
.parley { font: 13px ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
.parley .card { fill: #ffffff; stroke: #d0d7de; }
.parley text { fill: #1f2328; }
.parley .title { font-size: 15px; font-weight: 600; }
.parley .head { font-weight: 600; }
.parley .faint { fill: #59636e; }
.parley .at { fill: #59636e; font-variant-numeric: tabular-nums; }
.parley .halo { stroke: #ffffff; stroke-width: 5px; paint-order: stroke; stroke-linejoin: round; }
.parley .lane { stroke: #afb8c1; stroke-width: 1.5; }
.parley .arrow { stroke: #0969da; stroke-width: 1.5; fill: none; }
.parley .hint { stroke: #818b98; stroke-dasharray: 4 4; }
.parley .tip { fill: #0969da; }
.parley .hint-tip { fill: #818b98; }
.parley .decision { stroke: #1a7f37; stroke-width: 2; }
.parley .decision-tip { fill: #1a7f37; }
.parley .aborted { stroke: #cf222e; }
.parley .aborted-tip { fill: #cf222e; }
.parley .dot { fill: #1f2328; }
.parley .band { fill: #ddf4ff; }
.parley .alarm { fill: #fff8c5; }
@media (prefers-color-scheme: dark) {
  .parley .card { fill: #0d1117; stroke: #3d444d; }
  .parley text, .parley .dot { fill: #f0f6fc; }
  .parley .faint, .parley .at { fill: #9198a1; }
  .parley .halo { stroke: #0d1117; }
  .parley .lane { stroke: #4d5562; }
  .parley .arrow { stroke: #4493f8; }
  .parley .hint { stroke: #9198a1; }
  .parley .tip { fill: #4493f8; }
  .parley .hint-tip { fill: #9198a1; }
  .parley .decision { stroke: #3fb950; }
  .parley .decision-tip { fill: #3fb950; }
  .parley .aborted { stroke: #f85149; }
  .parley .aborted-tip { fill: #f85149; }
  .parley .band { fill: #122d4a; }
  .parley .alarm { fill: #3b2f0b; }
}`;

/** The chart as one SVG document that needs nothing else: no script, no font, no link, and no ids that could clash in a page. */
export function renderSvg(chart: SequenceChart, names: Names): string {
  return new SvgRenderer(chart, names).render();
}

class SvgRenderer {
  private readonly lanes: readonly [number, number, number];
  private readonly gutter: number;
  private readonly parts: string[] = [];
  private y = TOP;

  constructor(
    private readonly chart: SequenceChart,
    private readonly names: Names,
  ) {
    const digits = names.position(wording.lastPosition(chart.rows)).length;
    this.gutter = Math.max(MIN_GUTTER, Math.ceil(digits * CHARACTER) + 36);
    const lane = this.laneWidth();
    this.lanes = [this.gutter, this.gutter + lane, this.gutter + 2 * lane];
  }

  render(): string {
    const { chart, names } = this;
    const width = this.lanes[2] + MARGIN;
    this.y += 14;
    for (const row of chart.rows) this.row(row);
    const bottom = this.y + 6;
    const height = bottom + (chart.omittedDeals > 0 ? 40 : 22);
    const title = wording.titleText(chart, names);
    const lanes = this.lanes.map((x) => `<line class="lane" x1="${x}" y1="${TOP}" x2="${x}" y2="${bottom}"/>`);
    const more =
      chart.omittedDeals > 0 ? [text([this.gutter, height - 16], `and ${chart.omittedDeals} more deals`, 'faint')] : [];
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" class="parley" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<title>${escaped(title)}</title>`,
      `<style>${STYLE}\n</style>`,
      `<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
      text([MARGIN, 36], fitted(title, (width - 2 * MARGIN) / TITLE_SCALE), 'title'),
      ...this.heading(),
      ...lanes,
      ...this.parts,
      ...more,
      '</svg>',
      '',
    ].join('\n');
  }

  private laneWidth(): number {
    const { chart, names } = this;
    const characters = wording.laneCharacters(chart, names, { event: 3, message: 6, heading: 4 });
    const title = (wording.titleText(chart, names).length * TITLE_SCALE * CHARACTER + MARGIN - this.gutter) / 2;
    return Math.round(Math.min(MAX_LANE, Math.max(MIN_LANE, characters * CHARACTER, title)));
  }

  private heading(): string[] {
    const anchors = ['start', 'middle', 'end'] as const;
    return wording.headings(this.chart, this.names).flatMap(([above, below], column) => {
      const x = this.lanes[column] ?? 0;
      const anchor = anchors[column] ?? 'start';
      const room = this.lanes[1] - this.lanes[0] - 12;
      return [text([x, 70], above, 'head', anchor), text([x, 90], fitted(below, room), 'faint', anchor)];
    });
  }

  private row(row: ChartRow): void {
    switch (row.kind) {
      case 'event':
        return this.event(row);
      case 'message':
        return this.message(row);
      case 'deal':
        return this.banner(undefined, 'band', wording.bannerText(row, this.names));
      case 'auction':
        return this.banner(row.position, 'band', wording.bannerText(row, this.names));
      case 'restart':
        return this.banner(row.position, 'alarm', wording.bannerText(row, this.names));
    }
  }

  private event(row: EventRow): void {
    this.y += EVENT_HEIGHT;
    const column = wording.columnOf(this.chart, row.at);
    const x = this.lanes[column];
    const label = wording.eventText(row, this.chart, this.names);
    this.at(row.position, this.y);
    this.parts.push(`<circle class="dot" cx="${x}" cy="${this.y}" r="4"/>`);
    const [labelX, anchor] = column === 2 ? ([x - 10, 'end'] as const) : ([x + 10, 'start'] as const);
    this.parts.push(text([labelX, this.y + 4], label, 'halo', anchor));
  }

  private message(row: MessageRow): void {
    this.y += MESSAGE_HEIGHT;
    const { y } = this;
    const from = this.lanes[wording.columnOf(this.chart, row.from)];
    const to = this.lanes[wording.columnOf(this.chart, row.to)];
    const inward = from < to ? -1 : 1;
    const [line, tip] = stylesOf(row);
    const label = fitted(wording.messageText(row, this.chart, this.names), Math.abs(from - to));
    if (row.message === 'decision') this.at(row.position, y);
    this.parts.push(
      `<path class="arrow${line}" d="M${from} ${y}H${to + 8 * inward}"/>`,
      `<path class="${tip}" d="M${to} ${y}l${9 * inward} -4.5v9z"/>`,
      text([(from + to) / 2, y - 6], label, 'halo', 'middle'),
    );
  }

  private banner(position: number | undefined, style: string, label: string): void {
    this.y += BANNER_HEIGHT;
    const [left, , right] = this.lanes;
    if (position !== undefined) this.at(position, this.y);
    this.parts.push(
      `<rect class="${style}" x="${left - 8}" y="${this.y - 13}" width="${right - left + 16}" height="26" rx="5"/>`,
      text([(left + right) / 2, this.y + 4], fitted(label, right - left), '', 'middle'),
    );
    this.y += BANNER_DEPTH;
  }

  private at(position: number, y: number): void {
    this.parts.push(text([this.gutter - 18, y + 4], this.names.position(position), 'at', 'end'));
  }
}

type Point = readonly [x: number, y: number];
type Anchor = 'start' | 'middle' | 'end';

/** Classes of an arrow's line, after the first, and of its tip. */
function stylesOf(row: MessageRow): [string, string] {
  if (row.message === 'decision')
    return row.lots > 0 ? [' decision', 'decision-tip'] : [' decision aborted', 'aborted-tip'];
  return wording.isFaint(row) ? [' hint', 'hint-tip'] : ['', 'tip'];
}

function text([x, y]: Point, content: string, style: string, anchor: Anchor = 'start'): string {
  const ending = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  const named = style === '' ? '' : ` class="${style}"`;
  return `<text${named} x="${x}" y="${y}"${ending}>${escaped(content)}</text>`;
}

/** Cut to what fits into so many pixels, as far as that can be known. */
function fitted(content: string, widthPx: number): string {
  const most = Math.floor(widthPx / CHARACTER);
  return content.length <= most ? content : `${content.slice(0, most - 1)}…`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe in XML, in text and in attributes. Control characters, which XML forbids, have been taken out where the words are made. */
function escaped(content: string): string {
  return content.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
