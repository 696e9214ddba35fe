import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { AuctionResult, Instrument } from '../../../client/types.js';
import { server } from '../../app/exchange.js';
import { Decimal, grouped } from '../../parts/decimal.js';
import { Dialog } from '../../parts/dialog.js';
import { Failure } from '../../parts/failure.js';
import type { Market } from '../market.js';
import { useCommand } from '../../parts/use-command.js';

type Act = 'call' | 'uncross' | 'continuous';

const acts: Readonly<Record<Act, { readonly name: string; readonly says: string }>> = {
  call: {
    name: 'Begin a call',
    says: 'From then on intentions are collected, and nothing deals until an auction uncrosses them.',
  },
  uncross: {
    name: 'Uncross',
    says: 'Runs the auction: all that crosses deals at the one price at which the most is dealt. The call goes on afterwards.',
  },
  continuous: {
    name: 'End the call',
    says: 'Intentions deal as they arrive again. A book that crosses has to be uncrossed first; market intentions that still wait are withdrawn.',
  },
};

/** For operators: from trading to a call, its auction, and back, each once it has been confirmed. */
export function AuctionControl({ market }: { readonly market: Market }): JSX.Element | null {
  const asked = useSignal<Act | undefined>(undefined);
  const phase = market.ladder.value?.phase;
  if (phase === undefined) return null;
  const offered: readonly Act[] = phase === 'continuous' ? ['call'] : ['uncross', 'continuous'];
  return (
    <div class="auction-control">
      {offered.map((act) => (
        <button key={act} type="button" class={act === 'uncross' ? 'primary' : ''} onClick={() => (asked.value = act)}>
          {acts[act].name}
        </button>
      ))}
      <Dialog
        title={asked.value === undefined ? '' : `${acts[asked.value].name}: ${market.symbol}`}
        isOpen={asked.value !== undefined}
        onClose={() => (asked.value = undefined)}
      >
        {asked.value !== undefined && (
          <Confirmation act={asked.value} symbol={market.symbol} onDone={() => (asked.value = undefined)} />
        )}
      </Dialog>
    </div>
  );
}

function Confirmation({
  act,
  symbol,
  onDone,
}: {
  readonly act: Act;
  readonly symbol: string;
  readonly onDone: () => void;
}): JSX.Element {
  const { progress, run } = useCommand<AuctionResult | Instrument>();
  const { client } = server.value;
  const confirm = async (): Promise<void> => {
    await run(() => (act === 'uncross' ? client.uncross(symbol) : client.changePhase(symbol, act)));
    if (act !== 'uncross' && progress.peek().state === 'answered') onDone();
  };
  const { value } = progress;
  if (value.state === 'answered' && 'volume' in value.answer) return <Result result={value.answer} onDone={onDone} />;
  return (
    <div class="form">
      <p>{acts[act].says}</p>
      {value.state === 'failed' && <Failure error={value.error} />}
      <div class="form-end">
        <button type="button" onClick={onDone}>
          Leave it
        </button>
        <button type="button" class="primary" disabled={value.state === 'sent'} onClick={() => void confirm()}>
          {acts[act].name}
        </button>
      </div>
    </div>
  );
}

function Result({ result, onDone }: { readonly result: AuctionResult; readonly onDone: () => void }): JSX.Element {
  const { price, volume, deals } = result;
  return (
    <div class="form" role="status">
      {price === undefined ? (
        <p>Nothing could be dealt: no bid reaches an ask.</p>
      ) : (
        <p class="auction-result">
          Uncrossed at <Decimal value={price} />: <Decimal value={volume} /> in {grouped(deals)} deal
          {deals === 1 ? '' : 's'}.
        </p>
      )}
      <div class="form-end">
        <button type="button" class="primary" onClick={onDone}>
          Done
        </button>
      </div>
    </div>
  );
}
