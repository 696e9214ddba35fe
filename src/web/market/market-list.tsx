import type { JSX } from 'preact';
import { Link } from '../app/link.js';
import { Decimal, decimalsOf } from '../parts/decimal.js';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { useLook } from '../parts/look.js';

/** All instruments, and how they stand. */
export default function MarketList(): JSX.Element {
  const { value, error, again, isStale } = useLook('tickers', (source, asked) => source.tickers(asked), {
    everyMs: 1_000,
  });
  if (value === undefined) return error === undefined ? <Loading /> : <Failure error={error} onAgain={again} />;
  if (value.length === 0) return <Empty title="Nothing is listed yet." />;
  const most = Math.max(...value.map(({ last }) => decimalsOf(last)));
  return (
    <table class={isStale ? 'stale' : ''}>
      <tbody>
        {value.map(({ instrument, last }) => (
          <tr key={instrument}>
            <td>
              <Link to={`/market/${encodeURIComponent(instrument)}`}>{instrument}</Link>
            </td>
            <td>
              <Decimal value={last} decimals={most} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
