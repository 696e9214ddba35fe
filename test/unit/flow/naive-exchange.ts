import type { FlowLevel, FlowSide } from '../../../src/flow/script/flow-line.js';
import type { AuctionMade, BookLevels, DealMade, Outcome, PairedDeal } from '../../../src/flow/play/outcome.js';
import type { StepCommand } from '../../../src/flow/step.js';

interface Standing {
  readonly id: string;
  readonly side: FlowSide;
  /** Infinite for market intentions: above all buyers, below all sellers. */
  readonly price: number;
  quantity: number;
}

/**
 * A stand-in for the exchange, of the plainest kind: two sorted lists, walked from the front. It shows that the
 * expectations of recorded flow, as they are read and checked here, are those of price-time priority.
 *
 * It is one of its own beside ReferenceExchange, because it takes what a file says and nothing made of it (no instrument, participant or
 * unit of price), and because recorded days are too long for a list that is sorted at every look.
 */
export class NaiveExchange {
  #standing: Record<FlowSide, Standing[]> = { buy: [], sell: [] };
  #phase: 'call' | 'continuous' = 'continuous';

  apply(command: StepCommand): Outcome {
    switch (command.kind) {
      case 'scenario':
        this.#standing = { buy: [], sell: [] };
        this.#phase = command.initialPhase;
        return { deals: [] };
      case 'phase':
        this.#phase = command.phase;
        return { deals: [] };
      case 'post': {
        const worst = command.side === 'buy' ? Infinity : -Infinity;
        const price = command.price === 'market' ? worst : command.price;
        const arriving = { id: command.id, side: command.side, price, quantity: command.quantity };
        return { deals: this.#arrive(arriving, command.timeInForce === 'ioc') };
      }
      case 'withdraw':
      case 'reduce': {
        const found = this.#find(command.id);
        if (found === undefined) return { deals: [], refused: 'UNKNOWN_INTENTION' };
        found.quantity -= command.kind === 'reduce' ? command.quantity : found.quantity;
        this.#sweep();
        return { deals: [] };
      }
      case 'replace': {
        const found = this.#find(command.id);
        if (found === undefined) return { deals: [], refused: 'UNKNOWN_INTENTION' };
        found.quantity = 0;
        this.#sweep();
        return { deals: this.#arrive({ ...found, price: command.price, quantity: command.quantity }, false) };
      }
      case 'instrument':
      case 'at':
        throw new Error(`${command.kind} is not for an exchange as plain as this`);
      case 'uncross':
        return { deals: [], auction: this.#uncross() };
    }
  }

  book(): BookLevels {
    return { bids: levelsOf(this.#standing.buy), asks: levelsOf(this.#standing.sell) };
  }

  #find(id: string): Standing | undefined {
    const of = (some: readonly Standing[]): Standing | undefined => some.find((standing) => standing.id === id);
    return of(this.#standing.buy) ?? of(this.#standing.sell);
  }

  #arrive(arriving: Standing, ioc: boolean): DealMade[] {
    const deals: DealMade[] = [];
    const others = this.#standing[arriving.side === 'buy' ? 'sell' : 'buy'];
    for (let index = 0; this.#phase === 'continuous' && index < others.length && arriving.quantity > 0; index += 1) {
      const maker = others[index];
      if (maker === undefined || isBetter(arriving.side, maker.price, arriving.price)) break;
      const quantity = Math.min(arriving.quantity, maker.quantity);
      deals.push({ taker: arriving.id, maker: maker.id, price: maker.price, quantity });
      arriving.quantity -= quantity;
      maker.quantity -= quantity;
    }
    this.#sweep();
    if (arriving.quantity > 0 && !ioc) {
      const own = this.#standing[arriving.side];
      const place = own.findIndex((standing) => isBetter(arriving.side, arriving.price, standing.price));
      own.splice(place === -1 ? own.length : place, 0, arriving);
    }
    return deals;
  }

  /** The filled and withdrawn are always few, and near the front. */
  #sweep(): void {
    for (const side of ['buy', 'sell'] as const) {
      const gone = this.#standing[side].some((standing) => standing.quantity === 0);
      if (gone) this.#standing[side] = this.#standing[side].filter((standing) => standing.quantity > 0);
    }
  }

  #uncross(): AuctionMade {
    const { buy, sell } = this.#standing;
    const { price, volume } = auctionPrice(buy, sell);
    const deals: PairedDeal[] = [];
    for (let left = volume, b = 0, s = 0; left > 0;) {
      const buyer = buy[b];
      const seller = sell[s];
      if (buyer === undefined || seller === undefined) throw new Error('the volume is more than there is');
      const quantity = Math.min(left, buyer.quantity, seller.quantity);
      deals.push({ buyer: buyer.id, seller: seller.id, price, quantity });
      left -= quantity;
      buyer.quantity -= quantity;
      seller.quantity -= quantity;
      if (buyer.quantity === 0) b += 1;
      if (seller.quantity === 0) s += 1;
    }
    this.#sweep();
    return { price: volume === 0 ? undefined : price, volume, deals };
  }
}

/** Whether `price` comes before `other` on this side. */
function isBetter(side: FlowSide, price: number, other: number): boolean {
  return side === 'buy' ? price > other : price < other;
}

function levelsOf(standing: readonly Standing[]): FlowLevel[] {
  const levels: { price: number; quantity: number }[] = [];
  for (const { price, quantity } of standing) {
    const last = levels.at(-1);
    if (last?.price === price) last.quantity += quantity;
    else if (levels.push({ price, quantity }) > 10) break;
  }
  return levels.slice(0, 10);
}

/** Most volume; then least surplus; then the highest price where buyers are in surplus, the lowest where sellers are. */
function auctionPrice(buy: readonly Standing[], sell: readonly Standing[]): { price: number; volume: number } {
  const prices = new Set([...buy, ...sell].map((standing) => standing.price).filter(Number.isFinite));
  let best = { price: 0, volume: 0, surplus: 0 };
  for (const price of [...prices].sort((a, b) => a - b)) {
    const demand = total(buy.filter((standing) => standing.price >= price));
    const supply = total(sell.filter((standing) => standing.price <= price));
    const volume = Math.min(demand, supply);
    const surplus = demand - supply;
    const less = Math.abs(surplus) - Math.abs(best.surplus);
    if (volume < best.volume || (volume === best.volume && (less > 0 || (less === 0 && surplus <= 0)))) continue;
    best = { price, volume, surplus };
  }
  return best;
}

function total(standing: readonly Standing[]): number {
  return standing.reduce((sum, { quantity }) => sum + quantity, 0);
}
