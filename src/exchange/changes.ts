import { Index } from '../domain/ids.js';
import { formatQuantity } from '../domain/instrument.js';
import type { Market } from '../domain/market.js';
import type { ListedInstrument } from '../domain/market-directory.js';
import { type Refusal, type RefusalCode, refuse } from '../domain/refusal.js';
import type { Engine } from '../domain/engine.js';
import type { Answer, IntentionChanged, WithdrawIntention } from './commands.js';
import type { Shard, ShardCommand } from './shard/shard.js';

/** The intention that a command is about. */
export interface Found {
  readonly row: number;
  readonly instrument: ListedInstrument;
}

/** What a command does to an intention: why it is refused, or undefined where it was recorded. */
export type Change = (engine: Engine, found: Found, atMs: number) => RefusalCode | Refusal | undefined;

/** A command about one intention; `starting` runs in the turn in which its first event could be recorded. */
export function changeCommand(
  shard: Shard,
  command: WithdrawIntention,
  change: Change,
  starting?: () => void,
): ShardCommand<Answer<IntentionChanged>> {
  const { market } = shard;
  return (engine, atMs) => {
    starting?.();
    const found = find(market, command);
    if ('ok' in found) return () => found;
    const position = shard.head;
    const refusal = change(engine, found, atMs);
    if (refusal !== undefined) return () => (typeof refusal === 'string' ? refuse(refusal) : refusal);
    const id = Number(command.id);
    const row = market.negotiators.rowOf(id);
    const total = row === Index.None ? 0 : market.negotiators.quantityLots(row);
    return () => ({ ok: true, id: command.id, ...changed(market, id, found, total), position });
  };
}

function find(market: Market, command: WithdrawIntention): Found | Refusal {
  const { negotiators } = market;
  const id = /^[1-9][0-9]{0,15}$/.test(command.id) ? Number(command.id) : 0;
  if (id === 0 || id > market.lastIntentionId || market.isRemote(id)) return refuse('UNKNOWN_INTENTION');
  const row = negotiators.rowOf(id);
  if (row === Index.None) return refuse('INTENTION_CLOSED');
  const owner = market.participantName(negotiators.participantId(row));
  if (command.participant !== undefined && command.participant !== owner) return refuse('NOT_YOURS');
  return { row, instrument: market.instrument(negotiators.instrumentId(row)) };
}

/**
 * How an intention stands after a command. One that is gone was withdrawn, or filled by the deals that a replacement led to, or
 * parked amid them; its row still tells what was filled, for no other intention has been posted since.
 */
function changed(
  market: Market,
  id: number,
  { row: rowBefore, instrument }: Found,
  total: number,
): Pick<IntentionChanged, 'status' | 'open' | 'filled'> {
  const { negotiators } = market;
  const row = negotiators.rowOf(id);
  const quantity = (lots: number): string => formatQuantity(instrument, lots);
  if (row !== Index.None) {
    return { status: 'open', open: quantity(negotiators.openLots(row)), filled: quantity(negotiators.filledLots(row)) };
  }
  const isFilled = market.arrivingId === id;
  const filled = quantity(isFilled ? total : negotiators.filledLots(rowBefore));
  return { status: isFilled ? 'filled' : 'withdrawn', open: quantity(0), filled };
}
