import type uPlot from 'uplot';

/** As they stand in the style sheet when the chart is made. */
export interface ChartColours {
  readonly up: string;
  readonly down: string;
  readonly upVolume: string;
  readonly downVolume: string;
  readonly surface: string;
  readonly line: string;
  readonly muted: string;
}

export function coloursOf(element: Element): ChartColours {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    up: read('--buy'),
    down: read('--sell'),
    upVolume: read('--buy-soft'),
    downVolume: read('--sell-soft'),
    surface: read('--surface'),
    line: read('--line'),
    muted: read('--muted'),
  };
}

/** Part of an interval’s width that its candle takes. */
const BODY = 0.68;
const WIDEST_PX = 22;

/** Draws volume and candles: hollow where the price rose or stayed, filled where it fell, so that colour is not all that tells. */
export function drawCandles(plot: uPlot, colours: ChartColours, intervalSeconds: number): void {
  const { ctx, data, bbox } = plot;
  const [starts = [], opens = [], highs = [], lows = [], closes = [], volumes = []] = data;
  const ratio = devicePixelRatio;
  const step = Math.abs(plot.valToPos(intervalSeconds, 'x', true) - plot.valToPos(0, 'x', true));
  const width = Math.max(ratio, Math.min(WIDEST_PX * ratio, Math.floor(step * BODY)));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = Math.max(1, Math.round(ratio * 1.25));
  for (let index = 0; index < starts.length; index++) {
    const open = opens[index];
    const close = closes[index];
    if (typeof open !== 'number' || typeof close !== 'number') continue;
    const rose = close >= open;
    const middle = Math.round(plot.valToPos((starts[index] ?? 0) + intervalSeconds / 2, 'x', true));
    const left = Math.round(middle - width / 2);
    const base = Math.round(plot.valToPos(0, 'volume', true));
    const top = Math.round(plot.valToPos(volumes[index] ?? 0, 'volume', true));
    ctx.fillStyle = rose ? colours.upVolume : colours.downVolume;
    ctx.fillRect(left, top, width, base - top);
    drawCandle(ctx, { left, width, middle, rose, colours }, [
      plot.valToPos(highs[index] ?? close, 'price', true),
      plot.valToPos(Math.max(open, close), 'price', true),
      plot.valToPos(Math.min(open, close), 'price', true),
      plot.valToPos(lows[index] ?? close, 'price', true),
    ]);
  }
  ctx.restore();
}

interface Body {
  readonly left: number;
  readonly width: number;
  readonly middle: number;
  readonly rose: boolean;
  readonly colours: ChartColours;
}

/** From the highest to the lowest: wick, body, wick. */
function drawCandle(
  ctx: CanvasRenderingContext2D,
  { left, width, middle, rose, colours }: Body,
  heights: readonly [number, number, number, number],
): void {
  const [high, top, bottom, low] = heights.map(Math.round) as [number, number, number, number]; // as many as before
  const half = ctx.lineWidth / 2;
  ctx.strokeStyle = rose ? colours.up : colours.down;
  ctx.fillStyle = rose ? colours.surface : colours.down;
  ctx.beginPath();
  ctx.moveTo(middle, high);
  ctx.lineTo(middle, top);
  ctx.moveTo(middle, bottom);
  ctx.lineTo(middle, low);
  ctx.stroke();
  const height = Math.max(ctx.lineWidth, bottom - top);
  ctx.fillRect(left, top, width, height);
  ctx.strokeRect(left + half, top + half, Math.max(0, width - 2 * half), Math.max(0, height - 2 * half));
}
