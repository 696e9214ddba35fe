import { IdIndex } from './id-index.js';
import { Pricing, Side } from './terms.js';

/**
 * The state of every live negotiator, one row each in one block of memory: 96 bytes, no object, nothing for the garbage collector
 * to visit. What a negotiator does stands in handshake.ts; this is only where it remembers.
 *
 * 1. A row is the fold of its intention's stream, and of nothing else.
 * 2. 0 ≤ filled, 0 ≤ reserved, filled + reserved ≤ quantity.
 * 3. A row is freed only when nothing is open and nothing reserved.
 * 4. Every row that lives is in the index, but for the arriving one.
 */
const WORDS = 24;
const DOUBLES = WORDS / 2;

// Doubles: counted in 8 bytes from the start of the row.
const ID = 0;
const POSTED_AT = 1;
const PLACE = 2;
// Words: counted in 4 bytes from the start of the row; the first six are the doubles.
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
const NEXT = 16;
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

/** No row, no level, no deal. */
export const NONE = -1;

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

export class NegotiatorTable {
  private words: Int32Array;
  private doubles: Float64Array;
  private capacity: number;
  private used = 0;
  private firstFree = NONE;
  private readonly rows: IdIndex;
  /** The negotiator created last, until it is placed: most are filled before anybody has to look them up. */
  arrivingRow = NONE;

  constructor(capacity = 1024) {
    this.capacity = capacity;
    const memory = new ArrayBuffer(capacity * WORDS * 4);
    this.words = new Int32Array(memory);
    this.doubles = new Float64Array(memory);
    this.rows = new IdIndex();
  }

  /** How many negotiators live. */
  get size(): number {
    return this.rows.size + (this.arrivingRow === NONE ? 0 : 1);
  }

  /** The row of an intention, or NONE. */
  rowOf(id: number): number {
    const { arrivingRow } = this;
    if (arrivingRow !== NONE && this.id(arrivingRow) === id) return arrivingRow;
    const row = this.rows.get(id);
    return row !== NONE && this.id(row) === id ? row : NONE;
  }

  create(
    intentionId: number,
    position: number,
    participantId: number,
    instrumentId: number,
    side: number,
    pricing: number,
    limitTicks: number,
    quantityLots: number,
    timeInForce: number,
    postOnly: boolean,
  ): number {
    const row = this.allocate();
    const at = row * WORDS;
    const { words, doubles } = this;
    doubles[row * DOUBLES + ID] = intentionId;
    doubles[row * DOUBLES + POSTED_AT] = position;
    doubles[row * DOUBLES + PLACE] = position;
    words[at + INSTRUMENT] = instrumentId;
    words[at + TERMS] =
      side | (pricing * MARKET_BIT) | (timeInForce << TIME_IN_FORCE_SHIFT) | (postOnly ? POST_ONLY_BIT : 0);
    words[at + LIMIT] = limitTicks;
    words[at + QUANTITY] = quantityLots;
    words[at + FILLED] = 0;
    words[at + RESERVED] = 0;
    words[at + PARTICIPANT] = participantId;
    words[at + PROPOSALS] = 0;
    words[at + REVISION] = 1;
    words[at + PREVIOUS] = NONE;
    words[at + NEXT] = NONE;
    words[at + LEVEL] = NONE;
    words[at + OPEN_PROPOSAL] = NONE;
    words[at + FIRST_DOUBT] = NONE;
    words[at + LAST_OUTCOME] = NONE;
    words[at + LAST_LOTS] = 0;
    words[at + LAST_PRICE] = 0;
    words[at + EXPIRES] = 0;
    this.arrivingRow = row;
    return row;
  }

  /** From now on the arriving negotiator is found through the index like all others. */
  place(): void {
    this.rows.set(this.id(this.arrivingRow), this.arrivingRow);
    this.arrivingRow = NONE;
  }

