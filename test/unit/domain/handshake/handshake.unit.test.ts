import { ByteCursor } from '../../../../src/events/bytes.js';
import { describe, expect, it } from 'vitest';
import { DealInFlight } from '../../../../src/domain/handshake/deals.js';
import { Message } from '../../../../src/domain/negotiators/mailbox.js';
import { Market } from '../../../../src/domain/market.js';
import { Recorder } from '../../../../src/domain/recorder.js';
import { Turns } from '../../../../src/domain/turns.js';
import { Pricing, Side, WithdrawReason } from '../../../../src/domain/terms.js';
import { EventEncoder } from '../../../../src/events/codec.generated.js';
import { decodeEvent, type Event } from '../../../../src/events/event.js';
import { type MessageName, messageKinds } from '../../../support/message-kinds.js';
import { limitPost } from '../../../support/reference/limit-post.js';
import { plainTerms } from '../../../support/reference/engine-harness.js';

const NOBODY = -1;
const SELLER = 1;
const BUYER = 2;
const AT_MS = 1_700_000_000_000;

interface Sent {
  readonly kind: MessageName;
  readonly to: number;
  readonly from: number;
  readonly deal: number;
  readonly lots: number;
}

const nameOf = (kind: number): MessageName =>
  Object.entries(messageKinds).find(([, value]) => (value as number) === kind)?.[0] as MessageName; // the mailbox takes no others

/**
 * Two real negotiators and a real mailbox, with nobody who delivers: each test says which message arrives when, how often, or never.
 * Intention 1 stands and sells 10 lots at 100; intention 2 arrives and buys 6 at 101.
 */
class Table {
  readonly market = new Market();
  private readonly journal = new EventEncoder(4_096);
  readonly recorder = new Recorder(this.market, this.journal, 0);
  private readonly turns = new Turns(this.recorder);
  private readonly mailbox = this.turns.mailbox;
  private readonly outbox: Sent[] = [];
  private told = 0;

  constructor(terms: { sells?: number; buys?: number; buysAt?: number | undefined } = {}) {
    const { sells = 10, buys = 6, buysAt = 101 } = terms;
    this.recorder.instrumentListed(1, plainTerms, AT_MS);
    this.recorder.participantAdmitted(1, 'alice', AT_MS);
    this.recorder.participantAdmitted(2, 'bob', AT_MS);
    const first = {
      clientIntentionId: 'a',
      participant: 'alice',
      side: Side.Sell,
      priceTicks: 100,
      quantityLots: sells,
    };
    this.recorder.intentionPosted(limitPost(first), 1, AT_MS);
    const pricing = 'buysAt' in terms && terms.buysAt === undefined ? Pricing.Market : Pricing.Limit;
    const limit = pricing === Pricing.Market ? 0 : buysAt;
    const second = {
      clientIntentionId: 'b',
      participant: 'bob',
      side: Side.Buy,
      priceTicks: limit,
      quantityLots: buys,
    };
    this.recorder.intentionPosted(limitPost({ ...second, pricing }), 2, AT_MS);
    this.news();
  }

  /** Sends a message as if it came from the other side, or from the board, and delivers it. Returns what was recorded. */
  deliver(kind: MessageName, to: number, fields: { deal?: number; price?: number; lots?: number } = {}): Event[] {
    const { deal = 1, price = 100, lots = 0 } = fields;
    const from = to === SELLER ? BUYER : SELLER;
    const message = this.mailbox.draft(messageKinds[kind], to, this.row(to));
    const said = { fromId: from, fromRow: this.row(from), dealNumber: deal, lots };
    const participantId = kind === 'Acceptance' ? 2 : 0;
    this.mailbox.send(Object.assign(message, said, { priceTicks: price, participantId }));
    this.mailbox.deliver(this.turns.receive);
    while (!this.mailbox.isEmpty) {
      this.mailbox.deliver((sent) => {
        this.outbox.push({
          kind: nameOf(sent.kind),
          to: sent.toId,
          from: sent.fromId,
          deal: sent.dealNumber,
          lots: sent.lots,
        });
      });
    }
    return this.news();
  }

