/** What a log says of switches and limits: what was taken beyond a limit, and what a switch still owes. */
import type { Event } from '../../../src/events/event.js';

export interface GuardFacts {
  /** I12: at each post, no more is open than its participant may have. */
  readonly findings: readonly string[];
  /** I13, once nothing is left to happen: a switch that has not lapsed, and what is open in spite of one that has. */
  readonly owed: readonly string[];
  readonly hasRefused: boolean;
  /** Whether a switch lapsed while its participant's intention held something for a deal. */
  readonly hasLapsedAmidDeal: boolean;
}

interface Standing {
  readonly participantId: number;
  lots: number;
  reserving: number;
}

/** Reads a log from its beginning, event by event. */
class GuardReading {
  private readonly open = new Map<number, Standing>();
  private readonly mostOpen = new Map<number, number>();
  private readonly set = new Set<number>();
  private readonly owing = new Set<number>();
  readonly findings: string[] = [];
  hasRefused = false;
  hasLapsedAmidDeal = false;

  get owed(): string[] {
    return [
      ...[...this.set].map((participantId) => `I13: the switch of participant ${participantId} never lapses`),
      ...[...this.owing].map((id) => `I13: intention ${id} is still open, though its participant’s switch has lapsed`),
    ];
  }

  take(event: Event): void {
    switch (event.type) {
      case 'SwitchSet':
        this.set.add(event.participantId);
        break;
      case 'SwitchLapsed':
        this.lapse(event.participantId);
        break;
      case 'LimitsSet':
        this.mostOpen.set(event.participantId, Number(event.openQuantity));
        break;
      case 'PostRefused':
        this.hasRefused = true;
        break;
      case 'IntentionPosted':
        this.open.set(event.intentionId, {
          participantId: event.participantId,
          lots: event.quantityLots,
          reserving: 0,
        });
        this.mustBeWithin(event.participantId);
        break;
      case 'ProposalMade':
      case 'ProposalAccepted':
        this.reserve(event.intentionId, 1);
        break;
      case 'DealSettled':
        this.reserve(event.intentionId, -1);
        this.fill(event.intentionId, event.quantityLots);
        break;
      case 'IntentionWithdrawn':
        this.close(event.intentionId);
        break;
      default:
    }
  }

  private lapse(participantId: number): void {
    this.set.delete(participantId);
    for (const [id, standing] of this.open) {
      if (standing.participantId !== participantId) continue;
      this.owing.add(id);
      if (standing.reserving > 0) this.hasLapsedAmidDeal = true;
    }
  }

  private mustBeWithin(participantId: number): void {
    const most = this.mostOpen.get(participantId);
    const own = [...this.open.values()].filter((standing) => standing.participantId === participantId);
    const lots = own.reduce((sum, standing) => sum + standing.lots, 0);
    if (most !== undefined && lots > most) {
      this.findings.push(`I12: participant ${participantId} has ${lots} lots open, and may have ${most}`);
    }
  }

  private reserve(id: number, deals: 1 | -1): void {
    const standing = this.open.get(id);
    if (standing !== undefined) standing.reserving += deals;
  }

  private fill(id: number, lots: number): void {
    const standing = this.open.get(id);
    if (standing === undefined) return;
    standing.lots -= lots;
    if (standing.lots === 0) this.close(id);
  }

  private close(id: number): void {
    this.open.delete(id);
    this.owing.delete(id);
  }
}

export function guardFactsOf(events: readonly Event[]): GuardFacts {
  const reading = new GuardReading();
  for (const event of events) reading.take(event);
  const { findings, owed, hasRefused, hasLapsedAmidDeal } = reading;
  return { findings, owed, hasRefused, hasLapsedAmidDeal };
}
