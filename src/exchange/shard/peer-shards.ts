import type { DealDecision, ShardMessage } from '../../domain/handshake/shard-message.js';
import { Outcome } from '../../domain/terms.js';
import type { ShardLog } from '../../log/port.js';

/** The other shards, as far as one needs them. */
export interface PeerShards {
  /** Carries a message to the shard of its receiver. May lose, double, delay and reorder messages. */
  send(message: ShardMessage): void;
  /**
   * What the log of the initiator's shard says of a deal, or undefined where it says nothing yet. The reader may lag behind: what it
   * finds is the truth permanently, what it does not find proves nothing. Rejects when the log cannot be read; then it is asked again.
   */
  decisionOf(initiatorId: number, dealNumber: number): Promise<DealDecision | undefined>;
}

export const noPeerShards: PeerShards = { send: () => undefined, decisionOf: () => Promise.resolve(undefined) };

/** The decision of a deal: the first event of its stream, whatever a later writer may have added. */
export async function firstDecision(
  log: ShardLog,
  initiatorId: number,
  dealNumber: number,
): Promise<DealDecision | undefined> {
  for await (const { event } of log.readStream(`deal-${initiatorId}-${dealNumber}`)) {
    if (event.type === 'DealConfirmed') {
      const { priceTicks, quantityLots } = event;
      return { outcome: Outcome.Confirmed, priceTicks, quantityLots };
    }
    return { outcome: Outcome.Aborted, priceTicks: 0, quantityLots: 0 };
  }
  return undefined;
}
