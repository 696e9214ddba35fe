import { KafkaClient } from '../../../infra/kafka/protocol/client.js';
import { LogUnreachableError } from '../../../src/log/port.js';

/** A real connection to a real broker that can lose the answer to one commit, or the commit itself. */
export class FailingKafkaClient extends KafkaClient {
  private plan: { readonly stored: boolean } | undefined;

  /** `stored`: the broker is asked, and its answer lost; otherwise it is never asked. */
  failNextCommit(stored: boolean): void {
    this.plan = { stored };
  }

  override async endTransaction(...args: Parameters<KafkaClient['endTransaction']>): Promise<void> {
    const { plan } = this;
    this.plan = undefined;
    if (plan === undefined || plan.stored) await super.endTransaction(...args);
    if (plan !== undefined) throw new LogUnreachableError('the connection was cut, as planned');
  }
}
