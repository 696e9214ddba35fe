import type { JSX, TargetedKeyboardEvent } from 'preact';
import type { Side } from '../../../client/types.js';
import { Decimal, grouped } from '../../parts/decimal.js';
import { memo } from '../../parts/memo.js';
import type { Ladder, LadderRow } from './ladder-rows.js';

type Pick = ((price: string) => void) | undefined;

interface LadderProps {
  readonly ladder: Ladder;
  /** So many rows a side there are, filled or not: nothing moves when a level goes. */
  readonly levels: number;
  readonly isStale: boolean;
  readonly onPick: Pick;
}

/** Asks above, bids below, best in the middle. The arrow keys go from price to price. */
export function LadderTable({ ladder, levels, isStale, onPick }: LadderProps): JSX.Element {
  const { position, bids, asks, moreBids, moreAsks, spread, isCrossed } = ladder;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the buttons in it take the focus
    <table class={`ladder ${isStale ? 'stale' : ''}`} data-position={position} onKeyDown={goToNeighbour}>
      <caption class="unseen">
        Levels of the book: {grouped(asks.length + moreAsks)} asks, {grouped(bids.length + moreBids)} bids
      </caption>
      <thead>
        <tr>
          <th scope="col">Price</th>
          <th scope="col" class="end">
            Quantity
          </th>
          <th scope="col" class="end total">
            Total
          </th>
          <th scope="col" class="end count" aria-label="Intentions">
            n
          </th>
        </tr>
      </thead>
      <tbody class="asks" aria-label="Asks">
        {[...blanks('asks', levels - asks.length), ...rowsOf(asks, 'sell', onPick).reverse()]}
      </tbody>
      <tbody class="spread-row">
        <tr>
          <th scope="row">{isCrossed ? 'Crossed by' : 'Spread'}</th>
          <td class="end" colSpan={3}>
            {spread === undefined ? (
              <span class="faint">one side is empty</span>
            ) : (
              <Decimal value={isCrossed ? spread.replace(/^-/, '') : spread} />
            )}
          </td>
        </tr>
      </tbody>
      <tbody class="bids" aria-label="Bids">
        {[...rowsOf(bids, 'buy', onPick), ...blanks('bids', levels - bids.length)]}
      </tbody>
    </table>
  );
}

function rowsOf(rows: readonly LadderRow[], side: Side, onPick: Pick): JSX.Element[] {
  return rows.map((row, index) => <Level key={row.price} row={row} side={side} isBest={index === 0} onPick={onPick} />);
}

function blanks(side: string, count: number): JSX.Element[] {
  return Array.from({ length: Math.max(0, count) }, (_, index) => (
    <tr key={`${side} ${index}`} class="blank" aria-hidden="true">
      <td colSpan={4} />
    </tr>
  ));
}

interface LevelProps {
  readonly row: LadderRow;
  readonly side: Side;
  readonly isBest: boolean;
  readonly onPick: Pick;
}

/** Rows that have not changed are the same objects. */
const Level = memo(({ row, side, isBest, onPick }: LevelProps): JSX.Element => {
  const { price, quantity, total, intentions, own, share } = row;
  const place = isBest ? (side === 'buy' ? 'best bid' : 'best ask') : side === 'buy' ? 'bid' : 'ask';
  return (
    <tr class={`level ${side} ${own === undefined ? '' : 'own'}`} onClick={() => onPick?.(price)}>
      <td class="price">
        <span class="depth" style={{ transform: `scaleX(${share})` }} aria-hidden="true" />
        {own !== undefined && (
          <span class="own-mark" title={`${own} of it is yours`}>
            <span aria-hidden="true">●</span>
            <span class="unseen">{own} of it is yours</span>
          </span>
        )}
        {onPick !== undefined ? (
          <button
            type="button"
            class="ladder-price num"
            tabIndex={isBest ? 0 : -1}
            aria-label={`${place} ${price}: take it into the form`}
          >
            {price}
          </button>
        ) : (
          <span class="ladder-price num">{price}</span>
        )}
      </td>
      <td class="end">
        <Decimal value={quantity} />
      </td>
      <td class="end total">
        <Decimal value={total} />
      </td>
      <td class="end count num">{intentions}</td>
    </tr>
  );
});

function goToNeighbour(event: TargetedKeyboardEvent<HTMLTableElement>): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined) return;
  const prices = [...event.currentTarget.querySelectorAll<HTMLElement>('button.ladder-price')];
  const at = prices.findIndex((each) => each === document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  prices[at + step]?.focus();
}
