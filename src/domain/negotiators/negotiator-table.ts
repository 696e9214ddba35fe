import { Index } from '../ids.js';
import type { IntentionPosted } from '../journal.generated.js';
import { NegotiatorRows, Row } from './negotiator-rows.js';
import { Pricing, Side } from '../terms.js';

/**
 * The state of every live negotiator, one row each: its terms, its quantities, its place in a queue and its deals. What a negotiator
 * does stands in handshake.ts; this is only where it remembers.
 *
 * 1. A row is the fold of its intention's stream, and of nothing else.
 * 2. 0 ≤ filled, 0 ≤ reserved, filled + reserved ≤ quantity.
 * 3. A row is freed only when nothing is open and nothing reserved.
 */
// Doubles: counted in 8 bytes from the start of the row, after the id.
const POSTED_AT = 1;
const PLACE = 2;
// Words: counted in 4 bytes from the start of the row; the first six are the doubles, and 16 is Row.Next.
const INSTRUMENT = 6;
const TERMS = 7;
const LIMIT = 8;
const QUANTITY = 9;
const FILLED = 10;
const RESERVED = 11;
const PARTICIPANT = 12;
const PROPOSALS = 13;
const REVISION = 14;
const PREVIOUS = 15;
const LEVEL = 17;
const OPEN_PROPOSAL = 18;
const FIRST_DOUBT = 19;
const LAST_OUTCOME = 20;
const LAST_LOTS = 21;
const LAST_PRICE = 22;
const EXPIRES = 23;

const SELL_BIT = 1;
const MARKET_BIT = 2;
const TIME_IN_FORCE_SHIFT = 2;
const TIME_IN_FORCE_MASK = 3;
const POST_ONLY_BIT = 16;
const CLOSING_BIT = 32;

/** A row with its fields named, for snapshots, digests and people. */
export interface NegotiatorRow {
  intentionId: number;
  postedPosition: number;
  placePosition: number;
  instrumentId: number;
  side: number;
  pricing: number;
  timeInForce: number;
  postOnly: boolean;
  limitTicks: number;
  quantityLots: number;
  filledLots: number;
  reservedLots: number;
  participantId: number;
  proposals: number;
  revision: number;
}

export class NegotiatorTable extends NegotiatorRows {
  create(posted: IntentionPosted, position: number): number {
    const row = this.allocate();
    const at = row * Row.Words;
    const { words, doubles } = this;
    doubles[row * Row.Doubles + Row.Id] = posted.intentionId;
    doubles[row * Row.Doubles + POSTED_AT] = position;
    doubles[row * Row.Doubles + PLACE] = position;
    words[at + INSTRUMENT] = posted.instrumentId;
    words[at + TERMS] =
      posted.side |
      (posted.pricing * MARKET_BIT) |
      (posted.timeInForce << TIME_IN_FORCE_SHIFT) |
      (posted.postOnly ? POST_ONLY_BIT : 0);
    words[at + LIMIT] = posted.priceTicks;
    words[at + QUANTITY] = posted.quantityLots;
    words[at + FILLED] = 0;
    words[at + RESERVED] = 0;
    words[at + PARTICIPANT] = posted.participantId;
    words[at + PROPOSALS] = 0;
    words[at + REVISION] = 1;
    words[at + PREVIOUS] = Index.None;
    words[at + Row.Next] = Index.None;
    words[at + LEVEL] = Index.None;
    words[at + OPEN_PROPOSAL] = Index.None;
    words[at + FIRST_DOUBT] = Index.None;
    words[at + LAST_OUTCOME] = Index.None;
    words[at + LAST_LOTS] = 0;
    words[at + LAST_PRICE] = 0;
    words[at + EXPIRES] = 0;
    this.arrivingRow = row;
    return row;
  }

