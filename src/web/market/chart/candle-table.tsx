import type { JSX } from 'preact';
import type { Candle } from '../../../client/market/market-types.js';
import { Decimal, grouped } from '../../parts/decimal.js';
import { Time } from '../../parts/time.js';
import { compareDecimals } from '../../parts/exact.js';

const SHOWN = 100;

/** What the chart shows, newest first. */
export function CandleTable({ candles }: { readonly candles: readonly Candle[] }): JSX.Element {
  const shown = candles.slice(-SHOWN).reverse();
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get there
    <div class="candle-table" tabIndex={0} role="region" aria-label="Candles">
      <table>
        <thead>
          <tr>
            <th scope="col">Begins</th>
            {['Open', 'High', 'Low', 'Close', 'Volume', 'Deals'].map((name) => (
              <th key={name} scope="col" class="end">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((candle) => (
            <Row key={candle.start} {...candle} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ start, open, high, low, close, volume, deals }: Candle): JSX.Element {
  const rose = compareDecimals(close, open);
  return (
    <tr>
      <th scope="row">
        <Time at={start} />
      </th>
      {[open, high, low].map((price, index) => (
        <td key={index} class="end">
          <Decimal value={price} />
        </td>
      ))}
      <td class={`end ${rose > 0 ? 'buy' : rose < 0 ? 'sell' : ''}`}>
        <span aria-hidden="true" class="direction">
          {rose > 0 ? '▲' : rose < 0 ? '▼' : ''}
        </span>
        <Decimal value={close} />
      </td>
      <td class="end">
        <Decimal value={volume} />
      </td>
      <td class="end num">{grouped(deals)}</td>
    </tr>
  );
}
