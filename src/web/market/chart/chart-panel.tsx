import { type Signal, signal, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Candle, CandleInterval } from '../../../client/market/market-types.js';
import { themeChanges } from '../../app/theme.js';
import { Choice } from '../../parts/choice.js';
import { Decimal, decimalsOf } from '../../parts/decimal.js';
import { Empty } from '../../parts/empty.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { timeText } from '../../parts/time.js';
import type { Market } from '../market.js';
import type { CandlePlot } from './candle-plot.js';
import { CandleTable } from './candle-table.js';
import { intervalMs } from './candle-fold.js';
import { useCandles } from './use-candles.js';

const intervals = (Object.keys(intervalMs) as CandleInterval[]).map((value) => ({ value, text: value })); // its type says so

/** As it was chosen last, whichever instrument one looks at. */
const interval = signal<CandleInterval>('1m');

/** Price and volume as candles, or the same candles as a table. */
export function ChartPanel({ market }: { readonly market: Market }): JSX.Element {
  const isTable = useSignal(false);
  const pointed = useSignal<number | undefined>(undefined);
  const { list, error, isStale } = useCandles(market, interval.value);
  const candles = list.value;
  return (
    <section class="card panel chart-panel" aria-labelledby="chart-title">
      <div class="card-head">
        <h2 id="chart-title">Chart</h2>
        <Choice label="Interval" options={intervals} value={interval} />
        <button
          type="button"
          class="quiet as-table"
          aria-pressed={isTable.value}
          onClick={() => (isTable.value = !isTable.value)}
        >
          As a table
        </button>
        {candles !== undefined && !isTable.value && <Readout candles={candles} pointed={pointed} />}
      </div>
      {error !== undefined && <Failure error={error} />}
      <div class={`candles ${isStale ? 'stale' : ''}`}>
        {candles === undefined ? (
          error === undefined && <Loading lines={8} />
        ) : candles.length === 0 ? (
          <Empty title="No deal yet">The first deal begins the first candle.</Empty>
        ) : isTable.value ? (
          <CandleTable candles={candles} />
        ) : (
          <Canvas candles={candles} interval={interval.value} pointed={pointed} symbol={market.symbol} />
        )}
      </div>
    </section>
  );
}

/** The candle at the pointer, or the last one, in figures. */
function Readout({
  candles,
  pointed,
}: {
  readonly candles: readonly Candle[];
  readonly pointed: Signal<number | undefined>;
}): JSX.Element | null {
  const candle = candles[pointed.value ?? candles.length - 1] ?? candles.at(-1);
  if (candle === undefined) return null;
  const figures = { O: candle.open, H: candle.high, L: candle.low, C: candle.close, Vol: candle.volume };
  return (
    <dl class="readout num" aria-hidden="true">
      <div class="faint">{timeText(candle.start).replace(/:00$/, '')}</div>
      {Object.entries(figures).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Decimal value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface CanvasProps {
  readonly candles: readonly Candle[];
  readonly interval: CandleInterval;
  readonly pointed: Signal<number | undefined>;
  readonly symbol: string;
}

/** Its code comes when it is first shown. */
function Canvas({ candles, interval, pointed, symbol }: CanvasProps): JSX.Element {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<CandlePlot | undefined>(undefined);
  const shown = useRef(candles);
  shown.current = candles;
  const failure = useSignal<unknown>(undefined);
  const theme = themeChanges.value;
  const decimals = decimalsOf(candles.at(-1)?.close);
  useEffect(() => {
    const { current } = holder;
    if (current === null) return undefined;
    let isOver = false;
    const observer = new ResizeObserver(() => plot.current?.fit());
    const make = async (): Promise<void> => {
      const { CandlePlot: Plot } = await import('./candle-plot.js');
      if (isOver) return;
      plot.current = new Plot(current, { interval, decimals, pointed: (index) => (pointed.value = index) });
      plot.current.show(shown.current);
      observer.observe(current);
    };
    make().catch((error: unknown) => (failure.value = error));
    return () => {
      isOver = true;
      observer.disconnect();
      plot.current?.end();
      plot.current = undefined;
    };
  }, [interval, decimals, theme]);
  useEffect(() => plot.current?.show(candles), [candles]);
  const last = candles.at(-1);
  return (
    <>
      {failure.value !== undefined && <Failure error={failure.value} />}
      <div
        ref={holder}
        class="chart-canvas"
        role="img"
        aria-label={`Candles of ${symbol}, ${candles.length} intervals of ${interval}, the last price ${last?.close ?? ''}. The table has the same.`}
      />
    </>
  );
}