  announce(lots = 6, price = 100): Event[] {
    return this.deliver('Announcement', SELLER, { deal: 0, price, lots });
  }

  /** The messages that were sent since the last time of asking. */
  get sent(): Sent[] {
    return this.outbox.splice(0);
  }

  row(id: number): number {
    return this.market.negotiators.rowOf(id);
  }

  /** What has been recorded since the last time of asking. */
  news(): Event[] {
    const cursor = new ByteCursor(this.journal.bytes, 0, this.journal.at);
    const events = Array.from({ length: this.journal.count }, () => decodeEvent(cursor));
    const news = events.slice(this.told);
    this.told = events.length;
    return news;
  }

  /** Open, filled and reserved lots; undefined once it is gone. */
  holds(id: number): { open: number; filled: number; reserved: number } | undefined {
    const row = this.row(id);
    if (row === NOBODY) return undefined;
    const { negotiators } = this.market;
    return {
      open: negotiators.openLots(row),
      filled: negotiators.filledLots(row),
      reserved: negotiators.reservedLots(row),
    };
  }

  // How far the handshake has come.

  proposed(lots = 6): this {
    this.announce(lots);
    return this.forget();
  }

  accepted(): this {
    this.proposed();
    this.deliver('Proposal', BUYER, { lots: 6 });
    return this.forget();
  }

  /** Records that the first deal is confirmed, whether it is still in flight or not. */
  confirm(lots: number): void {
    const deal = Object.assign(new DealInFlight(), { initiatorId: SELLER, dealNumber: 1, responderId: BUYER });
    deal.priceTicks = 100;
    this.recorder.dealConfirmed(this.row(SELLER), deal, { participantId: 2, lots });
  }

  /** The decision is in the deal’s stream, and the initiator has not settled it. */
  decided(): this {
    this.accepted();
    this.confirm(6);
    return this.forget();
  }

  /** The initiator has confirmed and settled; the responder has not heard of it. */
  confirmed(): this {
    this.accepted();
    this.deliver('Acceptance', SELLER, { lots: 6 });
    return this.forget();
  }

  settled(): this {
    this.confirmed();
    this.deliver('Confirmation', BUYER);
    return this.forget();
  }

  /** As `confirmed`, but the initiator gave up waiting. */
  abortedByInitiator(): this {
    this.accepted();
    this.deliver('InitiatorDeadline', SELLER);
    return this.forget();
  }

  private forget(): this {
    this.outbox.length = 0;
    this.news();
    return this;
  }
}

const confirmation = { type: 'DealConfirmed', initiatorId: 1, dealNumber: 1, responderId: 2, priceTicks: 100 };
const settled = (intentionId: number, quantityLots: number): object => ({
  type: 'DealSettled',
  intentionId,
  initiatorId: 1,
  dealNumber: 1,
  outcome: quantityLots > 0 ? 'confirmed' : 'aborted',
  quantityLots,
});

