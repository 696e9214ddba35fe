import type * as Recorded from '../../src/domain/journal.generated.js';
import type { Instrument } from '../../src/domain/instrument.js';
import { Pricing, Side } from '../../src/domain/terms.js';
import { fromHex, toHex } from '../../src/events/bytes.js';
import type { PriceLevel } from '../book/book.js';
import { DirectoryFold } from '../directory/directory.js';
import { DealFold } from '../ledger/deal-fold.js';
import { type Holding, Holdings } from '../ledger/holdings.js';
import type { OpenDeal } from '../ledger/open-deals.js';
import { Status } from '../store/database/status.js';
import { IntentionTable, type PackedIntentions } from './intention-table.js';
import { type Column, type Dump, UnusableModelError } from './dump.js';

/** The latest deal of an instrument. */
export interface LastDeal {
  readonly instrumentId: number;
  readonly priceTicks: number;
  readonly position: number;
  readonly atMs: number;
}

/** Raised with every change of what a model holds: an older one is then passed over and the log folded. */
const FORMAT = 2;

type DumpedDeal = Omit<OpenDeal, 'next' | 'reservedBy'>;

interface Header {
  readonly format: number;
  readonly position: number;
  readonly atMs: number;
  readonly sealDigest: string;
  readonly counters: readonly [confirmed: number, aborted: number, late: number];
  readonly participants: readonly (readonly [participantId: number, name: string])[];
  readonly instruments: readonly Instrument[];
  readonly openDeals: readonly DumpedDeal[];
  readonly lastDeals: readonly LastDeal[];
}

/**
 * What there is to be read of one shard at one moment: instruments and participants, every intention that can still change, the deals in
 * flight, the last price of each instrument, and what everybody holds. Not what is over: closed intentions and deals, which are rows
 * of the query store.
 *
 * 1. It is a fold of the log and nothing more: at a position it is the same however it came there, in one go or from a dump of any
 *    earlier moment.
 * 2. `load` of a dump is equal to what was dumped, and equal models have equal dumps.
 * 3. A dump that ends with a sealed batch names the log it was made of: `sealDigest` is a digest of all the log before it.
 */
export class ReadModel extends DealFold {
  readonly directory = new DirectoryFold();
  intentions = IntentionTable.empty();
  readonly holdings = new Holdings();
  readonly lastDeals = new Map<number, LastDeal>();
  /** Digest of the latest sealed batch. */
  readonly sealDigest = new Uint8Array(32);

  /** All events before this position are in it. */
  get foldedTo(): number {
    return this.position + 1;
  }

  /** The best `depth` levels of a side, best first: what its open intentions with a limit have left, reserved or not. Looks at all that are open. */
  levels(instrumentId: number, side: number, depth = Number.POSITIVE_INFINITY): PriceLevel[] {
    const levels = new Map<number, { priceTicks: number; lots: number; intentions: number }>();
    this.intentions.scan((columns, row) => {
      if (columns.instrumentId[row] !== instrumentId || columns.side[row] !== side) return;
      if (columns.status[row] !== Status.Open || columns.pricing[row] !== Pricing.Limit) return;
      const priceTicks = columns.priceTicks[row] as number; // rows are in range
      const lots = (columns.quantityLots[row] as number) - (columns.filledLots[row] as number); // likewise
      const level = levels.get(priceTicks);
      if (level === undefined) levels.set(priceTicks, { priceTicks, lots, intentions: 1 });
      else {
        level.lots += lots;
        level.intentions++;
      }
    });
    const sign = side === Side.Buy ? -1 : 1;
    return [...levels.values()].sort((one, other) => sign * (one.priceTicks - other.priceTicks)).slice(0, depth);
  }

  override batchSealed({ digest }: Recorded.BatchSealed): void {
    this.sealDigest.set(digest);
  }

  override participantAdmitted(event: Recorded.ParticipantAdmitted): void {
    this.directory.participantAdmitted(event);
  }

  override instrumentListed(event: Recorded.InstrumentListed): void {
    this.directory.instrumentListed(event);
  }

  override phaseChanged(event: Recorded.PhaseChanged): void {
    this.directory.phaseChanged(event);
  }

  override intentionPosted(event: Recorded.IntentionPosted): void {
    this.intentions.post(event, this.position);
  }

  override intentionReduced(event: Recorded.IntentionReduced): void {
    this.intentions.reduce(event, this);
  }

  override intentionAmended(event: Recorded.IntentionAmended): void {
    this.intentions.amend(event, this.position);
  }

  override intentionWithdrawn(event: Recorded.IntentionWithdrawn): void {
    this.intentions.withdraw(event, this);
  }

  override intentionExpired(event: Recorded.IntentionExpired): void {
    this.intentions.expire(event, this);
  }

  override proposalMade(event: Recorded.ProposalMade): void {
    if (this.openDeals.propose(event, this)) this.intentions.reserve(event.intentionId, event.quantityLots);
  }

  override proposalAccepted(event: Recorded.ProposalAccepted): void {
    if (this.openDeals.accept(event, this)) this.intentions.reserve(event.intentionId, event.quantityLots);
  }

  override dealSettled(event: Recorded.DealSettled): void {
    this.intentions.settle(event, this.settle(event), this);
  }

  protected override filledRemotely({ intentionId, priceTicks, quantityLots }: Recorded.DealSettled): void {
    const responder = this.intentions.get(intentionId);
    if (responder !== undefined) this.holdings.add(responder, priceTicks, quantityLots);
  }

  protected override confirmed(deal: Recorded.DealConfirmed): void {
    const { instrumentId, priceTicks } = deal;
    this.holdings.addDeal(deal);
    this.lastDeals.set(instrumentId, { instrumentId, priceTicks, position: this.position, atMs: this.atMs });
  }

