import type { NegotiatorTable } from '../negotiators/negotiator-table.js';

/** What an event says must be withdrawn: all that a participant had open before it. */
export interface Owed {
  readonly participantId: number;
  /** 0: in every instrument. */
  readonly instrumentId: number;
  /** A WithdrawReason. */
  readonly reason: number;
  /** Position of the event: what was posted later stays. */
  readonly before: number;
}

/**
 * The withdrawals that the log owes: it says that they follow, and a crash may come before them. Of each kind the latest is remembered
 * permanently; once it is carried out, nothing that it means is open any more.
 */
export class OwedWithdrawals {
  private readonly latest = new Map<string, Owed>();

  add(owed: Owed): void {
    const { participantId, instrumentId, reason } = owed;
    this.latest.set(`${participantId} ${instrumentId} ${reason}`, owed);
  }

  /** By position. */
  all(): Owed[] {
    return [...this.latest.values()].sort((one, other) => one.before - other.before);
  }
}

/** The open intentions that are meant, in the order in which they were posted. */
export function intentionsOwed(negotiators: NegotiatorTable, owed: Owed): number[] {
  const { participantId, instrumentId, before } = owed;
  const ids: number[] = [];
  negotiators.forEachRow((row) => {
    if (negotiators.participantId(row) !== participantId || negotiators.isClosing(row)) return;
    if (instrumentId !== 0 && negotiators.instrumentId(row) !== instrumentId) return;
    if (negotiators.postedPosition(row) < before) ids.push(negotiators.id(row));
  });
  return ids.sort((one, other) => one - other);
}
