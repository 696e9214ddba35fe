import { Index } from '../ids.js';
import { MessageKind } from './mailbox.js';
import type { Timer } from './timers.js';
import type { Turns } from '../turns.js';

/** Something has fallen due. Whether it still means anything is decided here. */
export function fire({ market, mailbox, recorder }: Turns, timer: Timer, atMs: number): void {
  const { kind, intentionId, initiatorId, dealNumber } = timer;
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
