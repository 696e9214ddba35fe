import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Candle, CandleInterval } from '../../../client/market/market-types.js';
import { presence, server } from '../../app/exchange.js';
import { Frames } from '../../parts/frames.js';
import { useLook } from '../../parts/look.js';
import { isStreaming, type Market } from '../market.js';
import { CandleFold } from './candle-fold.js';

const MOST = 300;

export interface Candles {
  /** Oldest first; undefined until they are there. */
  readonly list: Signal<readonly Candle[] | undefined>;
  readonly error: unknown;
  readonly isStale: boolean;
}

/** The candles of an interval: live by the trades, else as of the moment. */
export function useCandles({ symbol, flow, flowFailure }: Market, interval: CandleInterval): Candles {
  const list = useSignal<readonly Candle[] | undefined>(undefined);
  const failure = useSignal<unknown>(undefined);
  const streams = isStreaming.value;
  const from = server.value;
  const trades = flow.value;
  useEffect(() => {
    list.value = undefined;
  }, [symbol, interval]);
  useEffect(() => {
    if (!streams || trades === undefined) return undefined;
    const over = new AbortController();
    const fold = new CandleFold(interval, MOST);
    const frames = new Frames(() => (list.value = [...fold.list]));
    let isBegun = false;
    const stop = trades.listen((trade) => {
      fold.take(trade);
      if (isBegun) frames.want();
    });
    from.candlesUpTo(symbol, { interval, limit: MOST, signal: over.signal }).then(
      ({ candles, position }) => {
        fold.begin(candles, position);
        failure.value = undefined;
        isBegun = true;
        frames.want();
      },
      (error: unknown) => {
        if (!over.signal.aborted) failure.value = error;
      },
    );
    return () => {
      over.abort();
      stop();
      frames.end();
    };
  }, [symbol, interval, streams, trades, from]);
  const look = useLook(
    `candles ${symbol} ${interval}`,
    (source, asked) => source.candles(symbol, { ...asked, interval, limit: MOST }),
    { isWanted: !streams, waitsForSlider: true },
  );
  useEffect(() => {
    if (!streams && look.value !== undefined) list.value = look.value;
  }, [look.value, streams]);
  const isAway = streams ? presence.value !== 'live' : look.isStale;
  return { list, error: streams ? (failure.value ?? flowFailure.value) : look.error, isStale: isAway };
}
