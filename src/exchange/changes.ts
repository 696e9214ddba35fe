import { Index } from '../domain/ids.js';
import { formatQuantity } from '../domain/instrument.js';
import type { Market } from '../domain/market.js';
import type { ListedInstrument } from '../domain/market-directory.js';
import { type Refusal, type RefusalCode, refuse } from '../domain/refusal.js';
import type { Engine } from '../domain/engine.js';
import {
  type Answer,
  type IntentionChanged,
  type ReduceIntention,
  type ReplaceIntention,
  withdrawReasonNames,
  type WithdrawIntention,
} from './commands.js';
import { CLIENT_ID } from './posts/parse-post.js';
import type { Shard, ShardCommand } from './shard/shard.js';
import { refuseLate, refuseNoTime } from './posts/valid-until.js';
import { nameOf } from './views.js';

/** The intention that a command is about. */
export interface Found {
  readonly id: number;
  readonly row: number;
  readonly instrument: ListedInstrument;
  /** Where it was recorded that the same command was done before; undefined for one that is new. */
  readonly known: number | undefined;
}

/** What a command does to an intention: why it is refused, or undefined where it was recorded. */
export type Change = (engine: Engine, found: Found, atMs: number) => RefusalCode | Refusal | undefined;

/** A command about one intention; `starting` runs in the turn in which its first event could be recorded. */
export function changeCommand(
  shard: Shard,
  command: IntentionCommand,
  change: Change,
  starting?: () => void,
): ShardCommand<Answer<IntentionChanged>> {
  const { market } = shard;
  return (engine, atMs) => {
    starting?.();
    const found = find(shard, command);
    if ('ok' in found) return () => found;
    const { id, known } = found;
    if (known !== undefined) {
      const wrong = refuseNoTime(command.validUntil);
      return () => wrong ?? { ok: true, id: String(id), ...standing(market, found), position: known };
    }
    const position = shard.head;
    shard.turns.recorder.outcome.begin(id);
    const refusal = refuseLate(command.validUntil, atMs) ?? change(engine, found, atMs);
    if (refusal !== undefined) return () => (typeof refusal === 'string' ? refuse(refusal) : refusal);
    const row = market.negotiators.rowOf(id);
    const total = row === Index.None ? 0 : market.negotiators.quantityLots(row);
    return () => ({ ok: true, id: String(id), ...changed(shard, found, total), position });
  };
}

type IntentionCommand = WithdrawIntention | ReduceIntention | ReplaceIntention;

function find(shard: Shard, command: IntentionCommand): Found | Refusal {
  const { market } = shard;
  const { negotiators } = market;
  const id = idOf(shard, command);
  if (typeof id !== 'number') return id;
  if (id === 0 || id > market.lastIntentionId || market.isRemote(id)) return refuse('UNKNOWN_INTENTION');
  const known = doneBefore(market, id, command);
  if (typeof known === 'object') return known;
  const row = negotiators.rowOf(id);
  if (row === Index.None) return closed(known);
  const owner = market.participantName(negotiators.participantId(row));
  if (command.participant !== undefined && command.participant !== owner) return refuse('NOT_YOURS');
  const instrument = market.instrument(negotiators.instrumentId(row));
  const isOther = command.instrument !== undefined && command.instrument !== instrument.symbol;
  return isOther ? refuse('UNKNOWN_INTENTION') : { id, row, instrument, known };
}

function closed(donePosition: number | undefined): Refusal {
  const refusal = refuse('INTENTION_CLOSED');
  return donePosition === undefined ? refusal : { ...refusal, donePosition };
}

/** Position of the event that recorded the same command before, or why it is none; undefined for one that is new. */
function doneBefore(market: Market, id: number, command: IntentionCommand): number | Refusal | undefined {
  const clientCommandId = 'clientCommandId' in command ? command.clientCommandId : undefined;
  if (clientCommandId === undefined) return undefined;
  if (!CLIENT_ID.test(clientCommandId)) {
    return refuse('INVALID_CLIENT_ID', 'a clientCommandId is 1 to 64 printable ASCII characters without spaces');
  }
  return market.commandIds.positionOf(id, clientCommandId);
}

/** The number of the intention that is meant; 0 for one that there is not. */
function idOf({ posts }: Shard, { id, clientIntentionId, participant }: WithdrawIntention): number | Refusal {
  if (id !== undefined) return /^[1-9][0-9]{0,15}$/.test(id) ? Number(id) : 0;
  if (clientIntentionId === undefined) return refuse('INVALID_COMMAND', 'id or clientIntentionId is missing');
  if (participant === undefined)
    return refuse('INVALID_COMMAND', 'participant is missing: a client’s id is one participant’s');
  return posts.idOf(participant, clientIntentionId);
}

type Standing = Pick<IntentionChanged, 'status' | 'open' | 'filled' | 'closedReason'>;

/** How one stands that is open. */
function standing({ negotiators }: Market, { row, instrument }: Found): Standing {
  const quantity = (lots: number): string => formatQuantity(instrument, lots);
  return { status: 'open', open: quantity(negotiators.openLots(row)), filled: quantity(negotiators.filledLots(row)) };
}

/**
 * How an intention stands after a command. One that is gone was withdrawn, or filled by the deals that a replacement led to, or
 * parked amid them; its row still tells what was filled, for no other intention has been posted since.
 */
function changed({ market, turns }: Shard, found: Found, total: number): Standing {
  const { negotiators } = market;
  const { id, instrument } = found;
  const row = negotiators.rowOf(id);
  if (row !== Index.None) return standing(market, { ...found, row });
  const isFilled = market.arrivingId === id;
  const filled = formatQuantity(instrument, isFilled ? total : negotiators.filledLots(found.row));
  const open = formatQuantity(instrument, 0);
  if (isFilled) return { status: 'filled', open, filled };
  return {
    status: 'withdrawn',
    open,
    filled,
    closedReason: nameOf(withdrawReasonNames, turns.recorder.outcome.closedReason),
  };
}
