import type { LimitsSet, PostRefused } from '../journal.generated.js';
import { PostRefusal } from '../terms.js';

const SECOND_MS = 1_000;

/** The limits of a participant in one instrument, or (instrument 0) in each instrument on its own. */
export interface Limit {
  readonly participantId: number;
  readonly instrumentId: number;
  /** Plain decimals; empty: no limit. */
  readonly openQuantity: string;
  readonly netPosition: string;
  /** 0: no limit. */
  readonly intentionsPerSecond: number;
  readonly halted: boolean;
  /** The second in which it was posted last, counted from 1970, and how many in it. */
  second: number;
  postedInSecond: number;
}

/**
 * The limits that operators have set.
 *
 * 1. Limits for every instrument and for one hold both: neither takes the other off.
 * 2. A limit that limits nothing is none.
 */
export class Limits {
  /** Whether there is any: all that a post asks where there is none. */
  isAny = false;
  private readonly byParticipant = new Map<number, Map<number, Limit>>();
  /** The second of the latest refusal by a rate that was recorded, by participant. */
  private readonly rateRefusals = new Map<number, number>();

  /** Those that hold for a participant in an instrument: none, one or two. */
  holding(participantId: number, instrumentId: number): readonly Limit[] {
    const own = this.byParticipant.get(participantId);
    if (own === undefined) return [];
    return [own.get(0), own.get(instrumentId)].filter((limit) => limit !== undefined);
  }

  set({ participantId, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted }: LimitsSet): void {
    const own = this.byParticipant.get(participantId) ?? new Map<number, Limit>();
    if (openQuantity === '' && netPosition === '' && intentionsPerSecond === 0 && !halted) own.delete(instrumentId);
    else {
      const terms = { participantId, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted };
      own.set(instrumentId, Object.assign(terms, { second: 0, postedInSecond: 0 }));
    }
    if (own.size > 0) this.byParticipant.set(participantId, own);
    else this.byParticipant.delete(participantId);
    this.isAny = this.byParticipant.size > 0;
  }

  /** The entry itself, as it was set. */
  entry(participantId: number, instrumentId: number): Limit | undefined {
    return this.byParticipant.get(participantId)?.get(instrumentId);
  }

  posted(participantId: number, instrumentId: number, atMs: number): void {
    for (const limit of this.holding(participantId, instrumentId)) {
      const second = secondOf(atMs);
      limit.postedInSecond = limit.second === second ? limit.postedInSecond + 1 : 1;
      limit.second = second;
    }
  }

  refused({ participantId, code, atMs }: PostRefused): void {
    if (code === PostRefusal.Rate) this.rateRefusals.set(participantId, secondOf(atMs));
  }

  /** Whether a refusal by a rate has been recorded in this second. */
  hasRefusedRate(participantId: number, atMs: number): boolean {
    return this.rateRefusals.get(participantId) === secondOf(atMs);
  }

  /** By participant, then by instrument. */
  all(): Limit[] {
    const all = [...this.byParticipant.values()].flatMap((own) => [...own.values()]);
    return all.sort((one, other) => one.participantId - other.participantId || one.instrumentId - other.instrumentId);
  }

  dump(): { limits: readonly Limit[]; rateRefusals: readonly (readonly [number, number])[] } {
    return { limits: this.all(), rateRefusals: [...this.rateRefusals] };
  }

  load({ limits, rateRefusals }: ReturnType<Limits['dump']>): void {
    for (const limit of limits) {
      this.set({ revision: 0, withdraws: false, atMs: 0, ...limit });
      Object.assign(this.entry(limit.participantId, limit.instrumentId) ?? {}, limit);
    }
    for (const [participantId, second] of rateRefusals) this.rateRefusals.set(participantId, second);
  }
}

export function secondOf(atMs: number): number {
  return Math.floor(atMs / SECOND_MS);
}
