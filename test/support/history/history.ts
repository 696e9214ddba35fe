import { createHash } from 'node:crypto';
import { appendEvent, eventFromJson, streamOf, type Event } from '../../../src/events/event.js';
import { EventEncoder } from '../../../src/events/codec.generated.js';
import { IDS_PER_SHARD } from '../../../src/domain/ids.js';
import { toHex } from '../../../src/events/bytes.js';
import type { EventBatch } from '../../../src/events/fold.js';

type Named<Type extends Event['type']> = Extract<Event, { type: Type }>;
type Terms = Named<'IntentionPosted'>;
type Proposed = Pick<Named<'ProposalMade'>, 'counterpartyId' | 'priceTicks'>;
type Instrument = Named<'InstrumentListed'>;

/** Without what the history itself fills in. */
type Unnumbered<Recorded extends Event> = Recorded extends Event ? Omit<Recorded, 'version' | 'revision'> : never;

const second = { version: 2 };

const UNSEALED = '0'.repeat(64);

/**
 * A log built by hand, one event a call, for tests of what reads logs. It numbers revisions, intentions and deals, and seals
 * batches with the digests that belong to them; it knows nothing of matching, so it can tell lies too: `tamper`, `insert` and
 * `remove` change what was written, and the digests are made afterwards, as a forger would.
 */
export class History {
  readonly events: Event[] = [];
  private readonly revisions = new Map<string, number>();
  private readonly terms = new Map<number, Terms>();
  private readonly proposals = new Map<number, number>();
  private readonly open = new Map<string, Proposed>();
  private names = 0;
  private instruments = 0;
  private epoch = 0;
  /** Time of the next event; each takes one millisecond. */
  atMs = 1_700_000_000_000;

  constructor(readonly shard = 0) {
    this.start();
  }

  /** Position that the next event gets. */
  get head(): number {
    return this.events.length;
  }

  /** Position of the last event. */
  get last(): number {
    return this.events.length - 1;
  }

  /** Appends any event, with the revision its stream has come to. Returns its position. */
  append(event: Unnumbered<Event>): number {
    const numbered = { version: 1, revision: 0, ...event } as Event; // every event has exactly these two besides its own
    const stream = streamOf(numbered, this.shard);
    const revision = this.revisions.get(stream) ?? 0;
    this.revisions.set(stream, revision + 1);
    this.events.push({ ...numbered, revision });
    return this.last;
  }

  start(): number {
    return this.append({ type: 'ShardStarted', shard: this.shard, epoch: ++this.epoch, atMs: this.atMs++ });
  }

  /** An operator went on without what the log once held. */
  acceptLoss(knownPosition: number, evidence: string): number {
    return this.append({ type: 'LossAccepted', knownPosition, evidence, atMs: this.atMs++ });
  }

  /** The writer stops after the last event, wherever that is, and another takes over. Returns the position of its ShardStarted. */
  restart(): number {
    this.seal();
    return this.start();
  }

  /** Ends the batch, unless it is empty. */
  seal(): void {
    if (this.events.at(-1)?.type !== 'BatchSealed') this.append({ type: 'BatchSealed', digest: UNSEALED });
  }

  /** Returns the participant's number. */
  admit(name: string): number {
    const participantId = ++this.names;
    this.append({ type: 'ParticipantAdmitted', participantId, name, atMs: this.atMs++ });
    return participantId;
  }

  /** Lists an instrument with two decimals in price, none in quantity, and a wide band. Returns its number. */
  list(symbol: string, rules: Partial<Instrument> = {}): number {
    const instrumentId = rules.instrumentId ?? ++this.instruments;
    this.append({
      type: 'InstrumentListed',
      symbol,
      priceDecimals: 2,
      tickSize: 1,
      quantityDecimals: 0,
      lotSize: 1,
      minPriceTicks: 1,
      maxPriceTicks: 1_000_000,
      priceRule: 'standing',
      selfTrade: 'allow',
      atMs: this.atMs++,
      ...rules,
      instrumentId,
    });
    return instrumentId;
  }

  phase(instrumentId: number, phase: 'call' | 'continuous'): number {
    return this.append({ type: 'PhaseChanged', instrumentId, phase, atMs: this.atMs++ });
  }

  uncross(instrumentId: number, priceTicks: number, volumeLots: number): number {
    return this.append({ type: 'AuctionUncrossed', instrumentId, priceTicks, volumeLots, atMs: this.atMs++ });
  }