describe('the initiator', () => {
  it('An open initiator proposes on an announcement that crosses, and reserves no more than both can deal', () => {
    const table = new Table();
    expect(table.announce(6)).toMatchObject([
      { type: 'ProposalMade', intentionId: 1, dealNumber: 1, counterpartyId: 2, priceTicks: 100, quantityLots: 6 },
    ]);
    expect(table.sent).toEqual([{ kind: 'Proposal', to: BUYER, from: SELLER, deal: 1, lots: 6 }]);
    expect(table.holds(SELLER)).toEqual({ open: 10, filled: 0, reserved: 6 });

    const small = new Table({ sells: 4 });
    expect(small.announce(6)).toMatchObject([{ type: 'ProposalMade', quantityLots: 4 }]);
  });

  it.each([
    { why: 'the price is beyond its limit', price: 99, lots: 6 },
    { why: 'the other has nothing left', price: 100, lots: 0 },
  ])('An open initiator does nothing when $why', ({ price, lots }) => {
    const table = new Table();
    expect(table.announce(lots, price)).toEqual([]);
    expect(table.sent).toEqual([]);
  });

  it('An initiator that has proposed does nothing on another announcement', () => {
    const table = new Table().proposed();
    expect(table.announce()).toEqual([]);
    expect(table.sent).toEqual([]);
  });

  it.each(['Restarted', 'PartnerRestarted'] as const)(
    'An initiator that has proposed sends the same proposal again when %s',
    (kind) => {
      const table = new Table().proposed();
      expect(table.deliver(kind, SELLER)).toEqual([]);
      expect(table.sent).toEqual([{ kind: 'Proposal', to: BUYER, from: SELLER, deal: 1, lots: 6 }]);
      expect(table.holds(SELLER)).toEqual({ open: 10, filled: 0, reserved: 6 });
    },
  );

  it('An initiator that has proposed aborts when it restarts and its responder is gone', () => {
    const table = new Table().proposed();
    table.recorder.intentionWithdrawn(table.row(BUYER), WithdrawReason.Requested, AT_MS);
    table.news();
    expect(table.deliver('Restarted', SELLER)).toMatchObject([
      { type: 'DealAborted', reason: 'recovery' },
      settled(1, 0),
    ]);
    expect(table.holds(SELLER)).toEqual({ open: 10, filled: 0, reserved: 0 });
  });

  it('An initiator that has proposed confirms what was accepted, settles, and tells the responder, in this order', () => {
    const table = new Table().accepted();
    expect(table.deliver('Acceptance', SELLER, { lots: 6 })).toMatchObject([
      { ...confirmation, quantityLots: 6 },
      settled(1, 6),
    ]);
    expect(table.sent).toEqual([{ kind: 'Confirmation', to: BUYER, from: SELLER, deal: 1, lots: 6 }]);
    expect(table.holds(SELLER)).toEqual({ open: 4, filled: 6, reserved: 0 });
  });

  it('An initiator that has proposed frees what was not accepted', () => {
    const table = new Table({ buys: 4 }).proposed(6);
    table.deliver('Proposal', BUYER, { lots: 6 });
    table.deliver('Acceptance', SELLER, { lots: 4 });
    expect(table.holds(SELLER)).toEqual({ open: 6, filled: 4, reserved: 0 });
  });

  it('An initiator that has proposed is gone once an acceptance fills it', () => {
    const table = new Table({ sells: 6 }).accepted();
    table.deliver('Acceptance', SELLER, { lots: 6 });
    expect(table.holds(SELLER)).toBeUndefined();
  });

  it('An initiator that has proposed throws on an acceptance of more than it proposed, and has recorded nothing', () => {
    const table = new Table().accepted();
    expect(() => table.deliver('Acceptance', SELLER, { lots: 7 })).toThrow(/7 lots/);
    expect(table.news()).toEqual([]);
  });

  it.each([
    { kind: 'Decline', reason: 'declined' },
    { kind: 'InitiatorDeadline', reason: 'initiatorDeadline' },
  ] as const)('An initiator that has proposed aborts and frees all on $kind', ({ kind, reason }) => {
    const table = new Table().proposed();
    expect(table.deliver(kind, SELLER)).toMatchObject([
      { type: 'DealAborted', initiatorId: 1, dealNumber: 1, responderId: 2, reason },
      settled(1, 0),
    ]);
    expect(table.sent).toEqual([{ kind: 'Abort', to: BUYER, from: SELLER, deal: 1, lots: 0 }]);
    expect(table.holds(SELLER)).toEqual({ open: 10, filled: 0, reserved: 0 });
  });

  it.each(['Decline', 'InitiatorDeadline', 'Acceptance'] as const)(
    'An initiator that has proposed takes no notice of %s about another deal of its',
    (kind) => {
      const table = new Table().proposed();
      expect(table.deliver(kind, SELLER, { deal: 7, lots: 6 })).toEqual([]);
      expect(table.holds(SELLER)).toMatchObject({ reserved: 6 });
    },
  );

  it.each(['Acceptance', 'Decline', 'InitiatorDeadline', 'Restarted'] as const)(
    'An initiator that has decided settles as the deal stream says, whatever comes: %s',
    (kind) => {
      const table = new Table().decided();
      expect(table.deliver(kind, SELLER, { lots: 6 })).toMatchObject([settled(1, 6)]);
      expect(table.sent).toEqual([{ kind: 'Confirmation', to: BUYER, from: SELLER, deal: 1, lots: 6 }]);
      expect(table.holds(SELLER)).toEqual({ open: 4, filled: 6, reserved: 0 });
    },
  );

  it('An initiator that has decided takes over the abort of a responder that was quicker, though the acceptance is there', () => {
    const table = new Table().accepted();
    table.deliver('ResponderDeadline', BUYER);
    expect(table.deliver('Acceptance', SELLER, { lots: 6 })).toMatchObject([settled(1, 0)]);
    expect(table.sent).toEqual([{ kind: 'Abort', to: BUYER, from: SELLER, deal: 1, lots: 0 }]);
    expect(table.holds(SELLER)).toEqual({ open: 10, filled: 0, reserved: 0 });
  });

  it.each([
    { how: 'confirmed', to: (table: Table) => table.settled(), again: 'Confirmation', lots: 6 },
    { how: 'aborted', to: (table: Table) => table.abortedByInitiator(), again: 'Abort', lots: 0 },
  ])(
    'An initiator whose deal is over tells the decision again on a duplicate acceptance of the deal it $how last',
    ({ to, again, lots }) => {
      const table = to(new Table());
      expect(table.deliver('Acceptance', SELLER, { lots: 6 })).toEqual([]);
      expect(table.sent).toEqual([{ kind: again, to: BUYER, from: SELLER, deal: 1, lots }]);
    },
  );

  it.each(['Decline', 'InitiatorDeadline', 'Restarted', 'PartnerRestarted'] as const)(
    'An initiator whose deal is over does nothing on %s',
    (kind) => {
      const table = new Table().settled();
      expect(table.deliver(kind, SELLER)).toEqual([]);
      expect(table.sent).toEqual([]);
      expect(table.holds(SELLER)).toEqual({ open: 4, filled: 6, reserved: 0 });
    },
  );

  it('An initiator whose deal is over gives its next deal the next number', () => {
    const table = new Table().settled();
    expect(table.announce(1)).toMatchObject([{ type: 'ProposalMade', dealNumber: 2 }]);
  });

  it('An initiator that was withdrawn meanwhile keeps its promise, proposes nothing new, and is gone when the deal is settled', () => {
    const table = new Table().accepted();
    table.recorder.intentionWithdrawn(table.row(SELLER), WithdrawReason.Requested, AT_MS);
    table.news();
    expect(table.holds(SELLER)).toEqual({ open: 6, filled: 0, reserved: 6 });
    expect(table.announce()).toEqual([]);
    expect(table.deliver('Acceptance', SELLER, { lots: 6 })).toMatchObject([
      { ...confirmation, quantityLots: 6 },
      settled(1, 6),
    ]);
    expect(table.holds(SELLER)).toBeUndefined();
  });
});

