/**
 * The order flow of all benchmarks: made once from a seed, as a block of commands in typed arrays, and then played round and round.
 *
 * Each intention is, in 60 of 100 cases, made to cross: its limit is the best opposite price, or one tick better. The others stand 1–20
 * ticks from a mid that drifts, nearer ones more often. Quantities are 1–10 lots. Of those that come to rest, a third are withdrawn
 * before anybody has dealt with all of them, most of them soon. At the end of the block all that still rest are withdrawn, so that every
 * round begins with an empty book and makes the same deals.
 */
import { FlowBook, type FlowDeal } from './flow-book.js';
import { FlowRandom } from './flow-random.js';

export const flowSymbol = 'BENCH';
export const BLOCK_POSTS = 131_072;
const SEED = 20_240_229;

const PARTICIPANTS = 100;
const MID_TICKS = 10_000;
const MID_RANGE_TICKS = 40;
const MID_MOVES_ONE_IN = 128;
const MOST_LOTS = 10;
const MOST_TICKS_FROM_MID = 20;
/** A power of two: the longest stay of an intention that is withdrawn, counted in posts. */
const LONGEST_STAY = 16_384;

export interface FlowBlock {
  readonly posts: number;
  readonly commands: number;
  /** Of each command: 0 buy, 1 sell, 2 withdraw. */
  readonly kinds: Uint8Array;
  readonly priceTicks: Int32Array;
  readonly lots: Uint8Array;
  /** Index of the participant. */
  readonly participants: Uint8Array | Int32Array;
  /** The number of the intention within the block, of which this command is the post or the withdrawal. */
  readonly intentions: Int32Array;
  /** Of each command; all in the first where there is no such column. */
  readonly instruments?: Uint16Array;
  readonly shape: FlowShape;
}

/** What the flow is like. */
export interface FlowShape {
  readonly crossingShare: number;
  readonly dealsPerIntention: number;
  /** Of those that came to rest. */
  readonly withdrawnShare: number;
  /** How many rest at a time, and at how many prices. */
  readonly meanResting: number;
  readonly meanLevels: number;
  readonly deals: number;
  readonly withdrawals: number;
}

export const Kind = { Withdraw: 2 } as const;

export const participantNames: readonly string[] = namesOf(PARTICIPANTS);

export function namesOf(participants: number): string[] {
  return Array.from({ length: participants }, (_, index) => `trader-${index}`);
}

export function makeFlow(posts = BLOCK_POSTS, onDeal?: (deal: FlowDeal) => void): FlowBlock {
  return new FlowMaker(posts, onDeal).make();
}

class FlowMaker {
  private readonly random = new FlowRandom(SEED);
  private readonly book: FlowBook;
  private readonly kinds: number[] = [];
  private readonly priceTicks: number[] = [];
  private readonly lots: number[] = [];
  private readonly participants: number[] = [];
  private readonly intentions: number[] = [];
  /** Who is to be withdrawn, by the number of posts before that, modulo the longest stay. */
  private readonly due: number[][] = Array.from({ length: LONGEST_STAY }, () => []);
  private midTicks = MID_TICKS;
  private posted = 0;
  private crossing = 0;
  private rested = 0;
  private withdrawn = 0;
  private restingSum = 0;
  private levelsSum = 0;

  constructor(
    private readonly posts: number,
    onDeal?: (deal: FlowDeal) => void,
  ) {
    this.book = new FlowBook(onDeal);
  }

  make(): FlowBlock {
    while (this.posted < this.posts) {
      this.withdrawDue();
      this.post();
    }
    const shape = this.shape();
    for (const intention of this.book.all()) this.withdraw(intention);
    return {
      posts: this.posts,
      commands: this.kinds.length,
      kinds: Uint8Array.from(this.kinds),
      priceTicks: Int32Array.from(this.priceTicks),
      lots: Uint8Array.from(this.lots),
      participants: Uint8Array.from(this.participants),
      intentions: Int32Array.from(this.intentions),
      shape: { ...shape, withdrawals: this.kinds.length - this.posts },
    };
  }

  private post(): void {
    const { random, book } = this;
    this.drift();
    const side = random.below(2);
    const opposite = book.best(1 - side);
    const crosses = opposite !== undefined && random.chance(60, 100);
    const price = crosses ? this.crossingPrice(side, opposite) : this.restingPrice(side, opposite);
    const lots = 1 + random.below(MOST_LOTS);
    const intention = this.posted++;
    this.add(side, price, lots, random.below(PARTICIPANTS), intention);
    const left = book.arrive(side, price, lots);
    if (crosses) this.crossing++;
    if (left > 0) this.planWithdrawal(intention);
    this.restingSum += book.resting;
    this.levelsSum += book.levels(0) + book.levels(1);
  }

  private drift(): void {
    const { random } = this;
    if (!random.chance(1, MID_MOVES_ONE_IN)) return;
    const moved = this.midTicks + (random.chance(1, 2) ? 1 : -1);
    if (Math.abs(moved - MID_TICKS) <= MID_RANGE_TICKS) this.midTicks = moved;
  }

  private crossingPrice(side: number, opposite: number): number {
    const better = this.random.chance(1, 8) ? 1 : 0;
    return side === 0 ? opposite + better : opposite - better;
  }

  private restingPrice(
    side: number,
    opposite = side === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
  ): number {
    const { random } = this;
    const away = 1 + Math.min(random.below(MOST_TICKS_FROM_MID), random.below(MOST_TICKS_FROM_MID));
    if (side === 0) return Math.min(this.midTicks - away, opposite - 1);
    return Math.max(this.midTicks + away, opposite + 1);
  }

  /** Most are withdrawn soon, some late: each doubling of the stay is as likely as the next. Many are filled before that. */
  private planWithdrawal(intention: number): void {
    const { random } = this;
    this.rested++;
    if (!random.chance(80, 100)) return;
    const stay = random.below(2 ** random.below(Math.log2(LONGEST_STAY) + 1));
    this.dueAt(this.posted + stay).push(intention);
  }

  private withdrawDue(): void {
    for (const intention of this.dueAt(this.posted).splice(0)) {
      if (this.book.openLots(intention) === 0) continue;
      this.withdraw(intention);
      this.withdrawn++;
    }
  }

  private dueAt(posted: number): number[] {
    return this.due[posted % LONGEST_STAY] ?? [];
  }

  private withdraw(intention: number): void {
    this.book.withdraw(intention);
    this.add(Kind.Withdraw, 0, 0, 0, intention);
  }

  private add(kind: number, priceTicks: number, lots: number, participant: number, intention: number): void {
    this.kinds.push(kind);
    this.priceTicks.push(priceTicks);
    this.lots.push(lots);
    this.participants.push(participant);
    this.intentions.push(intention);
  }

  private shape(): FlowShape {
    return {
      crossingShare: this.crossing / this.posts,
      dealsPerIntention: this.book.deals / this.posts,
      withdrawnShare: this.withdrawn / this.rested,
      meanResting: this.restingSum / this.posts,
      meanLevels: this.levelsSum / this.posts,
      deals: this.book.deals,
      withdrawals: this.withdrawn,
    };
  }
}
