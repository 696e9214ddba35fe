import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Intention, IntentionChanged } from '../../../client/types.js';
import { socket } from '../../app/exchange.js';
import { Link } from '../../app/link.js';
import { Decimal, decimalsOf, grouped } from '../../parts/decimal.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { SideTag } from '../../parts/side.js';
import { shareOf, unitsOf } from '../../parts/units.js';
import { plus } from '../../parts/exact.js';
import { type Market, mayAct, mustChoose, participant } from '../market.js';
import { ParticipantField } from '../post/participant-field.js';
import { changeText } from '../post/outcome.js';
import { useCommand } from '../../parts/use-command.js';
import { ChangeDialog } from './change-dialog.js';
import { useOwn } from './use-own.js';
import { WithdrawAll } from './withdraw-all.js';

/** The open intentions of the caller, or of whom one has chosen. */
export function OwnPanel({ market }: { readonly market: Market }): JSX.Element {
  const whose = participant.value;
  const { error, isStale } = useOwn(market, whose);
  const intentions = market.own.value;
  return (
    <section class="card panel own-panel" aria-labelledby="own-title">
      <div class="card-head">
        <h2 id="own-title">
          Open intentions
          {mustChoose.value && whose !== undefined && (
            <>
              {' of '}
              <Link to={`/participants/${encodeURIComponent(whose)}`} class="name">
                {whose}
              </Link>
            </>
          )}
        </h2>
        {intentions !== undefined && intentions.length > 0 && (
          <span class="faint num">{grouped(intentions.length)}</span>
        )}
        {mayAct.value && intentions !== undefined && intentions.length > 1 && whose !== undefined && (
          <WithdrawAll symbol={market.symbol} participant={whose} count={intentions.length} />
        )}
      </div>
      {error !== undefined && <Failure error={error} />}
      {mustChoose.value && !mayAct.value && (
        <div class="panel-empty">
          <ParticipantField />
        </div>
      )}
      {whose === undefined ? (
        <Nobody />
      ) : intentions === undefined ? (
        error === undefined && <Loading lines={3} />
      ) : intentions.length === 0 ? (
        <p class="panel-empty">Nothing is open here.</p>
      ) : (
        <OwnTable market={market} intentions={intentions} isStale={isStale} />
      )}
    </section>
  );
}

/** Where one may look at anybody, and has not said at whom. */
function Nobody(): JSX.Element {
  return (
    <p class="panel-empty">
      Choose a participant to see what it has open here{mayAct.value ? ', and to act for it' : ''}.
    </p>
  );
}

const ROWS_SHOWN = 200;

function OwnTable({
  market,
  intentions,
  isStale,
}: {
  readonly market: Market;
  readonly intentions: readonly Intention[];
  readonly isStale: boolean;
}): JSX.Element {
  const changed = useSignal<string | undefined>(undefined);
  const told = useCommand<IntentionChanged>();
  const shown = intentions.slice(-ROWS_SHOWN).reverse();
  const withdraw = (id: string): void => void told.run(() => socket.peek().send({ command: 'withdraw', id }));
  const { value } = told.progress;
  return (
    <>
      <p class="own-told" role="status">
        {value.state === 'answered' && changeText(value.answer)}
      </p>
      {value.state === 'failed' && <Failure error={value.error} />}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard must get there */}
      <div class={`wide own-table ${isStale ? 'stale' : ''}`} tabIndex={0} role="region" aria-label="Intentions">
        <table>
          <thead>
            <tr>
              <th scope="col">Intention</th>
              <th scope="col">Side</th>
              <th scope="col" class="end">
                Price
              </th>
              <th scope="col" class="end">
                Open
              </th>
              <th scope="col" class="end">
                Dealt
              </th>
              <th scope="col">In force</th>
              {mayAct.value && (
                <th scope="col">
                  <span class="unseen">Change</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((intention) => (
              <OwnRow
                key={intention.id}
                intention={intention}
                onChange={() => (changed.value = intention.id)}
                onWithdraw={() => withdraw(intention.id)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {intentions.length > shown.length && <p class="panel-empty">The newest {grouped(shown.length)} are shown.</p>}
      <ChangeDialog
        terms={market.terms.value}
        intention={intentions.find(({ id }) => id === changed.value)}
        onClose={() => (changed.value = undefined)}
      />
    </>
  );
}

interface OwnRowProps {
  readonly intention: Intention;
  readonly onChange: () => void;
  readonly onWithdraw: () => void;
}

function OwnRow({ intention, onChange, onWithdraw }: OwnRowProps): JSX.Element {
  const { id, side, price, open, reserved, filled, timeInForce, type, postOnly } = intention;
  const dealt = shareOf(unitsOf(filled).units, unitsOf(plus(open, filled)).units);
  return (
    <tr>
      <th scope="row">
        <Link to={`/intentions/${id}`} class="num">
          {id}
        </Link>
      </th>
      <td>
        <SideTag side={side} />
      </td>
      <td class="end">{price === undefined ? <span class="faint">{type}</span> : <Decimal value={price} />}</td>
      <td class="end">
        <Decimal value={open} />
        {Number(reserved) > 0 && <span class="hint"> ({reserved} reserved)</span>}
      </td>
      <td class="end">
        <span class="dealt" aria-hidden="true">
          <span style={{ transform: `scaleX(${dealt})` }} />
        </span>
        <Decimal value={filled} decimals={decimalsOf(filled)} />
      </td>
      <td class="faint">
        {timeInForce}
        {postOnly ? ', post only' : ''}
      </td>
      {mayAct.value && (
        <td class="end own-acts">
          <button type="button" class="quiet" aria-label={`Change intention ${id}`} onClick={onChange}>
            Change
          </button>
          <button type="button" class="quiet" aria-label={`Withdraw intention ${id}`} onClick={onWithdraw}>
            Withdraw
          </button>
        </td>
      )}
    </tr>
  );
}
