import type { SequenceChart } from './chart.js';
import { type ChartJson, chartJson, type ChartRowJson } from './chart-json.js';
import { columnOf, laneCharacters, lastPosition } from './lanes.js';
import type { Names } from './names.js';

export interface TextOptions {
  /** Nothing but ASCII, for terminals and files that know no better. */
  readonly ascii?: boolean;
  /** How many columns there are; MAX_COLUMNS at most are used, and LEAST_LANE between two lifelines at least. */
  readonly columns?: number | undefined;
}

/** No line is longer, in columns. */
export const MAX_COLUMNS = 100;
/** As narrow as a lane gets on its own account, and as it can be made. */
const MIN_LANE = 28;
const LEAST_LANE = 14;

const unicode = {
  line: '│',
  gap: '┊',
  dot: '●',
  dash: '─',
  faint: '┄',
  rule: '═',
  toRight: '►',
  toLeft: '◄',
  leaveRight: '├',
  leaveLeft: '┤',
  top: '┬',
  bottom: '┴',
  cut: '…',
};

type Glyphs = Readonly<Record<keyof typeof unicode, string>>;

const ascii: Glyphs = {
  line: '|',
  gap: ':',
  dot: '*',
  dash: '-',
  faint: '.',
  rule: '=',
  toRight: '>',
  toLeft: '<',
  leaveRight: '|',
  leaveLeft: '|',
  top: '+',
  bottom: '+',
  cut: '~',
};

/** Three lifelines, at these columns. */
type Lanes = readonly [number, number, number];

/**
 * The chart as aligned text. Down the left side stands the log position of each event; what is said next to a lifeline is the event that
 * its stream got, and the arrow under it is the message that was sent once the event was appended.
 */
export function renderText(chart: SequenceChart, names: Names, options: TextOptions = {}): string {
  const { columns = MAX_COLUMNS } = options;
  const glyphs = options.ascii === true ? ascii : unicode;
  return new TextRenderer(chartJson(chart, names), names, glyphs, Math.min(columns, MAX_COLUMNS)).render();
}

class TextRenderer {
  private readonly lanes: Lanes;
  private readonly gutter: number;
  private readonly lines: string[] = [];

  constructor(
    private readonly chart: ChartJson,
    private readonly names: Names,
    private readonly glyphs: Glyphs,
    private readonly columns: number,
  ) {
    this.gutter = Math.max(4, names.position(lastPosition(chart.rows)).length) + 2;
    // Wide enough for what stands between two lifelines, and no wider than two of them fit on a line.
    const wanted = Math.max(MIN_LANE, Math.ceil(laneCharacters(chart, { event: 4, message: 7, heading: 2 })));
    const lane = Math.max(LEAST_LANE, Math.min(wanted, Math.floor((columns - this.gutter - 1) / 2)));
    this.lanes = [this.gutter, this.gutter + lane, this.gutter + 2 * lane];
  }

  render(): string {
    const { chart, glyphs, lines } = this;
    lines.push(cut(chart.title, this.columns, glyphs), '');
    this.heading();
    this.lifelines(glyphs.top);
    let before = chart.rows[0]?.position ?? 0;
    for (const row of chart.rows) {
      if (row.position > before + 1 && row.kind === 'event') this.lifelines(glyphs.gap);
      this.row(row);
      before = Math.max(before, row.position);
    }
    this.lifelines(glyphs.bottom);
    if (chart.omittedDeals > 0) lines.push(`${' '.repeat(this.gutter)}and ${chart.omittedDeals} more deals`);
    return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }

  private row(row: ChartRowJson): void {
    switch (row.kind) {
      case 'event':
        return this.event(row);
      case 'message':
        return this.message(row);
      case 'deal':
        return this.banner(row, this.glyphs.dash, false);
      case 'restart':
      case 'auction':
        return this.banner(row, this.glyphs.rule, true);
    }
  }

  private heading(): void {
    const [left, middle, right] = this.lanes;
    const [first, second, third] = this.chart.lifelines;
    for (const line of ['heading', 'terms'] as const) {
      const text = this.blank();
      const label = (lifeline: typeof first): string => lifeline?.[line] ?? '';
      const between = cut(label(second), middle - left - 1, this.glyphs);
      const from = middle - Math.floor(between.length / 2);
      const other = cut(label(third), right - from - between.length, this.glyphs);
      write(text, left, cut(label(first), from - left - 1, this.glyphs));
      write(text, from, between);
      write(text, right + 1 - other.length, other);
      this.lines.push(text.join(''));
    }
  }

  private lifelines(glyph: string): void {
    this.lines.push(this.drawn(undefined, glyph).join(''));
  }

  private event(row: ChartRowJson): void {
    const { dot } = this.glyphs;
    const line = this.drawn(row.position);
    const column = columnOf(this.chart, row.at);
    const at = this.lanes[column];
    const room = column === 1 ? this.lanes[2] - at - 3 : this.lanes[2] - this.lanes[0] - 4;
    const text = cut(row.text, room, this.glyphs);
    if (column === 2) write(line, at - text.length - 1, `${text} `);
    else write(line, at + 1, ` ${text}`);
    write(line, at, dot);
    this.lines.push(line.join(''));
  }

  private message(row: ChartRowJson): void {
    const { glyphs, chart } = this;
    const isDecision = row.message === 'decision';
    const line = this.drawn(isDecision ? row.position : undefined);
    const from = this.lanes[columnOf(chart, row.from)];
    const to = this.lanes[columnOf(chart, row.to)];
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const isRight = from < to;
    write(line, low + 1, (row.faint === true ? glyphs.faint : glyphs.dash).repeat(high - low - 1));
    line[from] = isRight ? glyphs.leaveRight : glyphs.leaveLeft;
    line[isRight ? to - 1 : to + 1] = isRight ? glyphs.toRight : glyphs.toLeft;
    if (row.to === 'ledger') line[to] = glyphs.dot;
    const text = cut(` ${row.text} `, high - low - 3, glyphs);
    write(line, low + 1 + Math.floor((high - low - 1 - text.length) / 2), text);
    this.lines.push(line.join(''));
  }

  private banner({ position, text }: ChartRowJson, glyph: string, isNumbered: boolean): void {
    const [left, , right] = this.lanes;
    const line = this.blank(isNumbered ? position : undefined);
    write(line, left, glyph.repeat(right - left + 1));
    write(line, left + 2, cut(` ${text} `, right - left - 3, this.glyphs));
    this.lines.push(line.join(''));
  }

  private blank(position?: number): string[] {
    const line = Array.from({ length: this.lanes[2] + 1 }, () => ' ');
    if (position !== undefined) write(line, 0, this.names.position(position).padStart(this.gutter - 2));
    return line;
  }

  private drawn(position: number | undefined, glyph = this.glyphs.line): string[] {
    const line = this.blank(position);
    for (const lane of this.lanes) line[lane] = glyph;
    return line;
  }
}

function write(line: string[], at: number, text: string): void {
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character !== undefined && at + index >= 0 && at + index < line.length) line[at + index] = character;
  }
}

function cut(text: string, columns: number, glyphs: Glyphs): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}${glyphs.cut}`;
}
