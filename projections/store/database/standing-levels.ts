import { Side } from '../../../src/domain/terms.js';
import type { PriceLevel } from '../../book/book.js';
import { OpenIds } from './open-ids.js';

/** What stands on a book. */
interface Standing {
  readonly instrumentId: number;
  readonly side: number;
}

interface Level extends PriceLevel {
  lots: number;
  intentions: number;
}

/** One side of a book. */
class Levels {
  readonly byPrice = new Map<number, Level>();
  /** Best first; undefined when a level has come or gone since it was last asked for. */
  private sorted: readonly Level[] | undefined;

  constructor(private readonly side: number) {}

  level(priceTicks: number): Level {
    const known = this.byPrice.get(priceTicks);
    if (known !== undefined) return known;
    const created = { priceTicks, lots: 0, intentions: 0 };
    this.byPrice.set(priceTicks, created);
    this.sorted = undefined;
    return created;
  }

  drop({ priceTicks }: Level): void {
    this.byPrice.delete(priceTicks);
    this.sorted = undefined;
  }

  get best(): readonly PriceLevel[] {
    const sign = this.side === Side.Buy ? -1 : 1;
    this.sorted ??= [...this.byPrice.values()].sort((one, other) => sign * (one.priceTicks - other.priceTicks));
    return this.sorted;
  }
}

/**
 * What stands, as the tables hold it: the ids of the open intentions, and the levels of all books. Each open intention with a limit stands in one, with what it has left, reserved or
 * not. Changed once a chunk, when it has been written; so it is as of the checkpoint, like every row, and no read walks through the open
 * intentions.
 */
export class StandingLevels {
  readonly openIds = new OpenIds();
  private readonly sides = new Map<number, Levels>();

  /** So many lots of one intention. */
  add(standing: Standing, priceTicks: number, lots: number): void {
    const level = this.side(standing).level(priceTicks);
    level.lots += lots;
    level.intentions++;
  }

  /** The same, as they were added. */
  remove(standing: Standing, priceTicks: number, lots: number): void {
    const side = this.side(standing);
    const level = side.level(priceTicks);
    level.lots -= lots;
    if (--level.intentions === 0) side.drop(level);
  }

  /** The best `depth` levels, best first. */
  levels(instrumentId: number, side: number, depth: number): readonly PriceLevel[] {
    return this.sides.get(2 * instrumentId + side)?.best.slice(0, depth) ?? [];
  }

  private side({ instrumentId, side }: Standing): Levels {
    const key = 2 * instrumentId + side;
    const known = this.sides.get(key);
    if (known !== undefined) return known;
    const created = new Levels(side);
    this.sides.set(key, created);
    return created;
  }
}
