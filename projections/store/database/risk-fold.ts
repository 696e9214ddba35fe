import type * as Recorded from '../../../src/domain/journal.generated.js';
import { NoopHandler } from '../../../src/events/handlers.generated.js';
import type { DirectoryFold } from '../../directory/directory.js';
import { timeText } from '../../directory/views.js';
import { isUnlimited, limitTermsView, type LimitsView, mergedLimits, type SwitchView } from '../queries/risk-views.js';

/** The switch and the limits of one participant. */
export class RiskFold extends NoopHandler {
  private set: SwitchView | undefined;
  private readonly limited = new Map<number, LimitsView>();

  constructor(
    private readonly directory: DirectoryFold,
    private readonly participant: string,
  ) {
    super();
  }

  get switches(): readonly SwitchView[] {
    return this.set === undefined ? [] : [this.set];
  }

  get limits(): readonly LimitsView[] {
    return mergedLimits([[...this.limited.values()]]);
  }

  override switchSet({ participantId, withinMs, lapsesAtMs }: Recorded.SwitchSet): void {
    if (!this.isOwn(participantId)) return;
    const { participant } = this;
    this.set = withinMs === 0 ? undefined : { participant, withinMs, lapsesAt: timeText(lapsesAtMs) };
  }

  override switchLapsed({ participantId }: Recorded.SwitchLapsed): void {
    if (this.isOwn(participantId)) this.set = undefined;
  }

  override limitsSet(event: Recorded.LimitsSet): void {
    if (!this.isOwn(event.participantId)) return;
    const limits = { participant: this.participant, ...limitTermsView(this.directory, event) };
    if (isUnlimited(event)) this.limited.delete(event.instrumentId);
    else this.limited.set(event.instrumentId, limits);
  }

  private isOwn(participantId: number): boolean {
    return this.directory.participantId(this.participant) === participantId;
  }
}
