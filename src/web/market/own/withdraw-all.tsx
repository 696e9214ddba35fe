import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Withdrawn } from '../../../client/commands/commands.js';
import { socket } from '../../app/exchange.js';
import { may } from '../../app/session.js';
import { grouped } from '../../parts/decimal.js';
import { Dialog } from '../../parts/dialog.js';
import { Failure } from '../../parts/failure.js';
import { useCommand } from '../../parts/use-command.js';

/** Withdraws everything that a participant has open in an instrument, once that is confirmed. */
export function WithdrawAll({
  symbol,
  participant,
  count,
}: {
  readonly symbol: string;
  readonly participant: string;
  readonly count: number;
}): JSX.Element {
  const isAsked = useSignal(false);
  const { progress, run } = useCommand<Withdrawn>();
  const whose = may.operate.value ? { participant } : {};
  const confirm = async (): Promise<void> => {
    await run(() => socket.peek().send({ command: 'withdrawAll', instrument: symbol, ...whose }));
    if (progress.peek().state === 'answered') isAsked.value = false;
  };
  const { value } = progress;
  return (
    <>
      <button type="button" class="quiet danger withdraw-all" onClick={() => (isAsked.value = true)}>
        Withdraw all
      </button>
      <Dialog title={`Withdraw all in ${symbol}`} isOpen={isAsked.value} onClose={() => (isAsked.value = false)}>
        <div class="form">
          <p>
            Withdraws the {grouped(count)} open intentions of <span class="name">{participant}</span> in{' '}
            <span class="name">{symbol}</span>, and those that are posted until then.
          </p>
          {value.state === 'failed' && <Failure error={value.error} />}
          <div class="form-end">
            <button type="button" onClick={() => (isAsked.value = false)}>
              Leave them
            </button>
            <button type="button" class="danger" disabled={value.state === 'sent'} onClick={() => void confirm()}>
              Withdraw all
            </button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
