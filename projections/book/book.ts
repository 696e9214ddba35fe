import type * as Recorded from '../../src/domain/journal.generated.js';
import { Pricing, Side } from '../../src/domain/terms.js';
import { NoopHandler } from '../../src/events/handlers.generated.js';
import { RowIndex } from './row-index.js';

/** What stands at one price. */
export interface PriceLevel {
  readonly priceTicks: number;
  readonly lots: number;
  /** How many intentions. */
  readonly intentions: number;
}

class Level {
  lots = 0;
  intentions = 0;

  constructor(
    readonly priceTicks: number,
    readonly side: Map<number, Level>,
  ) {}
}

interface Board {
  readonly bids: Map<number, Level>;
  readonly asks: Map<number, Level>;
}

const FIRST_CAPACITY = 1024;
const NONE = -1;

/**
 * Levels and depth of every instrument, from the events alone.
 *
 * 1. Every open intention with a limit stands in exactly one level; market intentions have no level and are left out.
 * 2. A level's lots are the sum of its intentions' open lots, reserved ones among them; a level without intentions does not exist.
 * 3. An intention that is withdrawn or has expired is off the book at once, even while a deal still holds some of it.
 * 4. Between the events of one turn the arriving intention stands on it too; once it has come to rest, this is the live board.
 */
export class BookFold extends NoopHandler {
  private readonly boards = new Map<number, Board>();
  private readonly rowOf = new RowIndex(FIRST_CAPACITY);
  private readonly unused: number[] = [];
  private readonly levelOf: (Level | undefined)[] = [];
  private lotsOf = new Float64Array(FIRST_CAPACITY);

  /** The best `depth` levels of a side, best first. */
  levels(instrumentId: number, side: number, depth = Number.POSITIVE_INFINITY): PriceLevel[] {
    const board = this.boards.get(instrumentId);
    if (board === undefined) return [];
    const sign = side === Side.Buy ? -1 : 1;
    return [...(side === Side.Buy ? board.bids : board.asks).values()]
      .sort((one, other) => sign * (one.priceTicks - other.priceTicks))
      .slice(0, depth)
      .map(({ priceTicks, lots, intentions }) => ({ priceTicks, lots, intentions }));
  }

  override intentionPosted(event: Recorded.IntentionPosted): void {
    const { intentionId, instrumentId, side, pricing, priceTicks, quantityLots } = event;
    if (pricing === Pricing.Market || quantityLots === 0 || this.rowOf.get(intentionId) !== NONE) return;
    const board = this.board(instrumentId);
    const row = this.unused.pop() ?? this.newRow();
    this.rowOf.set(intentionId, row);
    this.stand(row, side === Side.Buy ? board.bids : board.asks, priceTicks, quantityLots);
  }

  override dealSettled({ intentionId, quantityLots }: Recorded.DealSettled): void {
    if (quantityLots > 0) this.shrink(intentionId, quantityLots);
  }

  override intentionReduced({ intentionId, byLots }: Recorded.IntentionReduced): void {
    this.shrink(intentionId, byLots);
  }

  override intentionAmended({ intentionId, priceTicks, openLots }: Recorded.IntentionAmended): void {
    const row = this.rowOf.get(intentionId);
    if (row === NONE) return;
    this.stand(row, this.leave(row), priceTicks, openLots);
  }

  override intentionWithdrawn({ intentionId }: Recorded.IntentionWithdrawn): void {
    this.remove(intentionId);
  }

  override intentionExpired({ intentionId }: Recorded.IntentionExpired): void {
    this.remove(intentionId);
  }

  private board(instrumentId: number): Board {
    const known = this.boards.get(instrumentId);
    if (known !== undefined) return known;
    const created = { bids: new Map<number, Level>(), asks: new Map<number, Level>() };
    this.boards.set(instrumentId, created);
    return created;
  }

  private newRow(): number {
    const row = this.levelOf.push(undefined) - 1;
    if (row === this.lotsOf.length) {
      const larger = new Float64Array(2 * row);
      larger.set(this.lotsOf);
      this.lotsOf = larger;
    }
    return row;
  }

  private stand(row: number, side: Map<number, Level>, priceTicks: number, lots: number): void {
    let level = side.get(priceTicks);
    if (level === undefined) {
      level = new Level(priceTicks, side);
      side.set(priceTicks, level);
    }
    level.lots += lots;
    level.intentions++;
    this.levelOf[row] = level;
    this.lotsOf[row] = lots;
  }

  /** Takes a row off its level; returns the side it stood on. */
  private leave(row: number): Map<number, Level> {
    const level = this.levelOf[row] as Level; // every row in use has one
    level.lots -= this.lotsOf[row] as number; // rows are in range
    if (--level.intentions === 0) level.side.delete(level.priceTicks);
    return level.side;
  }

  private shrink(intentionId: number, byLots: number): void {
    const row = this.rowOf.get(intentionId);
    if (row === NONE) return;
    const lots = this.lotsOf[row] as number; // rows are in range
    if (byLots >= lots) {
      this.remove(intentionId);
      return;
    }
    this.lotsOf[row] = lots - byLots;
    (this.levelOf[row] as Level).lots -= byLots; // every row in use has one
  }

  private remove(intentionId: number): void {
    const row = this.rowOf.get(intentionId);
    if (row === NONE) return;
    this.leave(row);
    this.levelOf[row] = undefined;
    this.rowOf.delete(intentionId);
    this.unused.push(row);
  }
}
