import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { goWith } from '../../app/address.js';
import { Link } from '../../app/link.js';
import { Decimal, decimalsOf, grouped } from '../../parts/decimal.js';
import { memo } from '../../parts/memo.js';
import { useRowWindow } from '../../parts/row-window.js';
import { PhaseTag } from '../phase-tag.js';
import { Moved, Signed } from '../signed.js';
import type { Move } from './live-tickers.js';
import { chosenAgain, type ColumnKey, columns, type MarketRow, type Sorting } from './rows.js';

/** As market.css has it. */
const ROW_PX = 42;

interface ListTableProps {
  /** Those that are shown, in order. */
  readonly rows: readonly MarketRow[];
  readonly all: readonly MarketRow[];
  readonly sorting: Sorting;
  readonly moveOf: (symbol: string) => Move | undefined;
  readonly onSeen: (symbols: readonly string[]) => void;
}

/** The instruments as a table, of which only what can be seen is in the document. */
export function ListTable({ rows, all, sorting, moveOf, onSeen }: ListTableProps): JSX.Element {
  const { of, from, until, heightBefore, heightAfter } = useRowWindow<HTMLTableSectionElement>(rows.length, ROW_PX);
  const seen = rows.slice(from, until);
  const symbols = seen.map(({ instrument }) => instrument);
  useEffect(() => onSeen(symbols), [symbols.join()]);
  const decimals = useDecimals(all);
  return (
    <div class={`card market-table ${all.every(({ phase }) => phase === undefined) ? 'phaseless' : ''}`}>
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(({ key, text }) => (
              <Heading key={key} column={key} text={text} sorting={sorting} />
            ))}
          </tr>
        </thead>
        <tbody ref={of}>
          <Room height={heightBefore} />
          {seen.map((row, index) => (
            <Row
              key={row.instrument}
              row={row}
              rowIndex={from + index + 2}
              decimals={decimals}
              move={moveOf(row.instrument)}
            />
          ))}
          <Room height={heightAfter} />
        </tbody>
      </table>
    </div>
  );
}

/** In place of the rows that are not in the document. */
function Room({ height }: { readonly height: number }): JSX.Element | null {
  if (height === 0) return null;
  return (
    <tr class="room" aria-hidden="true" style={{ height: `${height}px` }}>
      <td colSpan={columns.length} />
    </tr>
  );
}

function Heading({
  column,
  text,
  sorting,
}: {
  readonly column: ColumnKey;
  readonly text: string;
  readonly sorting: Sorting;
}): JSX.Element {
  const isChosen = sorting.key === column;
  const order = sorting.isDescending ? 'descending' : 'ascending';
  return (
    <th scope="col" class={`${column} ${isText(column) ? '' : 'end'}`} aria-sort={isChosen ? order : 'none'}>
      <button
        type="button"
        class="quiet sort"
        onClick={() => goWith({ sort: chosenAgain(sorting, column) }, { replace: true })}
      >
        {text === '%' ? (
          <>
            <span aria-hidden="true">%</span>
            <span class="unseen">Change in percent</span>
          </>
        ) : (
          text
        )}
        <span class="sort-arrow" aria-hidden="true">
          {isChosen ? (sorting.isDescending ? '↓' : '↑') : ''}
        </span>
      </button>
    </th>
  );
}

function isText(column: ColumnKey): boolean {
  return column === 'instrument' || column === 'phase';
}

type Decimals = ReturnType<typeof useDecimals>;

/** The most that any figure of a column has: then the points stand below each other. */
function useDecimals(rows: readonly MarketRow[]): Readonly<Record<'price' | 'volume' | 'percent', number>> {
  const most = (values: readonly (string | undefined)[]): number => Math.max(0, ...values.map(decimalsOf));
  const [price, volume, percent] = useMemo<readonly [number, number, number]>(
    () => [
      most(rows.flatMap(({ last, bestBid, bestAsk }) => [last, bestBid, bestAsk])),
      most(rows.map((row) => row.volume)),
      most(rows.map(({ changePercent }) => changePercent)),
    ],
    [rows],
  );
  return useMemo(() => ({ price, volume, percent }), [price, volume, percent]);
}

interface RowProps {
  readonly row: MarketRow;
  readonly rowIndex: number;
  readonly decimals: Decimals;
  readonly move: Move | undefined;
}

/** A row whose ticker is still the same one is the same object. */
const Row = memo(({ row, rowIndex, decimals, move }: RowProps): JSX.Element => {
  const { instrument, last, change, changePercent, bestBid, bestAsk, spread, volume, deals, phase } = row;
  return (
    <tr aria-rowindex={rowIndex}>
      <th scope="row" class="instrument">
        <Link to={`/market/${encodeURIComponent(instrument)}`} class="name" title={instrument}>
          {instrument}
        </Link>
      </th>
      <td class="end last">
        {move !== undefined && <Moved {...move} />}
        <Decimal value={last} decimals={decimals.price} />
      </td>
      <td class="end change">
        <Signed value={change} decimals={decimals.price} />
      </td>
      <td class="end changePercent">
        <Signed value={changePercent} decimals={decimals.percent} />
      </td>
      <td class="end bestBid">
        <Decimal value={bestBid} decimals={decimals.price} />
      </td>
      <td class="end bestAsk">
        <Decimal value={bestAsk} decimals={decimals.price} />
      </td>
      <td class="end spread">
        <Decimal value={spread} decimals={decimals.price} />
      </td>
      <td class="end volume">
        <Decimal value={volume} decimals={decimals.volume} />
      </td>
      <td class="end deals num">{grouped(deals)}</td>
      <td class="phase">
        <PhaseTag phase={phase} />
      </td>
    </tr>
  );
});
