import type { SwitchSet } from '../journal.generated.js';
import type { Timers } from '../negotiators/timers.js';

/** A dead man's switch: it lapses unless its participant sets it again in time. */
export interface Switch {
  readonly withinMs: number;
  readonly lapsesAtMs: number;
  /** When its earliest timer rings. One that rings before the switch lapses is set again. */
  timerMs: number;
}

/** Who has a switch. Each has one timer that rings no later than it lapses, however often it is set. */
export class Switches {
  private readonly byParticipant = new Map<number, Switch>();

  constructor(private readonly timers: Timers) {}

  get(participantId: number): Switch | undefined {
    return this.byParticipant.get(participantId);
  }

  set({ participantId, withinMs, lapsesAtMs }: Pick<SwitchSet, 'participantId' | 'withinMs' | 'lapsesAtMs'>): void {
    if (withinMs === 0) {
      this.byParticipant.delete(participantId);
      return;
    }
    const timerMs = this.get(participantId)?.timerMs ?? Number.POSITIVE_INFINITY;
    this.byParticipant.set(participantId, { withinMs, lapsesAtMs, timerMs });
    this.setTimer(participantId);
  }

  /** Sees to it that a timer rings in time. */
  setTimer(participantId: number): void {
    const found = this.get(participantId);
    if (found === undefined || found.timerMs <= found.lapsesAtMs) return;
    found.timerMs = found.lapsesAtMs;
    const nobody = { intentionId: 0, dealNumber: 0, initiatorId: 0 };
    this.timers.add({ dueMs: found.lapsesAtMs, kind: 'switch', ...nobody, participantId });
  }

  /** One of its timers has rung. */
  rang(participantId: number): void {
    const found = this.get(participantId);
    if (found !== undefined) found.timerMs = Number.POSITIVE_INFINITY;
  }

  lapsed(participantId: number): void {
    this.byParticipant.delete(participantId);
  }

  /** Participant, within, lapse, and earliest timer of each, by participant. */
  dump(): (readonly [number, number, number, number])[] {
    return [...this.byParticipant]
      .map(([id, { withinMs, lapsesAtMs, timerMs }]) => [id, withinMs, lapsesAtMs, timerMs] as const)
      .sort(([one], [other]) => one - other);
  }

  /** Takes over those of a snapshot; their timers come with all others. */
  load(dump: ReturnType<Switches['dump']>): void {
    for (const [participantId, withinMs, lapsesAtMs, timerMs] of dump) {
      this.byParticipant.set(participantId, { withinMs, lapsesAtMs, timerMs });
    }
  }
}
