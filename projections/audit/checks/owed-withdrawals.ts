import type * as Recorded from '../../../src/domain/journal.generated.js';
import { WithdrawReason } from '../../../src/domain/terms.js';
import type { AuditedIntention } from '../state/records.js';
import type { AuditState } from '../state/state.js';

/** What must be withdrawn, since an event said so. */
interface Owing {
  readonly reason: number;
  readonly position: number;
  readonly intentions: Set<AuditedIntention>;
}

/**
 * Checks dead man's switches, and what they and halts withdraw (I13): a switch lapses when its time has come, and neither before nor
 * later than the next command; what was open is withdrawn, in parts between which commands may come, but each as soon as the clock has
 * moved on; and nothing is withdrawn so that no lapse and no halt has named.
 */
export class OwedWithdrawals {
  private readonly switches = new Map<number, number>();
  /** No switch lapses before this. */
  private nextLapseMs = Number.POSITIVE_INFINITY;
  private owing: Owing[] = [];
  /** Time of the latest of them, or of the event that asked for it. */
  private latestMs = 0;

  constructor(private readonly state: AuditState) {}

  switchSet({ participantId, withinMs, lapsesAtMs, atMs }: Recorded.SwitchSet): void {
    if (!this.state.participants.has(participantId)) {
      this.state.report(
        'UNKNOWN_PARTICIPANT',
        `a switch is set for participant ${participantId}, who was never admitted`,
      );
    }
    const due = withinMs === 0 ? 0 : atMs + withinMs;
    if (lapsesAtMs !== due) {
      this.state.report('SWITCH_UNFOUNDED', `a switch of ${withinMs} ms set at ${atMs} lapses at ${lapsesAtMs}`);
    }
    if (withinMs === 0) this.switches.delete(participantId);
    else this.switches.set(participantId, lapsesAtMs);
    this.nextLapseMs = Math.min(this.nextLapseMs, withinMs === 0 ? Number.POSITIVE_INFINITY : lapsesAtMs);
  }

  lapsed({ participantId, atMs }: Recorded.SwitchLapsed): void {
    const lapsesAtMs = this.switches.get(participantId);
    if (lapsesAtMs === undefined || lapsesAtMs > atMs) {
      const how = lapsesAtMs === undefined ? 'has none' : `has one that lapses at ${lapsesAtMs}`;
      this.state.report(
        'SWITCH_UNFOUNDED',
        `the switch of participant ${participantId} lapsed at ${atMs}, which ${how}`,
      );
    }
    this.switches.delete(participantId);
    this.owe(WithdrawReason.SwitchLapsed, participantId, 0, atMs);
  }

  limitsSet({ participantId, instrumentId, withdraws, atMs }: Recorded.LimitsSet): void {
    if (withdraws) this.owe(WithdrawReason.Halted, participantId, instrumentId, atMs);
  }

  private owe(reason: number, participantId: number, instrumentId: number, atMs: number): void {
    const intentions = new Set<AuditedIntention>();
    for (const intention of this.state.intentions.all()) {
      if (!intention.isOpen || intention.participantId !== participantId) continue;
      if (instrumentId === 0 || intention.instrument.id === instrumentId) intentions.add(intention);
    }
    this.owing.push({ reason, position: this.state.position, intentions });
    this.latestMs = atMs;
  }

  /** Before it is taken up. */
  withdrawn({ intentionId, reason, atMs }: Recorded.IntentionWithdrawn): void {
    if (reason !== WithdrawReason.SwitchLapsed && reason !== WithdrawReason.Halted) return;
    this.latestMs = atMs;
    const intention = this.state.intentions.get(intentionId);
    const isOwed = ({ reason: owed, intentions }: Owing): boolean =>
      owed === reason && intention !== undefined && intentions.has(intention);
    if (this.owing.some(isOwed)) return;
    const asked = reason === WithdrawReason.SwitchLapsed ? 'no switch has lapsed' : 'no halt was to withdraw it';
    this.state.report('WITHDRAWAL_UNFOUNDED', `intention ${intentionId} was withdrawn so although ${asked}`);
  }

  /** A command of this time is taken. */
  command(atMs: number): void {
    if (atMs >= this.nextLapseMs) this.mustHaveLapsed(atMs);
    if (this.owing.length === 0 || atMs <= this.latestMs) return;
    for (const { position, intentions } of this.unfinished()) {
      const [first] = intentions;
      const what = `intention ${String(first?.id)} is open, though position ${position} has it withdrawn`;
      this.state.report('I13_NOT_WITHDRAWN', `a command was taken at ${atMs} while ${what}`);
    }
    this.owing = [];
  }

  private mustHaveLapsed(atMs: number): void {
    for (const [participantId, lapsesAtMs] of this.switches) {
      if (lapsesAtMs > atMs) continue;
      const what = `the switch of participant ${participantId} should have lapsed at ${lapsesAtMs}`;
      this.state.report('I13_NOT_LAPSED', `a command was taken at ${atMs}, and ${what}`);
      this.switches.delete(participantId); // said once
    }
    this.nextLapseMs = Math.min(Number.POSITIVE_INFINITY, ...this.switches.values());
  }

  private unfinished(): Owing[] {
    return this.owing
      .map((owing) => ({ ...owing, intentions: new Set([...owing.intentions].filter(({ isOpen }) => isOpen)) }))
      .filter(({ intentions }) => intentions.size > 0);
  }

  /** At the head of the log: what is left to be withdrawn. */
  reportUnderWay(): void {
    for (const { position, intentions } of this.unfinished()) {
      const what = `${intentions.size} intentions are left that position ${position} has withdrawn`;
      this.state.reportAtHead('WITHDRAWALS_UNDER_WAY', position, what);
    }
  }
}
