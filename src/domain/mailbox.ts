/**
 * The messages that negotiators of one shard send each other, delivered in the order in which they were sent. A message is a row
 * of a ring of numbers, so that sending one costs no object.
 *
 * Each message names its receiver by id and, as a hint, by row: who delivers it checks that the row still belongs to that id.
 */
export const Message = {
  /** To a standing negotiator, from the board: somebody arrived whose limit crosses yours. */
  Announcement: 0,
  /** Initiator to responder. */
  Proposal: 1,
  /** Responder to initiator. Where others name a price, it says who the responder's participant is. */
  Acceptance: 2,
  Decline: 3,
  /** Initiator to responder: look at the ledger. */
  Confirmation: 4,
  Abort: 5,
  /** To a negotiator that was rebuilt from its stream. */
  Restarted: 6,
  /** To its partners, from whoever watches over it: the other side of your deal was rebuilt. */
  PartnerRestarted: 7,
  InitiatorDeadline: 8,
  ResponderDeadline: 9,
  /** Responder to an initiator in another shard: what became of your proposal? If nothing yet, let it be nothing. */
  Inquiry: 10,
  /** To a responder that has looked up a deal: what the log of its initiator's shard says, or that it says nothing so far. */
  LedgerConfirmed: 11,
  LedgerAborted: 12,
  LedgerSilent: 13,
} as const;

const WORDS = 6;
const KIND = 0;
const TO_ROW = 1;
const FROM_ROW = 2;
const DEAL_NUMBER = 3;
const PRICE = 4;
const LOTS = 5;
const FIRST_CAPACITY = 64;

export type Receive = (
  kind: number,
  toId: number,
  toRow: number,
  fromId: number,
  fromRow: number,
  dealNumber: number,
  priceTicks: number,
  lots: number,
) => void;

/** 1. Messages stand from `head` to `tail`; both only grow, and wrap around by the mask. */
export class Mailbox {
  private words = new Int32Array(FIRST_CAPACITY * WORDS);
  /** Receiver and sender. */
  private ids = new Float64Array(FIRST_CAPACITY * 2);
  private mask = FIRST_CAPACITY - 1;
  private head = 0;
  private tail = 0;

  get isEmpty(): boolean {
    return this.head === this.tail;
  }

  send(
    kind: number,
    toId: number,
    toRow: number,
    fromId: number,
    fromRow: number,
    dealNumber: number,
    priceTicks: number,
    lots: number,
  ): void {
    if (this.tail - this.head > this.mask) this.grow();
    const { words, ids } = this;
    const place = this.tail & this.mask;
    const at = place * WORDS;
    ids[2 * place] = toId;
    ids[2 * place + 1] = fromId;
    words[at + KIND] = kind;
    words[at + TO_ROW] = toRow;
    words[at + FROM_ROW] = fromRow;
    words[at + DEAL_NUMBER] = dealNumber;
    words[at + PRICE] = priceTicks;
    words[at + LOTS] = lots;
    this.tail++;
  }

  /** Takes the oldest message and hands its fields to the receiver. There must be one. */
  deliver(receive: Receive): void {
    const { words, ids } = this;
    const place = this.head & this.mask;
    const at = place * WORDS;
    this.head++;
    if (this.head === this.tail) {
      this.head = 0;
      this.tail = 0;
    }
    receive(
      words[at + KIND] as number, // a whole message stands there
      ids[2 * place] as number,
      words[at + TO_ROW] as number,
      ids[2 * place + 1] as number,
      words[at + FROM_ROW] as number,
      words[at + DEAL_NUMBER] as number,
      words[at + PRICE] as number,
      words[at + LOTS] as number,
    );
  }

  private grow(): void {
    const capacity = this.mask + 1;
    const words = new Int32Array(2 * capacity * WORDS);
    const ids = new Float64Array(4 * capacity);
    const count = this.tail - this.head;
    for (let index = 0; index < count; index++) {
      const place = (this.head + index) & this.mask;
      words.set(this.words.subarray(place * WORDS, (place + 1) * WORDS), index * WORDS);
      ids.set(this.ids.subarray(2 * place, 2 * place + 2), 2 * index);
    }
    this.words = words;
    this.ids = ids;
    this.mask = 2 * capacity - 1;
    this.head = 0;
    this.tail = count;
  }
}
