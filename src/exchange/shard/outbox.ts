import { Index } from '../../domain/ids.js';
import type { LookUp } from '../../domain/handshake/remote-messages.js';
import type { RemoteShards } from '../../domain/handshake/remote-shards.js';
import type { DealDecision, ShardMessage } from '../../domain/handshake/shard-message.js';
import { type Message, MessageKind } from '../../domain/negotiators/mailbox.js';
import type { Market } from '../../domain/market.js';
import type { Logger } from '../../resilience/logger.js';
import type { PeerShards } from './peer-shards.js';

const NO_TRADE = { instrument: '', side: 0 };

export interface OutboxEvents {
  /** Runs a task once all that has been recorded so far is durable. */
  whenDurable(task: () => void): void;
  /** The ledger has answered a responder; undefined where it is silent. */
  lookedUp(lookUp: LookUp, decision: DealDecision | undefined): void;
}

/**
 * A shard's messages to its neighbours, and its questions to their logs.
 *
 * 1. Append, then send: a message leaves once everything recorded before it was written is durable, and never when the log fails before.
 * 2. One question about a deal is under way at a time. One that fails is not answered: the responder's next deadline asks again.
 */
export class Outbox implements RemoteShards {
  private readonly asked = new Set<string>();

  constructor(
    private readonly market: Market,
    private readonly peers: PeerShards,
    private readonly logger: Logger,
    private readonly events: OutboxEvents,
  ) {}

  send({ kind, toId, fromId, dealNumber, priceTicks, lots, participantId }: Message): void {
    const participant = kind === MessageKind.Acceptance ? this.market.participantName(participantId) : '';
    const trade = kind === MessageKind.Proposal ? this.trade(fromId) : NO_TRADE;
    const message: ShardMessage = { kind, toId, fromId, dealNumber, priceTicks, lots, participant, ...trade };
    this.events.whenDurable(() => this.peers.send(message));
  }

  private trade(intentionId: number): typeof NO_TRADE {
    const { negotiators } = this.market;
    const row = negotiators.rowOf(intentionId);
    if (row === Index.None) return NO_TRADE;
    return { instrument: this.market.instrument(negotiators.instrumentId(row)).symbol, side: negotiators.side(row) };
  }

  lookUp(responderId: number, initiatorId: number, dealNumber: number): void {
    const deal = `${initiatorId}-${dealNumber}`;
    if (this.asked.has(deal)) return;
    this.asked.add(deal);
    this.peers
      .decisionOf(initiatorId, dealNumber)
      .then((decision) => {
        this.asked.delete(deal);
        this.events.lookedUp({ responderId, initiatorId, dealNumber }, decision);
      })
      .catch((error: unknown) => {
        this.asked.delete(deal);
        this.logger.warn({ err: error, deal }, 'the ledger of another shard cannot be read: it will be asked again');
      });
  }
}
