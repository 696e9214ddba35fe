/** Looks now and then whether the topics still have the settings that the log needs. */
import type { TopicFinding } from '../../../infra/kafka/topics/topic-settings.js';
import type { Logger } from '../../resilience/logger.js';
import { LogRefusedError } from '../../log/port.js';

const HOUR_MS = 3_600_000;

export class TopicWatch {
  /** What would lose events, as it was last seen. */
  trouble: string | undefined;
  private told = '';
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly check: () => Promise<readonly TopicFinding[]>,
    private readonly logger: Logger,
  ) {}

  /** Looks for the first time, and every hour from then on. Rejects with LogRefusedError for what would lose events. */
  async start(): Promise<void> {
    await this.look();
    if (this.trouble !== undefined) throw new LogRefusedError(this.trouble);
    this.timer = setInterval(() => {
      this.look().catch((error: unknown) => {
        this.logger.warn({ err: error }, 'the topics’ settings cannot be checked just now');
      });
    }, HOUR_MS).unref();
  }

  end(): void {
    clearInterval(this.timer);
  }

  /** Tells what it finds, unless it has told just that. */
  async look(): Promise<void> {
    const findings = await this.check();
    this.trouble = findings.find(({ losesEvents }) => losesEvents)?.says;
    const all = findings.map(({ says }) => says).join('\n');
    if (all === this.told) return;
    this.told = all;
    for (const { topic, setting, says, losesEvents } of findings) {
      this.logger[losesEvents ? 'error' : 'warn']({ topic, setting }, says);
    }
  }
}
