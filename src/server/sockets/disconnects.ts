import type { ExchangePort } from '../../exchange/port.js';
import { Backoff } from '../../resilience/backoff.js';
import type { ServerContext } from '../context.js';

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 2_000;
/** About half a minute. */
const MOST_TRIES = 20;

/**
 * Withdraws what participants have open whose connection has ended, where that was asked for on it.
 *
 * 1. Of one participant one withdrawal is under way, and one more stands for all that were asked for meanwhile.
 * 2. One that a shard does not answer is tried again for about half a minute, less where the server stops; then that is logged.
 */
export class Disconnects {
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly next = new Map<string, Promise<void>>();

  constructor(private readonly context: Pick<ServerContext, 'exchange' | 'logger' | 'lifecycle'>) {}

  /** Resolves once what is open now has been withdrawn, or that was given up; never rejects. */
  withdraw(participant: string): Promise<void> {
    const planned = this.next.get(participant);
    if (planned !== undefined) return planned;
    const before = this.underWay.get(participant);
    if (before === undefined) return this.begin(participant);
    const next = before.then(() => {
      this.next.delete(participant);
      return this.begin(participant);
    });
    this.next.set(participant, next);
    return next;
  }

  private begin(participant: string): Promise<void> {
    const run = this.run(participant).finally(() => this.underWay.delete(participant));
    this.underWay.set(participant, run);
    return run;
  }

  private async run(participant: string): Promise<void> {
    const { logger, lifecycle } = this.context;
    const backoff = new Backoff({ firstMs: FIRST_PAUSE_MS, lastMs: LAST_PAUSE_MS });
    for (;;) {
      const answer = await this.ask(participant);
      if (answer.ok) return;
      const isLast = answer.code !== 'SHARD_UNAVAILABLE' || backoff.failures + 1 >= MOST_TRIES;
      if (isLast || lifecycle.cutting.aborted) {
        logger.error({ participant, ...answer }, 'a connection ended, and what was to be withdrawn may stand');
        return;
      }
      await backoff.wait(lifecycle.cutting);
    }
  }

  private async ask(participant: string): Promise<Awaited<ReturnType<ExchangePort['withdrawAll']>>> {
    try {
      return await this.context.exchange.withdrawAll({ participant, reason: 'disconnected' });
    } catch (error) {
      return { ok: false, code: 'SHARD_UNAVAILABLE', detail: String(error) };
    }
  }
}
