import type { Engine } from '../domain/engine.js';
import { formatQuantity } from '../domain/instrument.js';
import type { Market } from '../domain/market.js';
import { type Refusal, refuse } from '../domain/refusal.js';
import { Index } from '../domain/ids.js';
import { sideNames, WithdrawReason } from '../domain/terms.js';
import type { WithdrawAll, WithdrawnIntention } from './commands.js';
import type { Shard, ShardCommand } from './shard/shard.js';
import { refuseLate } from './posts/valid-until.js';

/** So many are withdrawn in one turn, and so many rows looked at. */
const MOST_A_TURN = 1_000;
const ROWS_A_TURN = 100_000;
/** So many are told of one by one. */
const MOST_TOLD = 1_000;

const reasons: ReadonlyMap<string, WithdrawReason> = new Map([
  ['requested', WithdrawReason.Requested],
  ['disconnected', WithdrawReason.Disconnected],
]);

interface Selection {
  readonly participantId: number | undefined;
  readonly instrumentId: number | undefined;
  readonly side: number | undefined;
  readonly reason: WithdrawReason;
  /** Those that were posted later stay. */
  readonly lastIntentionId: number;
}

/**
 * Withdraws many, turn by turn: each looks at some of the rows, which stay where they are as long as their intentions are open.
 *
 * 1. What was open when its first turn began, and is chosen, is withdrawn once its last turn has run, unless it closed otherwise.
 * 2. What was posted after that stays, also in a row that has become free.
 */
export class Withdrawing {
  withdrawn = 0;
  /** The first ones. */
  readonly told: WithdrawnIntention[] = [];
  /** Everything that was done stands before this position. */
  position = 0;
  isOver = false;
  private selection: Selection | undefined;
  private nextRow = 0;

  constructor(
    private readonly shard: Shard,
    private readonly command: WithdrawAll,
    /** Runs in the last turn, or in the one in which it is refused. */
    private readonly ending: (() => void) | undefined,
  ) {}

  /** The next turn. Why it is refused; undefined where it has run. */
  readonly turn: ShardCommand<Refusal | undefined> = (engine, atMs) => {
    const refusal = this.begin(atMs);
    if (refusal === undefined) this.withdrawSome(engine, atMs);
    if (refusal !== undefined || this.isOver) this.ending?.();
    if (refusal !== undefined) return () => refusal;
    return () => {
      this.position = this.shard.head;
      return undefined;
    };
  };

  private begin(atMs: number): Refusal | undefined {
    if (this.selection !== undefined) return undefined;
    const { market } = this.shard;
    const selection = select(market, this.command);
    const refusal = refuseLate(this.command.validUntil, atMs) ?? ('ok' in selection ? selection : undefined);
    if (refusal !== undefined || 'ok' in selection) return refusal;
    this.selection = selection;
    return undefined;
  }

  private withdrawSome(engine: Engine, atMs: number): void {
    const { market } = this.shard;
    const { negotiators } = market;
    market.placeArriving();
    const endRow = Math.min(negotiators.rows, this.nextRow + ROWS_A_TURN);
    const before = this.withdrawn;
    for (; this.nextRow < endRow && this.withdrawn - before < MOST_A_TURN; this.nextRow++) {
      if (this.isChosen(market, this.nextRow)) this.withdrawOne(engine, this.nextRow, atMs);
    }
    this.isOver = this.nextRow >= negotiators.rows;
  }

  private withdrawOne(engine: Engine, row: number, atMs: number): void {
    const { market } = this.shard;
    const { negotiators } = market;
    const id = String(negotiators.id(row));
    const filled = formatQuantity(market.instrument(negotiators.instrumentId(row)), negotiators.filledLots(row));
    engine.withdraw(row, atMs, this.selection?.reason);
    this.withdrawn++;
    if (this.told.length < MOST_TOLD) this.told.push({ id, filled });
  }

  private isChosen({ negotiators }: Market, row: number): boolean {
    const id = negotiators.id(row);
    const { selection } = this;
    if (id === 0 || selection === undefined || id > selection.lastIntentionId || negotiators.isClosing(row))
      return false;
    const { participantId, instrumentId, side } = selection;
    return (
      (participantId === undefined || negotiators.participantId(row) === participantId) &&
      (instrumentId === undefined || negotiators.instrumentId(row) === instrumentId) &&
      (side === undefined || negotiators.side(row) === side)
    );
  }
}

/** Whom nobody knows has nothing open. */
function select(market: Market, command: WithdrawAll): Selection | Refusal {
  const { participant, instrument, side, reason = 'requested' } = command;
  const listed = instrument === undefined ? undefined : market.instrumentBySymbol(instrument);
  if (instrument !== undefined && listed === undefined) return refuse('UNKNOWN_INSTRUMENT');
  const wanted = side === undefined ? undefined : sideNames.indexOf(side);
  if (wanted === Index.None) return refuse('INVALID_COMMAND', 'side is buy or sell');
  const because = reasons.get(reason);
  if (because === undefined) {
    return refuse('INVALID_COMMAND', 'reason is requested or disconnected');
  }
  return {
    participantId: participant === undefined ? undefined : (market.participantIds.get(participant) ?? Index.None),
    instrumentId: listed?.instrumentId,
    side: wanted,
    reason: because,
    lastIntentionId: market.lastIntentionId,
  };
}
