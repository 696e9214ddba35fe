/**
 * Reports to the registry how this member stands.
 *
 * 1. One report is under way at a time; what changes meanwhile is reported right after it.
 * 2. While the registry takes no reports, the member tries again only when it is asked to, which every heartbeat does.
 */
import type { Logger } from '../../resilience/logger.js';
import type { MemberReport, Registry } from './registry.js';

export interface AnnouncerOptions {
  readonly registry: Registry;
  readonly logger: Logger;
  /** The member as it stands now; undefined when there is nothing to report: before its start, and after its end. */
  readonly report: () => MemberReport | undefined;
}

export class Announcer {
  /** Something has changed that no report has said yet. */
  isDue = false;
  /** The report under way, if one is. Never rejects. */
  underWay: Promise<void> | undefined;
  /** Of the last report. */
  sequence = 0;
  private isRegistryAway = false;

  constructor(private readonly options: AnnouncerOptions) {}

  announce(): void {
    this.isDue = true;
    if (this.underWay !== undefined || this.options.report() === undefined) return;
    this.underWay = this.announceOnce().finally(() => {
      this.underWay = undefined;
      if (this.isDue && !this.isRegistryAway) this.announce();
    });
  }

  private async announceOnce(): Promise<void> {
    const { registry, logger, report } = this.options;
    this.isDue = false;
    this.sequence++;
    const told = report();
    if (told === undefined) return;
    try {
      await registry.announce(told);
      if (this.isRegistryAway) logger.info({}, 'the cluster’s registry takes reports again');
      this.isRegistryAway = false;
    } catch (error) {
      if (!this.isRegistryAway) logger.warn({ err: error }, 'the cluster’s registry takes no reports');
      this.isRegistryAway = true;
    }
  }
}