describe('the responder', () => {
  it('An open responder accepts a proposal that fits, reserves, and is in doubt', () => {
    const table = new Table().proposed();
    expect(table.deliver('Proposal', BUYER, { lots: 6 })).toMatchObject([
      { type: 'ProposalAccepted', intentionId: 2, initiatorId: 1, dealNumber: 1, priceTicks: 100, quantityLots: 6 },
    ]);
    expect(table.sent).toEqual([{ kind: 'Acceptance', to: SELLER, from: BUYER, deal: 1, lots: 6 }]);
    expect(table.holds(BUYER)).toEqual({ open: 6, filled: 0, reserved: 6 });
  });

  it('An open responder accepts no more than it wants', () => {
    const table = new Table({ buys: 4 }).proposed(10);
    expect(table.deliver('Proposal', BUYER, { lots: 10 })).toMatchObject([
      { type: 'ProposalAccepted', quantityLots: 4 },
    ]);
  });

  it('An open responder accepts any price when it is a market intention', () => {
    const table = new Table({ buysAt: undefined }).proposed();
    expect(table.deliver('Proposal', BUYER, { lots: 6, price: 1_000 })).toMatchObject([{ type: 'ProposalAccepted' }]);
  });

  it('An open responder declines a price beyond its limit, and reserves nothing', () => {
    const table = new Table({ buysAt: 99 }).proposed();
    expect(table.deliver('Proposal', BUYER, { lots: 6, price: 100 })).toMatchObject([
      { type: 'ProposalDeclined', intentionId: 2, initiatorId: 1, dealNumber: 1, reason: 'price' },
    ]);
    expect(table.sent).toEqual([{ kind: 'Decline', to: SELLER, from: BUYER, deal: 1, lots: 0 }]);
    expect(table.holds(BUYER)).toEqual({ open: 6, filled: 0, reserved: 0 });
  });

  it('An open responder declines when all it wants is reserved for other deals', () => {
    const table = new Table().proposed();
    table.recorder.proposalAccepted(table.row(BUYER), { fromId: 9, dealNumber: 1, priceTicks: 100 }, 6);
    table.news();
    expect(table.deliver('Proposal', BUYER, { lots: 6 })).toMatchObject([
      { type: 'ProposalDeclined', reason: 'nothingLeft' },
    ]);
  });

  it('A responder that was withdrawn meanwhile declines what is new, and settles what it has accepted', () => {
    const table = new Table().accepted();
    table.recorder.intentionWithdrawn(table.row(BUYER), WithdrawReason.Requested, AT_MS);
    table.recorder.proposalMade(table.row(SELLER), { fromId: BUYER, priceTicks: 100 }, 1);
    table.news();
    expect(table.deliver('Proposal', BUYER, { deal: 2, lots: 1 })).toMatchObject([
      { type: 'ProposalDeclined', dealNumber: 2, reason: 'nothingLeft' },
    ]);
    table.confirm(6);
    table.news();
    expect(table.deliver('Confirmation', BUYER)).toMatchObject([settled(2, 6)]);
    expect(table.holds(BUYER)).toBeUndefined();
  });

  it.each([1, 2, 5])(
    'A responder that has accepted answers %i copies of the proposal with the same acceptance, and records none',
    (copies) => {
      const table = new Table().accepted();
      for (let copy = 0; copy < copies; copy++) {
        expect(table.deliver('Proposal', BUYER, { lots: 6 })).toEqual([]);
        expect(table.sent).toEqual([{ kind: 'Acceptance', to: SELLER, from: BUYER, deal: 1, lots: 6 }]);
      }
      expect(table.holds(BUYER)).toEqual({ open: 6, filled: 0, reserved: 6 });
    },
  );

  it.each(['Confirmation', 'Abort'] as const)(
    'A responder that has accepted takes no one’s word for it: a %s that the ledger does not know changes nothing',
    (kind) => {
      const table = new Table().accepted();
      expect(table.deliver(kind, BUYER, { lots: 6 })).toEqual([]);
      expect(table.holds(BUYER)).toEqual({ open: 6, filled: 0, reserved: 6 });
    },
  );

  it.each(['Confirmation', 'Abort', 'Restarted', 'PartnerRestarted', 'ResponderDeadline'] as const)(
    'A responder that has accepted settles as the ledger says, on %s',
    (kind) => {
      const table = new Table({ buys: 8 }).confirmed();
      expect(table.deliver(kind, BUYER)).toMatchObject([settled(2, 6)]);
      expect(table.sent).toEqual([]);
      expect(table.holds(BUYER)).toEqual({ open: 2, filled: 6, reserved: 0 });
    },
  );

  it.each(['Confirmation', 'Abort', 'Restarted', 'ResponderDeadline'] as const)(
    'A responder that has accepted frees what it reserved when the ledger says aborted, on %s',
    (kind) => {
      const table = new Table().abortedByInitiator();
      expect(table.deliver(kind, BUYER)).toMatchObject([settled(2, 0)]);
      expect(table.holds(BUYER)).toEqual({ open: 6, filled: 0, reserved: 0 });
    },
  );

  it('A responder that has accepted aborts by its own deadline where the ledger holds no decision, and settles', () => {
    const table = new Table().accepted();
    expect(table.deliver('ResponderDeadline', BUYER)).toMatchObject([
      { type: 'DealAborted', initiatorId: 1, dealNumber: 1, responderId: 2, reason: 'responderDeadline' },
      settled(2, 0),
    ]);
    expect(table.holds(BUYER)).toEqual({ open: 6, filled: 0, reserved: 0 });
  });

  it('A responder that has accepted waits after a restart for its initiator to go on', () => {
    const table = new Table().accepted();
    expect(table.deliver('Restarted', BUYER)).toEqual([]);
    expect(table.sent).toEqual([]);
    expect(table.holds(BUYER)).toEqual({ open: 6, filled: 0, reserved: 6 });
  });

  it('A responder whose deal is over takes no notice of copies of anything', () => {
    const table = new Table({ buys: 8 }).settled();
    for (const kind of ['Proposal', 'Confirmation', 'Abort', 'ResponderDeadline', 'Restarted'] as const) {
      expect({ kind, recorded: table.deliver(kind, BUYER, { lots: 6 }) }).toEqual({ kind, recorded: [] });
      expect(table.sent).toEqual([]);
    }
    expect(table.holds(BUYER)).toEqual({ open: 2, filled: 6, reserved: 0 });
  });

  it('A responder whose deal is over takes no notice of a proposal whose deal was aborted before it came', () => {
    const table = new Table().proposed();
    table.deliver('InitiatorDeadline', SELLER);
    table.news();
    expect(table.deliver('Proposal', BUYER, { lots: 6 })).toEqual([]);
    expect(table.holds(BUYER)).toEqual({ open: 6, filled: 0, reserved: 0 });
  });
});