  /** Posts an intention, good till cancelled unless said otherwise. Without a price it is a market one. Returns its number. */
  post(
    participantId: number,
    instrumentId: number,
    side: 'buy' | 'sell',
    priceTicks: number | undefined,
    quantityLots: number,
    more: Partial<Terms> = {},
  ): number {
    const intentionId = this.shard * IDS_PER_SHARD + this.terms.size + 1;
    const position = this.append({
      type: 'IntentionPosted',
      intentionId,
      clientIntentionId: `c-${intentionId}`,
      participantId,
      instrumentId,
      side,
      pricing: priceTicks === undefined ? 'market' : 'limit',
      priceTicks: priceTicks ?? 0,
      quantityLots,
      timeInForce: priceTicks === undefined ? 'ioc' : 'gtc',
      postOnly: false,
      expiresAtMs: 0,
      atMs: this.atMs++,
      ...more,
    });
    this.terms.set(intentionId, this.events[position] as Terms); // appended just now
    return intentionId;
  }

  /** Returns the deal's number. */
  propose(initiatorId: number, counterpartyId: number, priceTicks: number, quantityLots: number): number {
    const dealNumber = (this.proposals.get(initiatorId) ?? 0) + 1;
    this.proposals.set(initiatorId, dealNumber);
    const position = this.append({
      type: 'ProposalMade',
      intentionId: initiatorId,
      dealNumber,
      counterpartyId,
      priceTicks,
      quantityLots,
    });
    this.open.set(`${initiatorId}-${dealNumber}`, this.events[position] as Named<'ProposalMade'>); // appended just now
    return dealNumber;
  }

  /** A proposal of another shard arrives. It stands in the log there, so nothing is written; from here on it can be answered. */
  hear(initiatorId: number, dealNumber: number, counterpartyId: number, priceTicks: number): void {
    this.open.set(`${initiatorId}-${dealNumber}`, { counterpartyId, priceTicks });
  }

  accept(initiatorId: number, dealNumber: number, quantityLots: number): number {
    const { counterpartyId, priceTicks } = this.proposal(initiatorId, dealNumber);
    return this.append({
      type: 'ProposalAccepted',
      intentionId: counterpartyId,
      initiatorId,
      dealNumber,
      priceTicks,
      quantityLots,
    });
  }

  decline(initiatorId: number, dealNumber: number, reason: Named<'ProposalDeclined'>['reason']): number {
    const { counterpartyId } = this.proposal(initiatorId, dealNumber);
    return this.append({ type: 'ProposalDeclined', intentionId: counterpartyId, initiatorId, dealNumber, reason });
  }

  /** The other's participant is to be given when it lives in another shard. */
  confirm(initiatorId: number, dealNumber: number, quantityLots: number, participantId?: number): number {
    const { counterpartyId, priceTicks } = this.proposal(initiatorId, dealNumber);
    const initiator = this.termsOf(initiatorId);
    return this.append({
      type: 'DealConfirmed',
      initiatorId,
      dealNumber,
      responderId: counterpartyId,
      instrumentId: initiator.instrumentId,
      initiatorSide: initiator.side,
      initiatorParticipantId: initiator.participantId,
      responderParticipantId: participantId ?? this.termsOf(counterpartyId).participantId,
      priceTicks,
      quantityLots,
    });
  }

  abort(initiatorId: number, dealNumber: number, reason: Named<'DealAborted'>['reason']): number {
    const { counterpartyId } = this.proposal(initiatorId, dealNumber);
    return this.append({ type: 'DealAborted', initiatorId, dealNumber, responderId: counterpartyId, reason });
  }

  /** One side takes over the decision; a quantity of 0 is an abort. */
  settle(intentionId: number, initiatorId: number, dealNumber: number, quantityLots: number): number {
    const { priceTicks } = this.proposal(initiatorId, dealNumber);
    const outcome = quantityLots > 0 ? 'confirmed' : 'aborted';
    return this.append({
      type: 'DealSettled',
      intentionId,
      initiatorId,
      dealNumber,
      outcome,
      priceTicks,
      quantityLots,
    });
  }

  /** A whole handshake. Returns the position of its proposal; the four events after it follow at once. */
  deal(
    initiatorId: number,
    responderId: number,
    priceTicks: number,
    quantityLots: number,
    offered = quantityLots,
  ): number {
    const position = this.head;
    const dealNumber = this.propose(initiatorId, responderId, priceTicks, offered);
    this.accept(initiatorId, dealNumber, quantityLots);
    this.confirm(initiatorId, dealNumber, quantityLots);
    this.settle(initiatorId, initiatorId, dealNumber, quantityLots);
    this.settle(responderId, initiatorId, dealNumber, quantityLots);
    return position;
  }