  /** What `load` makes the model of again. The object is the caller’s own. */
  dump(): Dump {
    const { columns, clientIds } = this.intentions.pack();
    const header: Header = {
      ...{ format: FORMAT, position: this.position, atMs: this.atMs, sealDigest: toHex(this.sealDigest) },
      counters: [this.dealsConfirmed, this.dealsAborted, this.lateDecisions],
      participants: [...this.directory.participants()],
      // The directory changes phases in place.
      instruments: this.directory.instruments().map((instrument) => ({ ...instrument })),
      openDeals: [...this.openDeals].map(dumpedDeal).sort(byDeal),
      lastDeals: [...this.lastDeals.values()].sort((one, other) => one.instrumentId - other.instrumentId),
    };
    const texts = { 'clientIds.bytes': clientIds.bytes, 'clientIds.lengths': clientIds.lengths };
    return { header: { ...header }, columns: { ...columns, ...texts, ...packedHoldings(this.holdings) } };
  }

  /** The model that was dumped. Throws UnusableModelError for one of another format. It goes on in the memory given. */
  static load({ header: any, columns }: Dump): ReadModel {
    const header = any as unknown as Header; // `dump` has made it
    if (header.format !== FORMAT) throw new UnusableModelError(`it has format ${header.format}`);
    const model = new ReadModel();
    model.restore(header);
    restoreHoldings(model.holdings, columns);
    const clientIds = { bytes: columns['clientIds.bytes'], lengths: columns['clientIds.lengths'] };
    model.intentions = IntentionTable.unpack({ columns, clientIds } as PackedIntentions); // likewise
    return model;
  }

  /** Another one, equal to this, that goes its own way. */
  copy(): ReadModel {
    const copy = new ReadModel();
    const { position, atMs, openDeals } = this;
    copy.restore({
      ...{ format: FORMAT, position, atMs, sealDigest: toHex(this.sealDigest) },
      counters: [this.dealsConfirmed, this.dealsAborted, this.lateDecisions],
      participants: [...this.directory.participants()],
      instruments: this.directory.instruments(),
      openDeals: [...openDeals].map(dumpedDeal),
      lastDeals: [...this.lastDeals.values()],
    });
    this.holdings.forEach((instrumentId, participantId, held) => {
      const to = copy.holdings.of(instrumentId, participantId);
      for (const total of totals) to[total].addExact(held[total].value);
    });
    copy.intentions = this.intentions.copy();
    return copy;
  }

  private restore(from: Header): void {
    this.position = from.position;
    this.atMs = from.atMs;
    this.sealDigest.set(fromHex(from.sealDigest));
    [this.dealsConfirmed, this.dealsAborted, this.lateDecisions] = from.counters;
    for (const [participantId, name] of from.participants) {
      this.directory.participantAdmitted({ ...UNTIMED, participantId, name });
    }
    for (const { phase, ...listed } of from.instruments) {
      this.directory.instrumentListed({ ...UNTIMED, ...listed });
      this.directory.phaseChanged({ ...UNTIMED, instrumentId: listed.instrumentId, phase });
    }
    for (const deal of from.openDeals) this.openDeals.restore(deal);
    for (const deal of from.lastDeals) this.lastDeals.set(deal.instrumentId, deal);
  }
}

/** Revisions are the log's, and the time is the model's. */
const UNTIMED = { revision: 0, atMs: 0 };

function dumpedDeal(deal: OpenDeal): DumpedDeal {
  const { initiatorId, dealNumber, responderId, proposedLots, acceptedLots } = deal;
  const { outcome, priceTicks, quantityLots, promisedPosition, promisedAtMs, decidedPosition } = deal;
  const { initiatorParticipantId, responderParticipantId } = deal;
  return {
    ...{ initiatorId, dealNumber, responderId, proposedLots, acceptedLots },
    ...{ outcome, priceTicks, quantityLots, promisedPosition, promisedAtMs, decidedPosition },
    ...{ initiatorParticipantId, responderParticipantId },
  };
}

function byDeal(one: DumpedDeal, other: DumpedDeal): number {
  return one.initiatorId - other.initiatorId || one.dealNumber - other.dealNumber;
}

/** A total is two words, for turnovers can be larger than one. */
const totals = [
  'boughtLots',
  'soldLots',
  'boughtTurnover',
  'soldTurnover',
] as const satisfies readonly (keyof Holding)[];
const WORDS = 2 * totals.length;
const WORD_BITS = 64n;

function packedHoldings(holdings: Holdings): Record<'holders' | 'holdings', Column> {
  const positions = holdings.positions();
  const holders = new Float64Array(2 * positions.length);
  const words = new BigUint64Array(WORDS * positions.length);
  positions.forEach(({ instrumentId, participantId }, index) => {
    const held = holdings.of(instrumentId, participantId);
    holders.set([instrumentId, participantId], 2 * index);
    totals.forEach((total, place) => {
      const { value } = held[total];
      words[WORDS * index + 2 * place] = value; // its low word
      words[WORDS * index + 2 * place + 1] = value >> WORD_BITS;
    });
  });
  return { holders, holdings: words };
}

function restoreHoldings(holdings: Holdings, columns: Readonly<Record<string, Column>>): void {
  const holders = columns.holders as Float64Array; // packed as such
  const words = columns.holdings as BigUint64Array; // likewise
  for (let index = 0; 2 * index < holders.length; index++) {
    const held = holdings.of(holders[2 * index] as number, holders[2 * index + 1] as number); // in range
    totals.forEach((total, place) => {
      const at = WORDS * index + 2 * place;
      held[total].addExact((words[at] as bigint) + ((words[at + 1] as bigint) << WORD_BITS)); // in range
    });
  }
}