  /** Position of its IntentionPosted. */
  postedPosition(row: number): number {
    return this.doubles[row * Row.Doubles + POSTED_AT] as number; // in range, as above
  }
  /** Position of the event that gave it its place in the queue. */
  placePosition(row: number): number {
    return this.doubles[row * Row.Doubles + PLACE] as number; // in range, as above
  }
  setPlacePosition(row: number, position: number): void {
    this.doubles[row * Row.Doubles + PLACE] = position;
  }
  instrumentId(row: number): number {
    return this.word(row, INSTRUMENT);
  }
  side(row: number): number {
    return this.word(row, TERMS) & SELL_BIT;
  }
  isMarket(row: number): boolean {
    return (this.word(row, TERMS) & MARKET_BIT) !== 0;
  }
  timeInForce(row: number): number {
    return (this.word(row, TERMS) >> TIME_IN_FORCE_SHIFT) & TIME_IN_FORCE_MASK;
  }
  isPostOnly(row: number): boolean {
    return (this.word(row, TERMS) & POST_ONLY_BIT) !== 0;
  }
  /** Withdrawn or expired while a deal was in flight: what is reserved is still settled, nothing else is open. */
  isClosing(row: number): boolean {
    return (this.word(row, TERMS) & CLOSING_BIT) !== 0;
  }
  setClosing(row: number): void {
    this.setWord(row, TERMS, this.word(row, TERMS) | CLOSING_BIT);
  }
  expires(row: number): boolean {
    return this.word(row, EXPIRES) !== 0;
  }
  setExpires(row: number): void {
    this.setWord(row, EXPIRES, 1);
  }
  limitTicks(row: number): number {
    return this.word(row, LIMIT);
  }
  setLimitTicks(row: number, ticks: number): void {
    this.setWord(row, LIMIT, ticks);
  }
  quantityLots(row: number): number {
    return this.word(row, QUANTITY);
  }
  setQuantityLots(row: number, lots: number): void {
    this.setWord(row, QUANTITY, lots);
  }
  filledLots(row: number): number {
    return this.word(row, FILLED);
  }
  fill(row: number, lots: number): void {
    this.setWord(row, FILLED, this.word(row, FILLED) + lots);
  }
  reservedLots(row: number): number {
    return this.word(row, RESERVED);
  }
  reserve(row: number, lots: number): void {
    this.setWord(row, RESERVED, this.word(row, RESERVED) + lots);
  }
  /** Not yet filled: what stands on the board. */
  openLots(row: number): number {
    return this.word(row, QUANTITY) - this.word(row, FILLED);
  }
  /** Neither filled nor reserved: what may be proposed or accepted. */
  freeLots(row: number): number {
    return this.word(row, QUANTITY) - this.word(row, FILLED) - this.word(row, RESERVED);
  }
  participantId(row: number): number {
    return this.word(row, PARTICIPANT);
  }
  /** How many proposals it has made; the number of its latest. */
  proposals(row: number): number {
    return this.word(row, PROPOSALS);
  }
  setProposals(row: number, count: number): void {
    this.setWord(row, PROPOSALS, count);
  }
  /** How many events its stream holds: the revision of the next one. */
  revision(row: number): number {
    return this.word(row, REVISION);
  }
  nextRevision(row: number): void {
    this.addRevisions(row, 1);
  }
  addRevisions(row: number, events: number): void {
    this.setWord(row, REVISION, this.word(row, REVISION) + events);
  }
  /** Neighbours in the queue of its price level, and the level. */
  previous(row: number): number {
    return this.word(row, PREVIOUS);
  }
  setPrevious(row: number, previous: number): void {
    this.setWord(row, PREVIOUS, previous);
  }
  next(row: number): number {
    return this.word(row, Row.Next);
  }
  setNext(row: number, next: number): void {
    this.setWord(row, Row.Next, next);
  }
  level(row: number): number {
    return this.word(row, LEVEL);
  }
  setLevel(row: number, level: number): void {
    this.setWord(row, LEVEL, level);
  }
  /** The deal in flight that it has proposed, or Index.None. */
  openProposal(row: number): number {
    return this.word(row, OPEN_PROPOSAL);
  }
  setOpenProposal(row: number, deal: number): void {
    this.setWord(row, OPEN_PROPOSAL, deal);
  }
  /** The first of the deals in flight that it has accepted, or Index.None. */
  firstInDoubt(row: number): number {
    return this.word(row, FIRST_DOUBT);
  }
  setFirstInDoubt(row: number, deal: number): void {
    this.setWord(row, FIRST_DOUBT, deal);
  }
  /** How its latest proposal was decided: an Outcome, or Index.None. */
  lastOutcome(row: number): number {
    return this.word(row, LAST_OUTCOME);
  }
  lastLots(row: number): number {
    return this.word(row, LAST_LOTS);
  }
  lastPriceTicks(row: number): number {
    return this.word(row, LAST_PRICE);
  }
  setLastDecision(row: number, outcome: number, priceTicks: number, lots: number): void {
    this.setWord(row, LAST_OUTCOME, outcome);
    this.setWord(row, LAST_PRICE, priceTicks);
    this.setWord(row, LAST_LOTS, lots);
  }

  /** Whether its limit reaches a price. A market intention's reaches every price. */
  reaches(row: number, priceTicks: number): boolean {
    if (this.isMarket(row)) return true;
    return this.side(row) === Side.Buy ? priceTicks <= this.limitTicks(row) : priceTicks >= this.limitTicks(row);
  }

  /** Overwrites what a negotiator remembers by what its stream says. */
  restore(
    row: number,
    state: Pick<
      NegotiatorRow,
      'limitTicks' | 'quantityLots' | 'filledLots' | 'reservedLots' | 'proposals' | 'revision'
    >,
  ): void {
    this.setWord(row, LIMIT, state.limitTicks);
    this.setWord(row, QUANTITY, state.quantityLots);
    this.setWord(row, FILLED, state.filledLots);
    this.setWord(row, RESERVED, state.reservedLots);
    this.setWord(row, PROPOSALS, state.proposals);
    this.setWord(row, REVISION, state.revision);
  }

  describe(row: number): NegotiatorRow {
    return {
      intentionId: this.id(row),
      postedPosition: this.postedPosition(row),
      placePosition: this.placePosition(row),
      instrumentId: this.instrumentId(row),
      side: this.side(row),
      pricing: this.isMarket(row) ? Pricing.Market : Pricing.Limit,
      timeInForce: this.timeInForce(row),
      postOnly: this.isPostOnly(row),
      limitTicks: this.limitTicks(row),
      quantityLots: this.quantityLots(row),
      filledLots: this.filledLots(row),
      reservedLots: this.reservedLots(row),
      participantId: this.participantId(row),
      proposals: this.proposals(row),
      revision: this.revision(row),
    };
  }
}
