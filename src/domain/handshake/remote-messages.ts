import { Index } from '../ids.js';
import { MessageKind } from '../negotiators/mailbox.js';
import type { DealDecision, ShardMessage } from './shard-message.js';
import { Outcome } from '../terms.js';
import type { Turns } from '../turns.js';

/** Puts a message of a negotiator of another shard into this shard's words and its mailbox. One for a negotiator that is gone is dropped. */
export function receiveRemote(turns: Turns, remote: ShardMessage, atMs: number): void {
  const { kind, toId, fromId, dealNumber } = remote;
  const { market, mailbox, handshake } = turns;
  const row = market.negotiators.rowOf(toId);
  if (row === Index.None) return;
  if (remote.instrument !== '' && !isCounterpart(turns, row, remote)) {
    if (kind === MessageKind.Proposal) handshake.declineStray(row, { fromId, fromRow: Index.None, dealNumber });
    return;
  }
  const participantId = kind === MessageKind.Acceptance ? admitted(turns, remote.participant, atMs) : 0;
  const message = mailbox.draft(kind, toId, row);
  message.fromId = fromId;
  message.dealNumber = dealNumber;
  message.priceTicks = remote.priceTicks;
  message.lots = remote.lots;
  message.participantId = participantId;
  mailbox.send(message);
}

/** Whether the sender is on the other side of the same instrument. No safety rests on a board, and least on one in another shard. */
function isCounterpart({ market }: Turns, row: number, { instrument, side }: ShardMessage): boolean {
  const { negotiators } = market;
  return instrument === market.instrument(negotiators.instrumentId(row)).symbol && side !== negotiators.side(row);
}

/** The number of a participant, who is admitted if new. */
function admitted({ market, recorder }: Turns, name: string, atMs: number): number {
  const { participantIds, participants } = market;
  const known = participantIds.get(name);
  if (known !== undefined) return known;
  const participantId = participants.length;
  recorder.participantAdmitted(participantId, name, atMs);
  return participantId;
}

/** A responder of this shard that has looked up a deal. */
export interface LookUp {
  readonly responderId: number;
  readonly initiatorId: number;
  readonly dealNumber: number;
}

/** Tells a responder what the log of the initiator's shard says of a deal that it has looked up; undefined where it is silent. */
export function answerLookUp({ market, mailbox }: Turns, lookUp: LookUp, decision: DealDecision | undefined): void {
  const { responderId, initiatorId, dealNumber } = lookUp;
  const message = mailbox.draft(kindOf(decision), responderId, market.negotiators.rowOf(responderId));
  message.fromId = initiatorId;
  message.dealNumber = dealNumber;
  message.priceTicks = decision?.priceTicks ?? 0;
  message.lots = decision?.quantityLots ?? 0;
  mailbox.send(message);
}

function kindOf(decision: DealDecision | undefined): number {
  if (decision === undefined) return MessageKind.LedgerSilent;
  return decision.outcome === Outcome.Confirmed ? MessageKind.LedgerConfirmed : MessageKind.LedgerAborted;
}
