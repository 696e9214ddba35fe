/**
 * The simplest book that tells whom an arriving intention meets: one array a price, oldest first. The generator uses it to know what
 * rests and what crosses, and the benchmarks to know how many deals there must be. Intentions are numbered in the order of arrival.
 */
export interface FlowDeal {
  readonly taker: number;
  readonly maker: number;
  readonly priceTicks: number;
  readonly lots: number;
}

export class FlowBook {
  /** By price, for either side: those that rest there. */
  private readonly queues: readonly [Map<number, number[]>, Map<number, number[]>] = [new Map(), new Map()];
  private readonly sides: number[] = [];
  private readonly prices: number[] = [];
  private readonly lots: number[] = [];
  private readonly bests: [number | undefined, number | undefined] = [undefined, undefined];
  /** How many intentions rest. */
  resting = 0;
  deals = 0;

  constructor(private readonly onDeal: (deal: FlowDeal) => void = () => undefined) {}

  /** The best price that rests on a side (0 buys, 1 sells). */
  best(side: number): number | undefined {
    return this.bests[side === 0 ? 0 : 1];
  }

  levels(side: number): number {
    return this.sideQueues(side).size;
  }

  openLots(intention: number): number {
    return this.lots[intention] ?? 0;
  }

  /** The next intention arrives, meets those that cross it, and rests with what is left. Returns how much that is. */
  arrive(side: number, priceTicks: number, quantityLots: number): number {
    const taker = this.sides.length;
    let left = quantityLots;
    for (;;) {
      const best = this.best(1 - side);
      if (left === 0 || best === undefined || (side === 0 ? best > priceTicks : best < priceTicks)) break;
      left -= this.take(taker, 1 - side, best, left);
    }
    this.sides.push(side);
    this.prices.push(priceTicks);
    this.lots.push(left);
    if (left > 0) this.rest(taker, side, priceTicks);
    return left;
  }

  withdraw(intention: number): void {
    const side = this.sides[intention] ?? 0;
    const price = this.prices[intention] ?? 0;
    const queue = this.sideQueues(side).get(price) ?? [];
    queue.splice(queue.indexOf(intention), 1);
    this.lots[intention] = 0;
    this.resting--;
    if (queue.length === 0) this.dropLevel(side, price);
  }

  /** Those that still rest, oldest first. */
  all(): number[] {
    return this.queues.flatMap((queues) => [...queues.values()].flat()).sort((one, other) => one - other);
  }

  private take(taker: number, side: number, priceTicks: number, wanted: number): number {
    const queue = this.sideQueues(side).get(priceTicks) ?? [];
    const maker = queue[0];
    if (maker === undefined) throw new Error(`nothing rests at ${priceTicks}`);
    const lots = Math.min(wanted, this.openLots(maker));
    this.lots[maker] = this.openLots(maker) - lots;
    this.deals++;
    this.onDeal({ taker, maker, priceTicks, lots });
    if (this.openLots(maker) === 0) {
      queue.shift();
      this.resting--;
      if (queue.length === 0) this.dropLevel(side, priceTicks);
    }
    return lots;
  }

  private rest(intention: number, side: number, priceTicks: number): void {
    const queues = this.sideQueues(side);
    const queue = queues.get(priceTicks);
    if (queue === undefined) queues.set(priceTicks, [intention]);
    else queue.push(intention);
    this.resting++;
    const best = this.best(side);
    if (best === undefined || (side === 0 ? priceTicks > best : priceTicks < best)) this.setBest(side, priceTicks);
  }

  private dropLevel(side: number, priceTicks: number): void {
    const queues = this.sideQueues(side);
    queues.delete(priceTicks);
    if (this.best(side) !== priceTicks) return;
    let best: number | undefined;
    for (const price of queues.keys()) {
      if (best === undefined || (side === 0 ? price > best : price < best)) best = price;
    }
    this.setBest(side, best);
  }

  private setBest(side: number, priceTicks: number | undefined): void {
    this.bests[side === 0 ? 0 : 1] = priceTicks;
  }

  private sideQueues(side: number): Map<number, number[]> {
    return this.queues[side === 0 ? 0 : 1];
  }
}
