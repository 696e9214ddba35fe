import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { goWith, query } from '../app/address.js';
import { useKeys } from '../app/keys-help.js';
import { may } from '../app/session.js';
import { grouped } from '../parts/decimal.js';
import { Empty } from '../parts/empty.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { FirstSteps } from './list/first-steps.js';
import { ListTable } from './list/list-table.js';
import { filtered, sorted, sortingOf } from './list/rows.js';
import { useTickers } from './list/use-tickers.js';

/** All instruments, and how they stand. */
export default function MarketList(): JSX.Element {
  const { rows, look, moveOf, see } = useTickers();
  const sorting = sortingOf(query.value.get('sort'));
  const filter = query.value.get('filter') ?? '';
  const shown = filtered(sorted(rows.value ?? [], sorting), filter);
  if (rows.value === undefined)
    return look.error === undefined ? <Loading lines={10} /> : <Failure error={look.error} onAgain={look.again} />;
  if (rows.value.length === 0) return <NothingListed />;
  return (
    <section class={`market-list ${look.isStale ? 'stale' : ''}`} aria-labelledby="market-title">
      <header class="page-head">
        <h1 id="market-title">Market</h1>
        <Filter text={filter} />
        <p class="faint num" role="status">
          {shown.length === rows.value.length
            ? `${grouped(shown.length)} instrument${shown.length === 1 ? '' : 's'}`
            : `${grouped(shown.length)} of ${grouped(rows.value.length)} instruments`}
        </p>
      </header>
      {look.error !== undefined && <Failure error={look.error} onAgain={look.again} />}
      {shown.length === 0 ? (
        <div class="card">
          <Empty title={`No symbol has “${filter.trim()}” in it.`}>
            <button type="button" onClick={() => goWith({ filter: undefined }, { replace: true })}>
              Show all
            </button>
          </Empty>
        </div>
      ) : (
        <ListTable rows={shown} all={rows.value} sorting={sorting} moveOf={moveOf} onSeen={see} />
      )}
      <FirstSteps symbol={rows.value[0]?.instrument ?? ''} />
    </section>
  );
}

/** What is typed shows at once; the address follows it. */
function Filter({ text }: { readonly text: string }): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const typed = useSignal(text);
  const shown = useComputed(() => typed.value);
  useEffect(() => {
    typed.value = text;
  }, [text]);
  useKeys([{ key: 'f', says: 'filter the instruments', act: () => input.current?.focus() }]);
  return (
    <input
      ref={input}
      class="market-filter"
      type="search"
      aria-label="Filter by symbol"
      placeholder="Filter  f"
      autocomplete="off"
      spellcheck={false}
      value={shown}
      onInput={({ currentTarget }) => {
        typed.value = currentTarget.value;
        goWith({ filter: currentTarget.value === '' ? undefined : currentTarget.value }, { replace: true });
      }}
    />
  );
}

function NothingListed(): JSX.Element {
  return (
    <div class="card">
      <Empty title="Nothing is listed yet">
        {may.operate.value || may.seeAll.value ? (
          <>
            List an instrument on the command line, and it shows up here by itself:
            <code class="listing">parley list ACME --tick-size 0.01 --lot-size 1</code>
          </>
        ) : (
          'As soon as an operator lists an instrument, it shows up here by itself.'
        )}
      </Empty>
    </div>
  );
}
