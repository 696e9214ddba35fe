import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { Link } from '../app/link.js';
import { presence } from '../app/exchange.js';
import { source } from '../app/moment.js';
import { may } from '../app/session.js';
import type { ViewParams } from '../app/view.js';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { BookPanel } from './book/book-panel.js';
import { ChartPanel } from './chart/chart-panel.js';
import { MarketHead } from './head/market-head.js';
import { type Market, marketOf, mayAct } from './market.js';
import { OwnPanel } from './own/own-panel.js';
import { PostPanel } from './post/post-panel.js';
import { termsOf } from './post/terms.js';
import { TapePanel } from './tape/tape-panel.js';

/** One instrument: its book, chart and tape, and what one has in it and may do. */
export default function MarketView({ params }: { readonly params: ViewParams }): JSX.Element {
  const { symbol = '' } = params;
  const market = useMemo(() => marketOf(symbol), [symbol]);
  const { error, isListed } = useInstrument(market);
  if (error !== undefined) return <Failure error={error} />;
  if (!isListed) return <NotListed symbol={symbol} />;
  if (market.instrument.value === undefined) return <Loading lines={12} />;
  const hasOwn = may.seeAffairs.value || source.value.kind === 'file';
  return (
    <div class={`market-view ${mayAct.value ? 'acting' : ''} ${hasOwn ? '' : 'unowned'}`}>
      <MarketHead market={market} />
      <ChartPanel market={market} />
      <BookPanel market={market} />
      {mayAct.value && <PostPanel market={market} />}
      <TapePanel market={market} />
      {hasOwn && <OwnPanel market={market} />}
    </div>
  );
}

function NotListed({ symbol }: { readonly symbol: string }): JSX.Element {
  return (
    <>
      <h1 class="name">{symbol}</h1>
      <div class="card">
        <Empty title="No instrument of that symbol is listed">
          <Link to="/">Those that are</Link>
        </Empty>
      </div>
    </>
  );
}

/** Finds the terms of the instrument, which do not depend on the moment. */
function useInstrument({ symbol, instrument, terms }: Market): { readonly error: unknown; readonly isListed: boolean } {
  const failure = useSignal<unknown>(undefined);
  const isListed = useSignal(true);
  const from = source.value;
  const isThere = presence.value === 'live' || from.kind === 'file';
  useEffect(() => {
    if (!isThere) return undefined;
    const over = new AbortController();
    from.instruments({ signal: over.signal }).then(
      (all) => {
        const found = all.find((each) => each.symbol === symbol);
        instrument.value = found;
        terms.value = found === undefined ? undefined : termsOf(found);
        isListed.value = found !== undefined;
        failure.value = undefined;
      },
      (error: unknown) => {
        if (!over.signal.aborted) failure.value = error;
      },
    );
    return () => over.abort();
  }, [symbol, from, isThere]);
  return { error: failure.value, isListed: isListed.value };
}
