import { Index } from './ids.js';
import { Arrival } from './handshake/arrival.js';
import { Auction } from './board/auction.js';
import { FusedHandshake } from './handshake/fused-handshake.js';
import { Handshake } from './handshake/handshake.js';
import { Mailbox, type Message, MessageKind } from './negotiators/mailbox.js';
import type { Market } from './market.js';
import type { Recorder } from './recorder.js';
import { noRemoteShards, type RemoteShards } from './handshake/remote-shards.js';
import { Withdrawals } from './risk/withdrawals.js';
import { AbortReason } from './terms.js';

/**
 * The turns of a shard: takes the oldest message, finds its negotiator, and lets it act; where no message waits, the arrival or the
 * auction under way goes on.
 *
 * 1. One turn at a time, each to its end; messages are delivered in the order in which they were sent.
 */
export class Turns {
  readonly market: Market;
  readonly mailbox = new Mailbox();
  readonly handshake: Handshake;
  readonly arrival: Arrival;
  readonly auction: Auction;
  readonly withdrawals: Withdrawals;
  /** Whose turn it is, 0 once no message is waiting: when a turn throws, this is who failed. */
  receiverId = 0;

  constructor(
    readonly recorder: Recorder,
    private readonly remote: RemoteShards = noRemoteShards,
    /** Whether a handshake that nobody can come between is fused; no for those who come between all the same, as tests do. */
    readonly fusesHandshakes = true,
  ) {
    this.market = recorder.market;
    this.handshake = new Handshake(recorder, this.mailbox, remote);
    this.arrival = new Arrival(recorder, this.mailbox, fusesHandshakes ? new FusedHandshake(recorder) : undefined);
    this.auction = new Auction(recorder, this.mailbox);
    this.withdrawals = new Withdrawals(recorder);
  }

  /** Whether no message waits, and no arrival and no auction is under way. */
  get isIdle(): boolean {
    return this.mailbox.isEmpty && !this.arrival.isUnderWay && !this.auction.isUnderWay;
  }

  /** Runs until nothing is left to do, or until a handshake waits for a party that is being rebuilt. Throws what a negotiator throws. */
  run(): void {
    const { mailbox, arrival, auction, receive } = this;
    do {
      while (!mailbox.isEmpty) mailbox.deliver(receive);
      this.receiverId = 0;
    } while (arrival.advance() || auction.advance());
  }

  /** A party of the handshake under way was rebuilt or parked: what it was asked may be lost, so the arrival or auction asks again. */
  askAgain(): void {
    this.arrival.askAgain();
    this.auction.askAgain();
  }

  /** One turn: one message to one negotiator. One for a negotiator that is gone is dropped; the ledger answers in its stead. */
  readonly receive = (message: Message): void => {
    const { kind, toId, dealNumber } = message;
    const row = this.rowFor(toId, message.toRow);
    if (row === Index.None) {
      if (this.market.isRemote(toId)) this.remote.send(message);
      return;
    }
    const { handshake } = this;
    this.receiverId = toId;
    switch (kind) {
      case MessageKind.Announcement:
        return handshake.onAnnouncement(row, message);
      case MessageKind.Proposal:
        return handshake.onProposal(row, message);
      case MessageKind.Acceptance:
        return handshake.onAcceptance(row, message);
      case MessageKind.Decline:
        return handshake.onDecline(row, dealNumber, AbortReason.Declined);
      case MessageKind.Confirmation:
      case MessageKind.Abort:
        return handshake.onDecision(row, message.fromId, dealNumber);
      case MessageKind.Restarted:
      case MessageKind.PartnerRestarted:
        return handshake.onRestart(row);
      case MessageKind.InitiatorDeadline:
        return handshake.onDecline(row, dealNumber, AbortReason.InitiatorDeadline);
      case MessageKind.ResponderDeadline:
        return handshake.onResponderDeadline(row, message.fromId, dealNumber);
      case MessageKind.Inquiry:
        return handshake.onInquiry(row, message);
      case MessageKind.LedgerConfirmed:
      case MessageKind.LedgerAborted:
        return handshake.onLedger(row, message);
      case MessageKind.LedgerSilent:
        return handshake.onSilence(row, message.fromId, dealNumber);
      default:
        throw new Error(`no message has the kind ${kind}`);
    }
  };

  /** Rows are hints: they are given to others once their negotiator is gone. */
  private rowFor(id: number, hint: number): number {
    const { negotiators } = this.market;
    return hint !== Index.None && negotiators.id(hint) === id ? hint : negotiators.rowOf(id);
  }
}
