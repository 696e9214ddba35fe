import type * as Recorded from '../../src/domain/journal.generated.js';
import { formatPrice, formatQuantity, type Instrument } from '../../src/domain/instrument.js';
import { Outcome, Pricing, sideNames, withdrawReasonNames } from '../../src/domain/terms.js';
import { nameOf, shownInstrument, timeText } from '../directory/views.js';
import { dealName } from '../ledger/deal-name.js';
import { ReadModel } from '../model/read-model.js';
import type { CandleTable } from '../tape/candles.js';
import { Status } from '../store/database/status.js';
import type { OwnEvent, StreamMessage, TradeMessage } from './messages.js';
import { postedView, showsCounterparties, stateOf, takerSideOf } from './own-events.js';
import { joinListener, type OwnListener, type TradeListener } from './listeners.js';
import { limitsSaid, refusalSaid, switchSaid } from './own-risk.js';
import { StreamedBook } from './streamed-book.js';

/** An instrument that is streamed. */
export type StreamedInstrument = Readonly<Instrument>;

/** What a message says beside whose it is, and when. */
type Said<Message = OwnEvent> = Message extends OwnEvent
  ? Omit<Message, 'channel' | 'position' | 'shard' | 'participant' | 'at'>
  : never;

const NONE = -1;

/**
 * Turns the events of a shard into what streams say of them.
 *
 * 1. What is said of an event depends on the events before it alone, so it is the same whenever it is said, live or to a reader that has
 *    been away.
 * 2. Nothing is made for which there is no listener.
 * 3. Books are kept of those instruments alone that somebody tracks.
 */
export class StreamFold extends ReadModel {
  private readonly trades = new Map<string, Set<TradeListener>>();
  private readonly owners = new Map<string, Set<OwnListener>>();
  private readonly ofAll = new Set<OwnListener>();
  private readonly books = new Map<number, StreamedBook>();
  /** The deals of each minute, where somebody has asked for them. */
  minutes: CandleTable | undefined;

  /** Goes on where the model stands, which is its own from now on. `shard`: where there are several, the one that each message names. */
  constructor(
    model: ReadModel,
    private readonly shard?: number,
  ) {
    super();
    Object.assign(this, model);
  }

  /** Tells of the events that follow, until the function that it returns is called. */
  listen(listener: OwnListener | TradeListener): () => void {
    if ('instrument' in listener) return joinListener(this.trades, listener.instrument, listener);
    if (listener.participant !== undefined) return joinListener(this.owners, listener.participant, listener);
    this.ofAll.add(listener);
    return () => void this.ofAll.delete(listener);
  }

  /** The book of a listed instrument, which it keeps until each who asked for it has called `untrack`. Between batches only. */
  track({ instrumentId }: Readonly<Instrument>): StreamedBook {
    const book = this.books.get(instrumentId) ?? this.bookOf(instrumentId);
    book.users++;
    return book;
  }

  untrack(book: StreamedBook): void {
    if (--book.users === 0) this.books.delete(book.instrumentId);
  }

  /** A message; where there are several shards, with this one. */
  placed<Message extends StreamMessage>(message: Message): Message {
    return this.shard === undefined ? message : Object.assign({}, message, { shard: this.shard });
  }

  override phaseChanged(event: Recorded.PhaseChanged): void {
    super.phaseChanged(event);
    for (const group of this.books.get(event.instrumentId)?.groups ?? []) group.touch();
  }

  override intentionPosted(event: Recorded.IntentionPosted): void {
    super.intentionPosted(event);
    const { intentionId, instrumentId, participantId } = event;
    const row = this.intentions.find(intentionId);
    const book = this.books.get(instrumentId);
    if (book !== undefined) this.stand(book, row, 1);
    if (!this.isHeard(participantId)) return;
    const intention = postedView(this.directory, event, this.position);
    this.tell(participantId, { type: 'posted', ...stateOf(this, intentionId, row), intention });
  }

  override proposalMade(event: Recorded.ProposalMade): void {
    const { intentionId } = event;
    const apply = (): void => super.proposalMade(event);
    this.about(intentionId, apply, (row, freed) => (freed < 0 ? this.promised(row, event, intentionId) : undefined));
  }