  free(row: number): void {
    if (row === this.arrivingRow) this.arrivingRow = NONE;
    else this.rows.delete(this.id(row));
    this.doubles[row * DOUBLES + ID] = 0;
    this.setWord(row, NEXT, this.firstFree);
    this.firstFree = row;
  }

  private allocate(): number {
    const free = this.firstFree;
    if (free !== NONE) {
      this.firstFree = this.word(free, NEXT);
      return free;
    }
    if (this.used === this.capacity) this.grow();
    return this.used++;
  }

  private grow(): void {
    this.capacity *= 2;
    const memory = new ArrayBuffer(this.capacity * WORDS * 4);
    const words = new Int32Array(memory);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(memory);
  }

  private word(row: number, field: number): number {
    return this.words[row * WORDS + field] as number; // rows come from create, so they are in range
  }

  private setWord(row: number, field: number, value: number): void {
    this.words[row * WORDS + field] = value;
  }

  id(row: number): number {
    return this.doubles[row * DOUBLES + ID] as number; // in range, as above
  }
  /** Position of its IntentionPosted. */
  postedPosition(row: number): number {
    return this.doubles[row * DOUBLES + POSTED_AT] as number; // in range, as above
  }
  /** Position of the event that gave it its place in the queue. */
  placePosition(row: number): number {
    return this.doubles[row * DOUBLES + PLACE] as number; // in range, as above
  }
  setPlacePosition(row: number, position: number): void {
    this.doubles[row * DOUBLES + PLACE] = position;
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
    this.setWord(row, REVISION, this.word(row, REVISION) + 1);
  }
  /** Neighbours in the queue of its price level, and the level. */
  previous(row: number): number {
    return this.word(row, PREVIOUS);
  }
  setPrevious(row: number, previous: number): void {
    this.setWord(row, PREVIOUS, previous);
  }
  next(row: number): number {
    return this.word(row, NEXT);
  }
  setNext(row: number, next: number): void {
    this.setWord(row, NEXT, next);
  }
  level(row: number): number {
    return this.word(row, LEVEL);
  }
  setLevel(row: number, level: number): void {
    this.setWord(row, LEVEL, level);
  }
  /** The deal in flight that it has proposed, or NONE. */
  openProposal(row: number): number {
    return this.word(row, OPEN_PROPOSAL);
  }
  setOpenProposal(row: number, deal: number): void {
    this.setWord(row, OPEN_PROPOSAL, deal);
  }
  /** The first of the deals in flight that it has accepted, or NONE. */
  firstInDoubt(row: number): number {
    return this.word(row, FIRST_DOUBT);
  }
  setFirstInDoubt(row: number, deal: number): void {
    this.setWord(row, FIRST_DOUBT, deal);
  }
  /** How its latest proposal was decided: an Outcome, or NONE. */
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

  /** Visits the rows that live, in no particular order. */
  forEachRow(visitor: (row: number) => void): void {
    for (let row = 0; row < this.used; row++) if (this.id(row) !== 0) visitor(row);
  }

  /** Whether its limit reaches a price. A market intention's reaches every price. */
  reaches(row: number, priceTicks: number): boolean {
    if (this.isMarket(row)) return true;
    return this.side(row) === Side.Buy ? priceTicks <= this.limitTicks(row) : priceTicks >= this.limitTicks(row);
  }

  /** The rows as they are, for a snapshot. */
  dump(): { words: Int32Array; used: number; firstFree: number } {
    return { words: this.words.slice(0, this.used * WORDS), used: this.used, firstFree: this.firstFree };
  }

  /** Takes over the rows of a snapshot; the table must be empty. Their places on boards are made anew by their owner. */
  load(dump: { words: Int32Array; used: number; firstFree: number }): void {
    while (this.capacity < dump.used) this.grow();
    this.words.set(dump.words);
    this.used = dump.used;
    this.firstFree = dump.firstFree;
    this.forEachRow((row) => {
      this.rows.set(this.id(row), row);
    });
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

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.words.byteLength + this.rows.bytes;
  }
}
