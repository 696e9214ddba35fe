import uPlot from 'uplot';
import type { Candle, CandleInterval } from '../../../client/market/market-types.js';
import { intervalMs } from './candle-fold.js';
import { type ChartColours, coloursOf, drawCandles } from './draw-candles.js';
import { type PlotData, plotDataOf, priceRange, timeRange } from './plot-data.js';

export interface CandlePlotOptions {
  readonly interval: CandleInterval;
  /** Decimals of prices. */
  readonly decimals: number;
  /** Told which candle the pointer is at; undefined: none. */
  readonly pointed: (index: number | undefined) => void;
}

/** How wide a candle with its gap is where there are more than fit. */
const CANDLE_PX = 9;
/** As uPlot numbers the sides. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- its enum is in its types alone
const RIGHT: uPlot.Axis.Side = 1;
/** Half as wide as a time below the chart. */
const HALF_TIME_PX = 18;
/** The lowest part of the chart is of the volume. */
const VOLUME_PART = 5;

/** Candles and volume on a canvas. Made again when interval or colours change. */
export class CandlePlot {
  private readonly plot: uPlot;
  private data: PlotData = plotDataOf([]);

  constructor(
    private readonly holder: HTMLElement,
    private readonly options: CandlePlotOptions,
  ) {
    const colours = coloursOf(holder);
    this.plot = new uPlot(this.optionsOf(colours), columnsOf(this.data), holder);
  }

  show(candles: readonly Candle[]): void {
    this.data = plotDataOf(candles);
    this.plot.setData(columnsOf(this.data));
  }

  /** Takes the room that its holder has now. */
  fit(): void {
    this.plot.setSize(sizeOf(this.holder));
  }

  end(): void {
    this.plot.destroy();
  }

  private optionsOf(colours: ChartColours): uPlot.Options {
    const { interval, pointed } = this.options;
    const font = `11px ${getComputedStyle(this.holder).fontFamily}`;
    const axis = { font, stroke: colours.muted, ticks: { show: false } };
    return {
      ...sizeOf(this.holder),
      padding: [10, 4, 0, 0],
      legend: { show: false },
      cursor: { y: true, drag: { setScale: false, x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: true, range: () => [...this.timeRange()] as [number, number] },
        price: { range: () => [...priceRange(this.data, ...this.timeRange())] as [number, number] },
        volume: { range: (_plot, _least, most) => [0, Math.max(1e-12, most) * VOLUME_PART] },
      },
      axes: [
        { ...axis, grid: { show: false }, space: 72, size: 30, values: timesOf },
        {
          ...axis,
          scale: 'price',
          side: RIGHT,
          size: 64,
          grid: { stroke: colours.line, width: 1 },
          incrs: stepsFrom(this.options.decimals),
          values: (_plot, splits) => splits.map((value) => value.toFixed(this.options.decimals)),
        },
      ],
      series: [{}, ...priceSeries(), { scale: 'volume', paths: () => null, points: { show: false } }],
      hooks: {
        draw: [(plot) => drawCandles(plot, colours, intervalMs[interval] / 1_000)],
        setCursor: [({ cursor }) => pointed(cursor.idx ?? undefined)],
      },
    };
  }

  private timeRange(): readonly [number, number] {
    return timeRange(this.data.start, this.options.interval, Math.floor(this.holder.clientWidth / CANDLE_PX));
  }
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** In this machine’s zone; where a day begins, which. Nothing where it would be cut off at the left edge. */
function timesOf(plot: uPlot, splits: readonly number[]): (string | null)[] {
  return splits.map((seconds) => {
    if (plot.valToPos(seconds, 'x') < HALF_TIME_PX) return null;
    const date = new Date(seconds * 1_000);
    return date.getHours() === 0 && date.getMinutes() === 0 ? day.format(date) : clock.format(date);
  });
}

/** Between lines of the grid: 1, 2 and 5 of each decimal that a price has, and so on up. */
function stepsFrom(decimals: number): number[] {
  return Array.from({ length: decimals + 12 }, (_, power) =>
    [1, 2, 5].map((step) => step * 10 ** (power - decimals)),
  ).flat();
}

function priceSeries(): uPlot.Series[] {
  return Array.from({ length: 4 }, () => ({ scale: 'price', paths: () => null, points: { show: false } }));
}

function columnsOf({ start, open, high, low, close, volume }: PlotData): uPlot.AlignedData {
  return [start, open, high, low, close, volume];
}

function sizeOf({ clientWidth, clientHeight }: HTMLElement): { readonly width: number; readonly height: number } {
  return { width: Math.max(120, clientWidth), height: Math.max(120, clientHeight) };
}
