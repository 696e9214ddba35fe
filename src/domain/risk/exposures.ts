import type { NegotiatorTable } from '../negotiators/negotiator-table.js';

/** An entry's key is two words, participant and instrument; its values are three doubles. */
const KEY = 2;
const VALUES = 3;
const NET = 0;
/** And the open sells right behind. */
const OPEN = 1;
const FIRST_CAPACITY = 256;
/** A fill that is not in the table yet is three words: participant, instrument, and lots, negative where they were sold. */
const FILL = 3;
const MOST_FILLS = 1_024;

/** What a participant holds of an instrument through its deals. */
export interface Holding {
  readonly participantId: number;
  readonly instrumentId: number;
  /** Bought less sold. */
  readonly netLots: number;
}

/**
 * What participants hold of instruments, and what they have open there: a hash table without objects, open addressing, at most two
 * thirds full. A fill is only noted where it happens, and taken into the table with a thousand others, or when somebody asks: the code
 * on the way of each deal stays so small that V8 inlines all of it (measured: a fifth less time an intention than to look it up there).
 *
 * 1. Holdings are kept always: nobody knows today whom a limit is set for tomorrow. What is open is kept while a limit is set, and
 *    counted out of the negotiators when the first one is.
 * 2. Open is what may still deal: also what is reserved by an intention that was withdrawn.
 */
export class Exposures {
  /** Whether open lots are kept. */
  isWatching = false;
  private keys = new Int32Array(FIRST_CAPACITY * KEY);
  private values = new Float64Array(FIRST_CAPACITY * VALUES);
  private mask = FIRST_CAPACITY - 1;
  private size = 0;
  private readonly fills = new Int32Array(MOST_FILLS * FILL);
  private noted = 0;

  /** Bought less sold, in lots. */
  netLots(participantId: number, instrumentId: number): number {
    this.takeUp();
    const place = this.find(participantId, instrumentId);
    return this.keys[place * KEY] === 0 ? 0 : (this.values[place * VALUES + NET] as number); // in range
  }

  /** On one side. Means something only while open lots are kept. */
  openLots(participantId: number, instrumentId: number, side: number): number {
    const place = this.find(participantId, instrumentId);
    return this.keys[place * KEY] === 0 ? 0 : (this.values[place * VALUES + OPEN + side] as number); // in range
  }

  /** A fill of one side; lots are negative where they were sold. */
  dealt(participantId: number, instrumentId: number, lots: number): void {
    const { fills, noted } = this;
    fills[noted] = participantId;
    fills[noted + 1] = instrumentId;
    fills[noted + 2] = lots;
    this.noted = noted + FILL;
    if (this.noted === MOST_FILLS * FILL) this.takeUp();
  }

  /** Takes what was noted into the table. */
  private takeUp(): void {
    const { fills } = this;
    for (let at = 0; at < this.noted; at += FILL) {
      this.hold(fills[at] as number, fills[at + 1] as number, fills[at + 2] as number); // in range
    }
    this.noted = 0;
  }

  private hold(participantId: number, instrumentId: number, lots: number): void {
    const at = this.entry(participantId, instrumentId) * VALUES + NET;
    this.values[at] = (this.values[at] as number) + lots; // in range
  }

  /** So much more is open, or less. */
  opened(participantId: number, instrumentId: number, side: number, lots: number): void {
    const at = this.entry(participantId, instrumentId) * VALUES + OPEN + side;
    this.values[at] = (this.values[at] as number) + lots; // in range
  }

  /** Begins or ends to keep what is open. */
  watch(isWatching: boolean, negotiators: NegotiatorTable): void {
    if (isWatching === this.isWatching) return;
    this.isWatching = isWatching;
    if (isWatching) this.recount(negotiators);
  }

  /** Counts what is open out of the negotiators themselves. */
  recount(negotiators: NegotiatorTable): void {
    if (!this.isWatching) return;
    for (let at = 0; at < this.values.length; at += VALUES) this.values.fill(0, at + OPEN, at + VALUES);
    negotiators.forEachRow((row) => {
      const lots = negotiators.openLots(row);
      this.opened(negotiators.participantId(row), negotiators.instrumentId(row), negotiators.side(row), lots);
    });
  }

  /** What is held, by participant and then by instrument. */
  holdings(): Holding[] {
    this.takeUp();
    const found: Holding[] = [];
    for (let place = 0; place <= this.mask; place++) {
      const [participantId = 0, instrumentId = 0] = this.keys.subarray(place * KEY, place * KEY + KEY);
      const netLots = this.values[place * VALUES + NET] ?? 0;
      if (participantId !== 0 && netLots !== 0) found.push({ participantId, instrumentId, netLots });
    }
    return found.sort((one, other) => one.participantId - other.participantId || one.instrumentId - other.instrumentId);
  }

  /** Takes over what is held, from a snapshot. */
  load(holdings: readonly Holding[]): void {
    for (const { participantId, instrumentId, netLots } of holdings) {
      this.hold(participantId, instrumentId, netLots);
    }
  }

  private find(participantId: number, instrumentId: number): number {
    const { keys, mask } = this;
    let place = home(participantId, instrumentId) & mask;
    for (;;) {
      const found = keys[place * KEY];
      if (found === 0 || (found === participantId && keys[place * KEY + 1] === instrumentId)) return place;
      place = (place + 1) & mask;
    }
  }

  private entry(participantId: number, instrumentId: number): number {
    const place = this.find(participantId, instrumentId);
    return this.keys[place * KEY] === 0 ? this.add(participantId, instrumentId) : place;
  }

  private add(participantId: number, instrumentId: number): number {
    if (3 * (this.size + 1) > 2 * (this.mask + 1)) this.grow();
    this.size++;
    const place = this.find(participantId, instrumentId);
    this.keys[place * KEY] = participantId;
    this.keys[place * KEY + 1] = instrumentId;
    return place;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Int32Array(2 * keys.length);
    this.values = new Float64Array(2 * values.length);
    this.mask = this.keys.length / KEY - 1;
    for (let before = 0; before < keys.length / KEY; before++) {
      const [participantId = 0, instrumentId = 0] = keys.subarray(before * KEY, before * KEY + KEY);
      if (participantId === 0) continue;
      const place = this.find(participantId, instrumentId);
      this.keys[place * KEY] = participantId;
      this.keys[place * KEY + 1] = instrumentId;
      this.values.set(values.subarray(before * VALUES, before * VALUES + VALUES), place * VALUES);
    }
  }
}

/** Fibonacci hashing of both. */
function home(participantId: number, instrumentId: number): number {
  const mixed = Math.imul(participantId, 0x9e37_79b1) ^ Math.imul(instrumentId, 0x85eb_ca6b);
  return mixed ^ (mixed >>> 15);
}
