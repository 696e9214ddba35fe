import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Trade } from '../../../client/market/market-types.js';
import { addressOf, go } from '../../app/address.js';
import { presence, server, socket } from '../../app/exchange.js';
import { source } from '../../app/moment.js';
import { may } from '../../app/session.js';
import { Decimal } from '../../parts/decimal.js';
import { Empty } from '../../parts/empty.js';
import { Failure } from '../../parts/failure.js';
import { Frames } from '../../parts/frames.js';
import { Loading } from '../../parts/loading.js';
import { useLook } from '../../parts/look.js';
import { memo } from '../../parts/memo.js';
import { SideTag } from '../../parts/side.js';
import { Time } from '../../parts/time.js';
import { isStreaming, type Market } from '../market.js';
import { withTrades } from './tape.js';
import { TradeFlow } from './trade-flow.js';

const SHOWN = 50;

/** The latest deals, newest first, without names. */
export function TapePanel({ market }: { readonly market: Market }): JSX.Element {
  const { error, isStale } = useTape(market);
  const trades = market.trades.value;
  return (
    <section class="card panel tape-panel" aria-labelledby="tape-title">
      <div class="card-head">
        <h2 id="tape-title">Trades</h2>
        <span class="hint">taker’s side</span>
      </div>
      {error !== undefined && <Failure error={error} />}
      {trades === undefined ? (
        error === undefined && <Loading />
      ) : trades.length === 0 ? (
        <Empty title="No deal yet">When two intentions meet, their deal is the first line here.</Empty>
      ) : (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get there
        <div class={`tape ${isStale ? 'stale' : ''}`} tabIndex={0} role="region" aria-label="Latest trades">
          <table>
            <thead>
              <tr>
                <th scope="col">Taker</th>
                <th scope="col" class="end">
                  Price
                </th>
                <th scope="col" class="end">
                  Quantity
                </th>
                <th scope="col" class="end">
                  Time
                </th>
              </tr>
            </thead>
            <tbody>
              {trades.map((trade) => (
                <TradeRow key={trade.position} symbol={market.symbol} {...trade} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

type TradeRowProps = Trade & { readonly symbol: string };

const TradeRow = memo(({ position, takerSide, price, quantity, at, symbol }: TradeRowProps): JSX.Element => {
  return (
    <tr>
      <td>
        <SideTag side={takerSide} />
      </td>
      <td class="end">
        {may.seeAll.value ? (
          <button type="button" class="link" title="Show its handshake" onClick={() => void openDeal(symbol, position)}>
            <Decimal value={price} />
          </button>
        ) : (
          <Decimal value={price} />
        )}
      </td>
      <td class="end">
        <Decimal value={quantity} />
      </td>
      <td class="end faint">
        <Time at={at} />
      </td>
    </tr>
  );
});

/** A trade has no names, and no id: whoever sees all finds the deal where it stands in the log. */
async function openDeal(instrument: string, position: number): Promise<void> {
  const [deal] = await source.peek().deals({ instrument, after: position - 1, limit: 1 });
  if (deal?.position === position) go(addressOf(`/deals/${deal.id}`));
}

/** Keeps the trades of the market: those there were, and each new one. */
function useTape(market: Market): { readonly error: unknown; readonly isStale: boolean } {
  const { symbol, trades, flow, flowFailure: failure } = market;
  const streams = isStreaming.value;
  const isThere = presence.value === 'live';
  const ofSocket = socket.value;
  const from = server.value;
  useEffect(() => {
    if (!streams || !isThere) return undefined;
    const over = new AbortController();
    let fresh: Trade[] = [];
    let isBegun = false;
    const frames = new Frames(() => {
      trades.value = withTrades(trades.peek() ?? [], fresh, SHOWN);
      fresh = [];
    });
    const begin = async (): Promise<void> => {
      const { signal } = over;
      const { position } = await from.ticker(symbol, { signal });
      const begun = new TradeFlow(ofSocket, symbol, position, (error) => (failure.value = error));
      over.signal.addEventListener('abort', () => begun.end());
      begun.listen((trade) => {
        fresh.push(trade);
        if (isBegun) frames.want();
      });
      flow.value = begun;
      const before = await from.trades(symbol, { limit: SHOWN, signal });
      trades.value = [...before].reverse();
      failure.value = undefined;
      isBegun = true;
      frames.want();
    };
    begin().catch((error: unknown) => {
      if (!over.signal.aborted) failure.value = error;
    });
    return () => {
      over.abort();
      frames.end();
      flow.value = undefined;
    };
  }, [symbol, streams, isThere, ofSocket, from]);
  const look = useLook(`trades ${symbol}`, (source, asked) => source.trades(symbol, { ...asked, limit: SHOWN }), {
    isWanted: !streams,
    waitsForSlider: true,
  });
  useEffect(() => {
    if (!streams && look.value !== undefined) trades.value = [...look.value].reverse();
  }, [look.value, streams]);
  return { error: streams ? failure.value : look.error, isStale: streams ? !isThere : look.isStale };
}