  override proposalAccepted(event: Recorded.ProposalAccepted): void {
    const { intentionId, initiatorId } = event;
    const apply = (): void => super.proposalAccepted(event);
    this.about(intentionId, apply, (row, freed) => (freed < 0 ? this.promised(row, event, initiatorId) : undefined));
  }

  override dealSettled(event: Recorded.DealSettled): void {
    const { intentionId, outcome } = event;
    const deal = dealName(event);
    const { initiatorParticipantId = 0, responderParticipantId = 0 } =
      this.openDeals.find(event.initiatorId, event.dealNumber) ?? {};
    const counterparty = intentionId === event.initiatorId ? responderParticipantId : initiatorParticipantId;
    const apply = (): void => super.dealSettled(event);
    this.about(intentionId, apply, (row, freed) => {
      if (outcome === Outcome.Confirmed) return this.filled(row, event, counterparty);
      return freed > 0 ? { type: 'released', ...stateOf(this, intentionId, row), deal } : undefined;
    });
  }

  override intentionReduced(event: Recorded.IntentionReduced): void {
    const { intentionId, byLots } = event;
    this.about(
      intentionId,
      () => super.intentionReduced(event),
      (row) => {
        const by = formatQuantity(this.instrumentAt(row), byLots);
        return { type: 'reduced', ...stateOf(this, intentionId, row), by };
      },
    );
  }

  override intentionAmended(event: Recorded.IntentionAmended): void {
    const { intentionId, priceTicks } = event;
    this.about(
      intentionId,
      () => super.intentionAmended(event),
      (row) => {
        const price = formatPrice(this.instrumentAt(row), priceTicks);
        return { type: 'amended', ...stateOf(this, intentionId, row), price };
      },
    );
  }

  override intentionWithdrawn(event: Recorded.IntentionWithdrawn): void {
    const { intentionId } = event;
    const reason = nameOf(withdrawReasonNames, event.reason);
    const apply = (): void => super.intentionWithdrawn(event);
    this.about(intentionId, apply, (row) => ({ type: 'withdrawn', ...stateOf(this, intentionId, row), reason }));
  }

  override intentionExpired(event: Recorded.IntentionExpired): void {
    const { intentionId } = event;
    const apply = (): void => super.intentionExpired(event);
    this.about(intentionId, apply, (row) => ({ type: 'expired', ...stateOf(this, intentionId, row) }));
  }

  override switchSet(event: Recorded.SwitchSet): void {
    this.aboutOwner(event, () => switchSaid(event));
  }

  override switchLapsed(event: Recorded.SwitchLapsed): void {
    this.aboutOwner(event, () => ({ type: 'switchLapsed' }));
  }

  override limitsSet(event: Recorded.LimitsSet): void {
    this.aboutOwner(event, () => limitsSaid(this.directory, event));
  }

  override postRefused(event: Recorded.PostRefused): void {
    this.aboutOwner(event, () => refusalSaid(this.directory, event));
  }

  protected override confirmed(deal: Recorded.DealConfirmed): void {
    super.confirmed(deal);
    this.minutes?.add(deal, this);
    if (this.trades.size === 0) return;
    const instrument = shownInstrument(this.directory, deal.instrumentId);
    const listeners = this.trades.get(instrument.symbol);
    if (listeners === undefined) return;
    const message = this.placed<TradeMessage>({
      channel: 'trades',
      ...{ type: 'trade', position: this.position, instrument: instrument.symbol },
      at: timeText(this.atMs),
      price: formatPrice(instrument, deal.priceTicks),
      quantity: formatQuantity(instrument, deal.quantityLots),
      takerSide: takerSideOf(deal.initiatorSide),
    });
    for (const { say } of listeners) say(message);
  }

