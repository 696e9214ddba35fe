import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Intention, IntentionChanged } from '../../client/types.js';
import { socket } from '../app/exchange.js';
import { isLive, source } from '../app/moment.js';
import { caller, may } from '../app/session.js';
import { ChangeDialog } from '../market/own/change-dialog.js';
import { changeText } from '../market/post/outcome.js';
import { termsOf } from '../market/post/terms.js';
import { useCommand } from '../parts/use-command.js';
import { Failure } from '../parts/failure.js';
import { useLook } from '../parts/look.js';

/** Withdraws or changes an open intention: its participant’s, or anybody’s for an operator; now, and on a server. */
export function IntentionActs({
  intention,
  onDone,
}: {
  readonly intention: Intention;
  readonly onDone: () => void;
}): JSX.Element | null {
  const isChanging = useSignal(false);
  const { progress, run } = useCommand<IntentionChanged>();
  const isOwn = may.operate.value || caller.value?.participant === intention.participant;
  const isOffered =
    may.trade.value && isOwn && isLive.value && source.value.kind === 'server' && intention.status === 'open';
  const { value: instruments } = useLook('instruments', (from, { signal }) => from.instruments({ signal }), {
    isWanted: isOffered,
  });
  const { value } = progress;
  const listed = instruments?.find(({ symbol }) => symbol === intention.instrument);
  const withdraw = async (): Promise<void> => {
    await run(() => socket.peek().send({ command: 'withdraw', id: intention.id }));
    onDone();
  };
  if (!isOffered && value.state === 'idle') return null;
  return (
    <div class="intention-acts">
      {isOffered && (
        <>
          <button type="button" onClick={() => (isChanging.value = true)}>
            Change
          </button>
          <button type="button" class="danger" disabled={value.state === 'sent'} onClick={() => void withdraw()}>
            Withdraw
          </button>
        </>
      )}
      <span role="status">{value.state === 'answered' && changeText(value.answer)}</span>
      {value.state === 'failed' && <Failure error={value.error} />}
      <ChangeDialog
        terms={listed && termsOf(listed)}
        intention={isChanging.value ? intention : undefined}
        onClose={() => {
          isChanging.value = false;
          onDone();
        }}
      />
    </div>
  );
}