  /** A handshake that is declined. Returns the position of its proposal. */
  refusal(initiatorId: number, responderId: number, priceTicks: number, quantityLots: number): number {
    const position = this.head;
    const dealNumber = this.propose(initiatorId, responderId, priceTicks, quantityLots);
    this.decline(initiatorId, dealNumber, 'doubt');
    this.abort(initiatorId, dealNumber, 'declined');
    this.settle(initiatorId, initiatorId, dealNumber, 0);
    return position;
  }

  /** In the first version, unless the command has an id of its client. */
  reduce(intentionId: number, byLots: number, clientCommandId?: string): number {
    const event = { type: 'IntentionReduced', intentionId, byLots, atMs: this.atMs++ } as const;
    return this.append(clientCommandId === undefined ? event : { ...event, ...second, clientCommandId });
  }

  amend(intentionId: number, priceTicks: number, openLots: number, clientCommandId?: string): number {
    const event = { type: 'IntentionAmended', intentionId, priceTicks, openLots, atMs: this.atMs++ } as const;
    return this.append(clientCommandId === undefined ? event : { ...event, ...second, clientCommandId });
  }

  withdraw(intentionId: number, reason: Named<'IntentionWithdrawn'>['reason'] = 'requested'): number {
    return this.append({ type: 'IntentionWithdrawn', intentionId, reason, atMs: this.atMs++ });
  }

  expire(intentionId: number): number {
    return this.append({ type: 'IntentionExpired', intentionId, atMs: this.atMs++ });
  }

  /** Changes fields of an event that was written. */
  tamper(position: number, fields: Readonly<Record<string, unknown>>): void {
    this.events[position] = eventFromJson({ ...this.eventAt(position), ...fields });
  }

  /** The log ends here, sealed. */
  truncate(length: number): void {
    this.events.length = length;
    this.renumber();
    this.seal();
  }

  /** Takes an event out as if it had never been, revisions and all. */
  remove(position: number): void {
    this.events.splice(position, 1);
    this.renumber();
  }

  /** Slips an event in as if it had always been there. */
  insert(position: number, event: Unnumbered<Event>): void {
    this.events.splice(position, 0, { version: 1, revision: 0, ...event } as Event); // every event has these two
    this.renumber();
  }

  eventAt(position: number): Event {
    const event = this.events[position];
    if (event === undefined) throw new RangeError(`nothing stands at position ${position}`);
    return event;
  }

  /** The batches as a log would give them: sealed, digests and all. Seals the last one. */
  batches(): EventBatch[] {
    this.seal();
    const batches: EventBatch[] = [];
    let digest: Uint8Array = new Uint8Array(32);
    for (let from = 0; from < this.events.length;) {
      let until = from + 1;
      while (this.eventAt(until - 1).type !== 'BatchSealed') until++;
      const encoder = new EventEncoder(4096);
      for (const event of this.events.slice(from, until - 1)) appendEvent(encoder, event);
      digest = createHash('sha256').update(digest).update(encoder.bytes.subarray(0, encoder.at)).digest();
      encoder.batchSealed({ revision: this.eventAt(until - 1).revision, digest });
      this.events[until - 1] = { ...this.eventAt(until - 1), digest: toHex(digest) } as Named<'BatchSealed'>; // it ended the loop
      batches.push({ firstPosition: from, count: until - from, bytes: encoder.bytes.slice(0, encoder.at) });
      from = until;
    }
    return batches;
  }

  private renumber(): void {
    this.revisions.clear();
    for (const [position, event] of this.events.entries()) {
      const stream = streamOf(event, this.shard);
      const revision = this.revisions.get(stream) ?? 0;
      this.revisions.set(stream, revision + 1);
      this.events[position] = { ...event, revision };
    }
  }

  private proposal(initiatorId: number, dealNumber: number): Proposed {
    const proposal = this.open.get(`${initiatorId}-${dealNumber}`);
    if (proposal === undefined) throw new RangeError(`deal ${initiatorId}-${dealNumber} was never proposed`);
    return proposal;
  }

  private termsOf(intentionId: number): Terms {
    const terms = this.terms.get(intentionId);
    if (terms === undefined) throw new RangeError(`intention ${intentionId} was never posted`);
    return terms;
  }
}

/** A batch with other bytes in it, as a damaged or a doctored disk would give. */
export function withByte(batch: EventBatch, offset: number, value: number): EventBatch {
  const bytes = batch.bytes.slice();
  bytes[offset] = value;
  return { ...batch, bytes };
}
