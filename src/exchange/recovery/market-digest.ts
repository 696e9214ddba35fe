import { Index } from '../../domain/ids.js';
import type { BoardSide } from '../../domain/board/board.js';
import { termsOf } from '../../domain/instrument.js';
import type { Market } from '../../domain/market.js';
import type { ListedInstrument } from '../../domain/market-directory.js';
import { Side } from '../../domain/terms.js';
import { toHex } from '../../events/bytes.js';
import type { Sha256 } from '../../log/sha256.js';

/**
 * SHA-256 over everything a market knows, in one fixed order: a replay of the same log gives the same digest, or has found a bug.
 * Shown as 64 hexadecimal digits. `hash` is fresh, and used up.
 */
export function digestMarket(market: Market, hash: Sha256): string {
  market.placeArriving();
  const { epoch, shard, shardRevision, nowMs, lastIntentionId, intentionsPosted } = market;
  const { dealsConfirmed, dealsAborted, lotsDealt, lateDecisions } = market;
  line(hash, 'shard', [shard, epoch, shardRevision, nowMs, lastIntentionId, intentionsPosted]);
  line(hash, 'deals', [dealsConfirmed, dealsAborted, lotsDealt, lateDecisions]);
  hash.update(`${JSON.stringify(market.participants)}\n`);
  for (const instrument of market.instruments) {
    digestInstrument(hash, instrument);
    digestSide(hash, market, instrument.board.bids);
    digestSide(hash, market, instrument.board.asks);
  }
  market.deals.forEach((deal) => {
    const { initiatorId, dealNumber, responderId, priceTicks, proposedLots, acceptedLots, decision, decidedLots } =
      deal;
    line(hash, 'in flight', [
      initiatorId,
      dealNumber,
      responderId,
      priceTicks,
      proposedLots,
      acceptedLots,
      decision,
      decidedLots,
    ]);
  });
  for (const heard of market.answered.dump()) line(hash, 'heard', heard);
  for (const { intentionId, isOpen, commands } of market.commandIds.dump()) {
    for (const { clientCommandId, position } of commands)
      line(hash, `command ${clientCommandId}`, [intentionId, Number(isOpen), position]);
  }
  digestRisk(hash, market);
  return toHex(hash.digest());
}

/** What is said of counterparties came later: it adds nothing where they are shown. */
function digestInstrument(hash: Sha256, instrument: ListedInstrument): void {
  const { instrumentId, phase, auctionPriceTicks, auctionLeftLots } = instrument;
  const { counterparties, ...terms } = termsOf(instrument);
  const known = { ...terms, instrumentId, phase, auctionPriceTicks, auctionLeftLots };
  hash.update(`${JSON.stringify(counterparties === 0 ? known : { ...known, counterparties })}\n`);
}

/** Adds nothing where nobody has a switch or a limit. */
function digestRisk(hash: Sha256, { switches, limits, owed, exposures }: Market): void {
  // When its timer rings is no part of it: a replay sets timers again.
  for (const [participantId, withinMs, lapsesAtMs] of switches.dump()) {
    line(hash, 'switch', [participantId, withinMs, lapsesAtMs]);
  }
  for (const limit of limits.all()) hash.update(`limit ${JSON.stringify(limit)}\n`);
  for (const each of owed.all()) hash.update(`owed ${JSON.stringify(each)}\n`);
  if (!limits.isAny) return;
  for (const { participantId, instrumentId, netLots } of exposures.holdings()) {
    const open = [Side.Buy, Side.Sell].map((side) => exposures.openLots(participantId, instrumentId, side));
    line(hash, 'holding', [participantId, instrumentId, netLots, ...open]);
  }
}

function line(hash: Sha256, what: string, values: readonly number[]): void {
  hash.update(`${what} ${values.join(' ')}\n`);
}

/** Each queue in its order, each negotiator with all it remembers. */
function digestSide(hash: Sha256, market: Market, side: BoardSide): void {
  const { negotiators } = market;
  const { levels } = side;
  side.ladder.visit((level, key) => {
    line(hash, 'level', [key, levels.lots(level), levels.count(level)]);
    for (let row = levels.head(level); row !== Index.None; row = negotiators.next(row)) {
      line(hash, 'intention', Object.values(negotiators.describe(row)).map(Number));
    }
    return true;
  });
}
