import type { Message } from '../negotiators/mailbox.js';

/**
 * What negotiators need of other shards. Both are requests that leave the turn: what comes of them comes back, if at all, as a
 * message of its own.
 */
export interface RemoteShards {
  /**
   * To a negotiator of another shard, once all that has been recorded so far is durable. May be lost, doubled, late or out of order. The
   * object is used again: what is kept of it is copied.
   */
  send(message: Message): void;
  /** Reads the deal's stream, which stands in the log of its initiator's shard. The answer is one of the `Ledger…` messages. */
  lookUp(responderId: number, initiatorId: number, dealNumber: number): void;
}

/** For a shard that stands alone. */
export const noRemoteShards: RemoteShards = { send: () => undefined, lookUp: () => undefined };
