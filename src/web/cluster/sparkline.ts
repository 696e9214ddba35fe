import { type Point, SHOWN_MS } from './figures.js';

export const WIDTH = 240;
export const HEIGHT = 44;

export interface Sparkline {
  /** Paths of SVG in a room of WIDTH by HEIGHT; where a point is missing the line is broken. */
  readonly line: string;
  readonly area: string;
  /** What its top stands for. */
  readonly most: number;
}

/** The last two minutes, the latest at the right edge; zero is at the foot. */
export function sparklineOf(points: readonly Point[]): Sparkline {
  const endMs = points.at(-1)?.atMs ?? 0;
  const most = Math.max(0, ...points.map(({ value = 0 }) => value));
  const stretches: string[][] = [];
  let current: string[] | undefined;
  for (const { atMs, value } of points) {
    if (value === undefined) {
      current = undefined;
      continue;
    }
    if (current === undefined) stretches.push((current = []));
    const x = WIDTH * (1 - (endMs - atMs) / SHOWN_MS);
    const y = HEIGHT - 1 - (most === 0 ? 0 : ((HEIGHT - 3) * value) / most);
    current.push(`${round(x)} ${round(y)}`);
  }
  return {
    line: stretches.map((stretch) => `M${stretch.join('L')}`).join(''),
    area: stretches.map((stretch) => `M${foot(stretch[0])}L${stretch.join('L')}L${foot(stretch.at(-1))}Z`).join(''),
    most,
  };
}

function foot(point = '0 0'): string {
  return `${point.split(' ', 1)[0] ?? ''} ${HEIGHT}`;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
