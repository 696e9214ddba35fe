import { Index } from '../ids.js';

/** What negotiators of one shard say to each other, and what they are told by those who watch over them. */
export const enum MessageKind {
  /** To a standing negotiator, from the board: somebody arrived whose limit crosses yours. */
  Announcement = 0,
  /** Initiator to responder. */
  Proposal = 1,
  /** Responder to initiator. */
  Acceptance = 2,
  Decline = 3,
  /** Initiator to responder: look at the ledger. */
  Confirmation = 4,
  Abort = 5,
  /** To a negotiator that was rebuilt from its stream. */
  Restarted = 6,
  /** To its partners, from the supervisor: the other side of your deal was rebuilt. */
  PartnerRestarted = 7,
  InitiatorDeadline = 8,
  ResponderDeadline = 9,
  /** Responder to an initiator in another shard: how was your proposal decided? If it is undecided, abort it. */
  Inquiry = 10,
  /** To a responder that has looked up a deal: what the log of its initiator's shard says, or that it says nothing so far. */
  LedgerConfirmed = 11,
  LedgerAborted = 12,
  LedgerSilent = 13,
}

/**
 * One message. It names its receiver and its sender by id and, as a hint, by row: who delivers it checks that the row still belongs to
 * that id. What a kind does not say is 0.
 */
export class Message {
  kind = 0;
  toId = 0;
  toRow: number = Index.None;
  /** 0 where no negotiator sends it. */
  fromId = 0;
  fromRow: number = Index.None;
  /** With the id of its initiator, the deal's id. */
  dealNumber = 0;
  priceTicks = 0;
  lots = 0;
  /** Who the responder belongs to. */
  participantId = 0;
}

/** Tests set it: each message is filled with nonsense once it has been delivered, so that a handler that keeps one is found out. */
export const spoiling = { isOn: false };

function spoil(message: Message): void {
  for (const field of Object.keys(message) as (keyof Message)[]) message[field] = Number.NaN; // all of them are numbers
}

export type Receive = (message: Message) => void;

const FIRST_CAPACITY = 64;

/**
 * The messages within a shard, delivered in the order in which they were sent: a ring of objects that are used again, so that a
 * message costs no memory.
 *
 * 1. The message under delivery keeps its place in the ring until the next one is delivered.
 */
export class Mailbox {
  private ring = Array.from({ length: FIRST_CAPACITY }, () => new Message());
  private head = 0;
  private count = 0;

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** The next message: the caller fills in what its kind says, and sends it before it drafts another. */
  draft(kind: number, toId: number, toRow: number): Message {
    if (this.count === this.ring.length - 1) this.grow();
    const message = this.ring[(this.head + this.count) & (this.ring.length - 1)] as Message; // within the ring
    message.kind = kind;
    message.toId = toId;
    message.toRow = toRow;
    message.fromId = 0;
    message.fromRow = Index.None;
    message.dealNumber = 0;
    message.priceTicks = 0;
    message.lots = 0;
    message.participantId = 0;
    return message;
  }

  /** Sends what was drafted last. */
  send(_message: Message): void {
    this.count++;
  }

  /** Hands the oldest message to the receiver. There must be one. */
  deliver(receive: Receive): void {
    const message = this.ring[this.head] as Message; // within the ring
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count--;
    receive(message);
    if (spoiling.isOn) spoil(message);
  }

  private grow(): void {
    const { ring, head, count } = this;
    const waiting = Array.from({ length: count }, (_, index) => ring[(head + index) & (ring.length - 1)] as Message); // likewise
    this.ring = [...waiting, ...Array.from({ length: 2 * ring.length - count }, () => new Message())];
    this.head = 0;
  }
}
