/** A picture as an SVG document that needs nothing else, for light pages and for dark ones. Its words are measured by estimate alone. */

export type Theme = 'light' | 'dark';

/** The colours of the charts of `parley chart`, so that all pictures look alike. */
const COLORS = {
  light: { card: '#ffffff', border: '#d0d7de', text: '#1f2328', faint: '#59636e', line: '#818b98' },
  dark: { card: '#0d1117', border: '#3d444d', text: '#f0f6fc', faint: '#9198a1', line: '#9198a1' },
} as const;

/** Fill and edge of a box, by what it is there for. */
const TONES = {
  plain: { light: ['#f6f8fa', '#d0d7de'], dark: ['#151b23', '#3d444d'] },
  blue: { light: ['#ddf4ff', '#54aeff'], dark: ['#122d4a', '#1f6feb'] },
  green: { light: ['#dafbe1', '#4ac26b'], dark: ['#12361f', '#238636'] },
  yellow: { light: ['#fff8c5', '#d4a72c'], dark: ['#3b2f0b', '#9e6a03'] },
  red: { light: ['#ffebe9', '#ff8182'], dark: ['#3c1618', '#da3633'] },
} as const;

export type Tone = keyof typeof TONES;

const FONT = `ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif`;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TextStyle {
  readonly size?: number;
  readonly bold?: boolean;
  readonly faint?: boolean;
  readonly anchor?: 'start' | 'middle' | 'end';
}

export class Drawing {
  private readonly parts: string[] = [];

  constructor(
    private readonly theme: Theme,
    private readonly width: number,
    private readonly height: number,
    /** For those who cannot see it. */
    private readonly title: string,
  ) {}

  box({ x, y, width, height }: Box, tone: Tone, isDashed = false): void {
    const [fill, edge] = TONES[tone][this.theme];
    const dashes = isDashed ? ' stroke-dasharray="4 4"' : '';
    this.parts.push(
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="${fill}" stroke="${edge}"${dashes}/>`,
    );
  }

  disc(x: number, y: number, radius: number, tone: Tone): void {
    const [fill, edge] = TONES[tone][this.theme];
    this.parts.push(`<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" stroke="${edge}"/>`);
  }

  /** `y` is the line that the words stand on. */
  text(
    x: number,
    y: number,
    words: string,
    { size = 13, bold = false, faint = false, anchor = 'start' }: TextStyle = {},
  ): void {
    const { text, faint: pale } = COLORS[this.theme];
    const weight = bold ? ' font-weight="600"' : '';
    this.parts.push(
      `<text x="${x}" y="${y}" font-size="${size}" fill="${faint ? pale : text}" text-anchor="${anchor}"${weight}>${escaped(words)}</text>`,
    );
  }

  /** From one point to another, along the lines of the page, with a tip at its end. */
  arrow(from: readonly [number, number], to: readonly [number, number]): void {
    const { line } = COLORS[this.theme];
    const [x, y] = to;
    const isVertical = from[0] === x;
    const sign = isVertical ? Math.sign(y - from[1]) : Math.sign(x - from[0]);
    const tip = isVertical
      ? `${x - 4},${y - sign * 8} ${x},${y} ${x + 4},${y - sign * 8}`
      : `${x - sign * 8},${y - 4} ${x},${y} ${x - sign * 8},${y + 4}`;
    const end = isVertical ? [x, y - sign * 8] : [x - sign * 8, y];
    this.parts.push(
      `<path d="M${from.join(' ')} L${end.join(' ')}" stroke="${line}" stroke-width="1.5" fill="none"/>`,
      `<polygon points="${tip}" fill="${line}"/>`,
    );
  }

  /** A bracket under a part of a row, and what it is. */
  bracket(x: number, y: number, width: number, words: string): void {
    const { line } = COLORS[this.theme];
    this.parts.push(`<path d="M${x} ${y} v6 h${width} v-6" stroke="${line}" stroke-width="1.5" fill="none"/>`);
    this.text(x + width / 2, y + 24, words, { faint: true, anchor: 'middle' });
  }

  toString(): string {
    const { card, border } = COLORS[this.theme];
    const { width, height } = this;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">`,
      `<title>${escaped(this.title)}</title>`,
      `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${card}" stroke="${border}"/>`,
      ...this.parts,
      '</svg>',
      '',
    ].join('\n');
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
