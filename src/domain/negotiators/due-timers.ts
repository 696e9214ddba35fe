import { Index } from '../ids.js';
import { WithdrawReason } from '../terms.js';
import { MessageKind } from './mailbox.js';
import type { Timer } from './timers.js';
import type { Turns } from '../turns.js';

/** Something has fallen due. Whether it still means anything is decided here. */
export function fire(turns: Turns, timer: Timer, atMs: number): void {
  const { market, mailbox, recorder } = turns;
  const { kind, intentionId, initiatorId, dealNumber } = timer;
  if (kind === 'withdrawals') return turns.withdrawals.goOn(atMs);
  if (kind === 'switch') return ringSwitch(turns, timer.participantId ?? 0, atMs);
  const row = market.negotiators.rowOf(intentionId);
  if (kind === 'expiry') {
    if (row !== Index.None && !market.negotiators.isClosing(row)) recorder.intentionExpired(row, atMs);
    return;
  }
  const isInitiators = kind === 'initiatorDeadline';
  // If its deal is still in flight after the turn, it gets another deadline.
  const index = market.deals.find(initiatorId, dealNumber);
  if (index !== Index.None) market.deals.at(index)[isInitiators ? 'isInitiatorTimed' : 'isResponderTimed'] = false;
  if (row === Index.None) return;
  const message = mailbox.draft(
    isInitiators ? MessageKind.InitiatorDeadline : MessageKind.ResponderDeadline,
    intentionId,
    row,
  );
  message.dealNumber = dealNumber;
  if (!isInitiators) message.fromId = initiatorId;
  mailbox.send(message);
}

/** A switch that was set again in the meantime rings later; one that was not lapses, and what its participant has open is withdrawn. */
function ringSwitch({ market, recorder, withdrawals }: Turns, participantId: number, atMs: number): void {
  const { switches } = market;
  switches.rang(participantId);
  const found = switches.get(participantId);
  if (found === undefined) return;
  if (found.lapsesAtMs > atMs) {
    switches.setTimer(participantId);
    return;
  }
  const before = recorder.position;
  recorder.switchLapsed(participantId, atMs);
  withdrawals.begin({ participantId, instrumentId: 0, reason: WithdrawReason.SwitchLapsed, before }, atMs);
}
