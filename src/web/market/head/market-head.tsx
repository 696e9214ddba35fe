import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { presence, socket } from '../../app/exchange.js';
import { may } from '../../app/session.js';
import { Decimal, grouped } from '../../parts/decimal.js';
import { Frames } from '../../parts/frames.js';
import { useLook } from '../../parts/look.js';
import { minus } from '../../parts/exact.js';
import { follow } from '../../source/follow.js';
import { isStreaming, type Market } from '../market.js';
import { PhaseTag } from '../phase-tag.js';
import { Moved, Signed } from '../signed.js';
import { AuctionControl } from './auction-control.js';

/** The instrument, its price, and what its day has been. */
export function MarketHead({ market }: { readonly market: Market }): JSX.Element {
  const isStale = useTicker(market);
  const { symbol, ticker, instrument } = market;
  const { change, changePercent, high, low, volume, deals } = ticker.value ?? {};
  const terms = instrument.value;
  return (
    <header class={`market-head ${isStale ? 'stale' : ''}`}>
      <div class="market-name">
        <h1 class="name" id="market-symbol">
          {symbol}
        </h1>
        <Phase market={market} />
        {terms !== undefined && (
          <span class="faint num terms">
            tick {terms.tickSize} · lot {terms.lotSize}
          </span>
        )}
      </div>
      <div class="market-price">
        <LastPrice market={market} />
        <span class="market-change">
          <Signed value={change} /> <Signed value={changePercent} unit=" %" />
        </span>
      </div>
      <dl class="market-figures">
        <Figure name="High" value={high} />
        <Figure name="Low" value={low} />
        <Spread market={market} />
        <Figure name="Volume" value={volume} />
        <div>
          <dt>Deals</dt>
          <dd class="num">{deals === undefined ? '–' : grouped(deals)}</dd>
        </div>
      </dl>
      {may.operate.value && isStreaming.value && <AuctionControl market={market} />}
    </header>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string | undefined }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Decimal value={value} />
      </dd>
    </div>
  );
}

function Phase({ market }: { readonly market: Market }): JSX.Element | null {
  const phase = market.ladder.value?.phase;
  return phase === undefined ? null : <PhaseTag phase={phase} />;
}

function Spread({ market }: { readonly market: Market }): JSX.Element {
  return <Figure name="Spread" value={market.ladder.value?.spread} />;
}

/** The newest trade’s, which comes before the ticker says so. */
function LastPrice({ market }: { readonly market: Market }): JSX.Element {
  const newest = market.trades.value?.[0];
  const last = newest?.price ?? market.ticker.value?.last;
  const move = useMove(last);
  return (
    <span class="market-last" aria-label="Last price">
      <Decimal value={last} />
      {move !== undefined && <Moved {...move} />}
    </span>
  );
}

function useMove(last: string | undefined): { readonly by: string; readonly atMs: number } | undefined {
  const before = useRef(last);
  const move = useRef<{ readonly by: string; readonly atMs: number } | undefined>(undefined);
  if (!isStreaming.value) move.current = undefined;
  else if (last !== before.current && last !== undefined && before.current !== undefined)
    move.current = { by: minus(last, before.current), atMs: Date.now() };
  before.current = last;
  return move.current;
}

/** Keeps the ticker of the market; whether it is of before. */
function useTicker({ symbol, ticker }: Market): boolean {
  const streams = isStreaming.value;
  const ofSocket = socket.value;
  const failure = useSignal<unknown>(undefined);
  useEffect(() => {
    if (!streams) return undefined;
    let newest = ticker.peek();
    const frames = new Frames(() => (ticker.value = newest));
    const stop = follow(ofSocket, {
      wish: () => ({ channel: 'ticker', instrument: symbol }),
      take: (message) => {
        newest = message;
        frames.want();
      },
      failed: (error) => (failure.value = error),
    });
    return () => {
      stop();
      frames.end();
    };
  }, [symbol, streams, ofSocket]);
  // At once, though the stream has nothing to say until something changes.
  const look = useLook(`ticker ${symbol} ${streams}`, (from, asked) => from.ticker(symbol, asked), {
    waitsForSlider: true,
  });
  useEffect(() => {
    const { value } = look;
    if (value !== undefined && (!streams || (ticker.peek()?.position ?? -1) <= value.position)) ticker.value = value;
  }, [look.value, streams]);
  return streams ? presence.value !== 'live' : look.isStale;
}