describe('both sides', () => {
  it('Both sides drop messages to somebody who is gone', () => {
    const table = new Table({ sells: 6 }).settled();
    expect(table.holds(SELLER)).toBeUndefined();
    expect(table.holds(BUYER)).toBeUndefined();
    for (const kind of Object.keys(messageKinds) as MessageName[]) {
      expect(table.deliver(kind, SELLER, { lots: 1 })).toEqual([]);
      expect(table.deliver(kind, BUYER, { lots: 1 })).toEqual([]);
    }
    expect(table.sent).toEqual([]);
  });

  it('Both sides let the first decision stand: one that comes late is counted and changes nothing', () => {
    const table = new Table().abortedByInitiator();
    table.confirm(6);
    expect(table.market.lateDecisions).toBe(1);
    table.news();
    expect(table.deliver('Confirmation', BUYER)).toMatchObject([settled(2, 0)]);
    expect(table.market).toMatchObject({ dealsConfirmed: 0, dealsAborted: 1, lotsDealt: 0 });
    expect(table.market.deals.size).toBe(0);
  });

  it('Both sides throw on a message of no known kind', () => {
    const table = new Table();
    const { receive } = new Turns(table.recorder);
    expect(() => {
      receive(Object.assign(new Message(), { kind: 99, toId: SELLER, toRow: 0 }));
    }).toThrow('no message has the kind 99');
  });
});