  /** Applies an event that is about one intention, and says what it did to it: `freed` lots of what was reserved are so no longer. */
  private about(
    intentionId: number,
    apply: () => void,
    said: (row: number, freedLots: number) => Said | undefined,
  ): void {
    const row = this.intentions.find(intentionId);
    if (row === NONE) {
      apply();
      return;
    }
    const { participantId, instrumentId, reservedLots } = this.intentions.rowsByName;
    const whose = participantId[row] as number; // it was found there, as all that follows
    const reserved = reservedLots[row] as number;
    const book = this.books.size === 0 ? undefined : this.books.get(instrumentId[row] as number);
    if (book !== undefined) this.stand(book, row, -1);
    apply();
    if (book !== undefined) this.stand(book, row, 1);
    if (!this.isHeard(whose)) return;
    const message = said(row, reserved - (this.intentions.rowsByName.reservedLots[row] as number));
    if (message !== undefined) this.tell(whose, message);
  }

  /** Says what is about a participant and about no intention. */
  private aboutOwner({ participantId }: { readonly participantId: number }, said: () => Said): void {
    if (this.isHeard(participantId)) this.tell(participantId, said());
  }

  private bookOf(instrumentId: number): StreamedBook {
    const book = new StreamedBook(instrumentId);
    this.intentions.scan((columns, row) => {
      if (columns.instrumentId[row] === instrumentId) this.stand(book, row, 1);
    });
    this.books.set(instrumentId, book);
    return book;
  }

  /** Puts an intention on its book, or takes it off: as long as it is open, and has a limit. */
  private stand(book: StreamedBook, row: number, times: 1 | -1): void {
    const { status, pricing, side, priceTicks, quantityLots, filledLots } = this.intentions.rowsByName;
    if (status[row] !== Status.Open || pricing[row] !== Pricing.Limit) return;
    const openLots = (quantityLots[row] as number) - (filledLots[row] as number); // it was found there, as all that follows
    book.change(side[row] as number, priceTicks[row] as number, times * openLots, times);
  }

  private promised(row: number, promise: Recorded.ProposalMade | Recorded.ProposalAccepted, initiatorId: number): Said {
    const { intentionId, priceTicks, quantityLots, dealNumber } = promise;
    const instrument = this.instrumentAt(row);
    return {
      type: 'reserved',
      ...stateOf(this, intentionId, row),
      deal: dealName({ initiatorId, dealNumber }),
      ...{ price: formatPrice(instrument, priceTicks), quantity: formatQuantity(instrument, quantityLots) },
    };
  }

  /** `counterparty`: a participant’s number, 0 where it is not known here. */
  private filled(row: number, event: Recorded.DealSettled, counterparty: number): Said {
    const { intentionId, initiatorId } = event;
    const instrument = this.instrumentAt(row);
    const isInitiator = intentionId === initiatorId;
    const side = this.intentions.rowsByName.side[row] as number; // it was found there
    return {
      type: 'dealt',
      ...stateOf(this, intentionId, row),
      deal: dealName(event),
      price: formatPrice(instrument, event.priceTicks),
      quantity: formatQuantity(instrument, event.quantityLots),
      takerSide: isInitiator ? takerSideOf(side) : nameOf(sideNames, side),
      ...(counterparty !== 0 && { counterparty: this.directory.participantName(counterparty) }),
    };
  }

  private instrumentAt(row: number): Readonly<Instrument> {
    return shownInstrument(this.directory, this.intentions.rowsByName.instrumentId[row] as number); // it was found there
  }

  private isHeard(participantId: number): boolean {
    if (this.ofAll.size > 0) return true;
    return this.owners.size > 0 && this.owners.has(this.directory.participantName(participantId));
  }

  private tell(participantId: number, said: Said): void {
    const { position, directory, atMs } = this;
    const participant = directory.participantName(participantId);
    const place = { channel: 'own', type: said.type, position, at: timeText(atMs) } as const;
    const message = this.placed<OwnEvent>(Object.assign(place, said));
    for (const { seesAll, say } of this.owners.get(participant) ?? []) say(seesAll ? message : this.masked(message));
    if (this.ofAll.size === 0) return;
    const named = Object.assign({}, message, { participant });
    for (const { say } of this.ofAll) say(named);
  }

  /** Without the name of who is on the other side, where that is nobody’s business. */
  private masked(message: OwnEvent): OwnEvent {
    if (message.type !== 'dealt') return message;
    const instrument = this.directory.instrumentBySymbol(message.instrument);
    if (instrument === undefined || showsCounterparties(instrument)) return message;
    const { counterparty: _hidden, ...shown } = message;
    return shown;
  }
}
