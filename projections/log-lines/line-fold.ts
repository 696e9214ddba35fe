import type * as Recorded from '../../src/domain/journal.generated.js';
import { initialPhase, termsOf } from '../../src/domain/instrument.js';
import {
  abortReasonNames,
  declineReasonNames,
  Outcome,
  Phase,
  postRefusalNames,
  Pricing,
  Side,
  timeInForceNames,
  withdrawReasonNames,
} from '../../src/domain/terms.js';
import { toHex } from '../../src/events/bytes.js';
import { instrumentView, timeText } from '../directory/views.js';
import type { Names } from '../handshake/names.js';
import { StandingFold } from '../handshake/standing-fold.js';
import { abortWords, declineWords, withdrawWords, wordsOf } from '../handshake/wording.js';
import { type DealId, dealName } from '../ledger/deal-name.js';

/** What kind of thing an event says, so that it can be seen at a glance. */
export type LineKind = 'shard' | 'seal' | 'wish' | 'handshake' | 'deal' | 'abort' | 'change';

/** An event as people read it. */
export interface LogLine {
  readonly position: number;
  /** Milliseconds since 1970: of the latest event with a time, this one included. */
  readonly atMs: number;
  readonly type: string;
  readonly stream: string;
  readonly kind: LineKind;
  /** With names instead of numbers, and decimals instead of ticks and lots. Names are as the log has them. */
  readonly text: string;
}

/** Which lines are wanted. */
export interface LineFilter {
  readonly from: number;
  readonly until: number;
  readonly stream?: string | undefined;
  readonly type?: ReadonlySet<string> | undefined;
}

/** Where an event stands, and what kind of thing it says. */
type Head = Pick<LogLine, 'type' | 'stream' | 'kind'>;

const SHOWN_DIGITS = 12;

/**
 * The events of a log as lines for people. To name what trades and who, it has to see the log from its beginning, and it knows no more of
 * intentions than what is open. It comes before the directory whose names it uses: a line says how things stood before it.
 */
export class LineFold extends StandingFold {
  private lines: LogLine[] = [];

  constructor(
    private readonly shard: number,
    private readonly names: Names,
    private readonly wanted: LineFilter,
  ) {
    super();
  }

  /** The lines that have come up since they were last taken. */
  take(): readonly LogLine[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }

  private line(head: Head, text: () => string): void {
    const { position, atMs, wanted } = this;
    if (position < wanted.from || position >= wanted.until || wanted.type?.has(head.type) === false) return;
    if (wanted.stream !== undefined && wanted.stream !== head.stream) return;
    this.lines.push({ position, atMs, ...head, text: text() });
  }

  private ofShard(type: string, text: () => string, kind: LineKind = 'shard'): void {
    this.line({ type, kind, stream: `shard-${this.shard}` }, text);
  }

  private ofIntention(type: string, kind: LineKind, id: number, text: () => string): void {
    this.line({ type, kind, stream: `intention-${id}` }, () => `intention ${id} ${text()}`);
  }

  private ofDeal(type: string, kind: LineKind, deal: DealId, text: () => string): void {
    const name = dealName(deal);
    this.line({ type, kind, stream: `deal-${name}` }, () => `deal ${name}${text()}`);
  }

  override shardStarted({ epoch }: Recorded.ShardStarted): void {
    this.ofShard('ShardStarted', () => `the writer of epoch ${epoch} takes over`);
  }

  override batchSealed({ digest }: Recorded.BatchSealed): void {
    this.ofShard('BatchSealed', () => `digest ${toHex(digest).slice(0, SHOWN_DIGITS)}…`, 'seal');
  }

  override participantAdmitted({ name, participantId }: Recorded.ParticipantAdmitted): void {
    this.ofShard('ParticipantAdmitted', () => `${name} is participant ${participantId}`);
  }

  override instrumentListed(event: Recorded.InstrumentListed): void {
    this.ofShard('InstrumentListed', () => {
      const listed = { instrumentId: event.instrumentId, ...termsOf(event), phase: initialPhase };
      const { symbol, tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade, counterparties } =
        instrumentView(listed);
      const hidden = counterparties === 'hidden' ? ', counterparties hidden' : '';
      const rules = `price rule ${priceRule}, self trade ${selfTrade}${hidden}`;
      return `${symbol}: tick ${tickSize}, lot ${lotSize}, from ${minPrice} to ${maxPrice}, ${rules}`;
    });
  }

  override switchSet({ participantId, withinMs, lapsesAtMs }: Recorded.SwitchSet): void {
    const until = withinMs === 0 ? 'is off' : `lapses at ${timeText(lapsesAtMs)}`;
    this.ofShard('SwitchSet', () => `the switch of ${this.names.participant(participantId)} ${until}`);
  }

  override switchLapsed({ participantId }: Recorded.SwitchLapsed): void {
    this.ofShard('SwitchLapsed', () => {
      return `the switch of ${this.names.participant(participantId)} lapses: what is open is withdrawn`;
    });
  }

  override limitsSet(event: Recorded.LimitsSet): void {
    const { participantId, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted, withdraws } = event;
    this.ofShard('LimitsSet', () => {
      const limits = [
        openQuantity === '' ? '' : `${openQuantity} open`,
        netPosition === '' ? '' : `position ${netPosition}`,
        intentionsPerSecond === 0 ? '' : `${intentionsPerSecond} intentions a second`,
        halted ? 'halted' : '',
        withdraws ? 'what is open is withdrawn' : '',
      ].filter((limit) => limit !== '');
      const where = instrumentId === 0 ? 'each instrument' : this.names.symbol(instrumentId);
      return `limits of ${this.names.participant(participantId)} in ${where}: ${limits.join(', ') || 'none'}`;
    });
  }

  override postRefused({ participantId, instrumentId, clientIntentionId, code }: Recorded.PostRefused): void {
    this.ofShard('PostRefused', () => {
      const what = `a post of ${this.names.participant(participantId)} in ${this.names.symbol(instrumentId)}`;
      return `${what} is refused: ${postRefusalNames[code] ?? ''} (${clientIntentionId})`;
    });
  }

  override phaseChanged({ instrumentId, phase }: Recorded.PhaseChanged): void {
    const what = phase === Phase.Call ? 'a call phase begins' : 'continuous trading begins';
    this.ofShard('PhaseChanged', () => `${this.names.symbol(instrumentId)}: ${what}`);
  }

  override auctionUncrossed({ instrumentId, priceTicks, volumeLots }: Recorded.AuctionUncrossed): void {
    this.ofShard('AuctionUncrossed', () => {
      if (volumeLots === 0) return `${this.names.symbol(instrumentId)}: nothing could be dealt`;
      return this.amount(instrumentId, volumeLots, priceTicks);
    });
  }

  override lossAccepted({ knownPosition, evidence }: Recorded.LossAccepted): void {
    const known = `${evidence} knows the log up to position ${this.names.position(knownPosition)}`;
    this.ofShard('LossAccepted', () => `went on with what is left, although ${known}`);
  }

  override intentionPosted(event: Recorded.IntentionPosted): void {
    const { intentionId, participantId, instrumentId, priceTicks, quantityLots, timeInForce } = event;
    this.ofIntention('IntentionPosted', 'wish', intentionId, () => {
      const wish = `${this.names.participant(participantId)} ${event.side === Side.Buy ? 'buys' : 'sells'}`;
      const what = this.amount(instrumentId, quantityLots, event.pricing === Pricing.Market ? undefined : priceTicks);
      const force = timeInForceNames[timeInForce] ?? '';
      return `of ${wish} ${what}, ${force}${event.postOnly ? ', post-only' : ''} (${event.clientIntentionId})`;
    });
    super.intentionPosted(event);
  }

  override proposalMade(event: Recorded.ProposalMade): void {
    const { intentionId: initiatorId, dealNumber, counterpartyId, priceTicks, quantityLots } = event;
    this.ofIntention('ProposalMade', 'handshake', initiatorId, () => {
      const what = this.amountOf(initiatorId, quantityLots, priceTicks);
      return `proposes ${what} to ${counterpartyId} (deal ${dealName({ initiatorId, dealNumber })})`;
    });
  }

  override proposalAccepted(event: Recorded.ProposalAccepted): void {
    const { intentionId, quantityLots, priceTicks } = event;
    this.ofIntention('ProposalAccepted', 'handshake', intentionId, () => {
      return `accepts ${this.amountOf(intentionId, quantityLots, priceTicks)} (deal ${dealName(event)})`;
    });
  }

  override proposalDeclined(event: Recorded.ProposalDeclined): void {
    this.ofIntention('ProposalDeclined', 'abort', event.intentionId, () => {
      return `declines: ${wordsOf(declineReasonNames, declineWords, event.reason)} (deal ${dealName(event)})`;
    });
  }

  override dealSettled(event: Recorded.DealSettled): void {
    const { intentionId, outcome, quantityLots, priceTicks } = event;
    this.ofIntention('DealSettled', 'handshake', intentionId, () => {
      if (outcome !== Outcome.Confirmed) return `frees what it reserved (deal ${dealName(event)} was aborted)`;
      return `has dealt ${this.amountOf(intentionId, quantityLots, priceTicks)} (deal ${dealName(event)})`;
    });
    super.dealSettled(event);
  }

  override intentionReduced(event: Recorded.IntentionReduced): void {
    const { intentionId, byLots } = event;
    this.ofIntention('IntentionReduced', 'change', intentionId, () => {
      return byLots === 0 ? 'stays as it is' : `is reduced by ${this.amountOf(intentionId, byLots)}`;
    });
    super.intentionReduced(event);
  }

  override intentionAmended(event: Recorded.IntentionAmended): void {
    const { intentionId, openLots, priceTicks } = event;
    this.ofIntention('IntentionAmended', 'change', intentionId, () => {
      return `is replaced by ${this.amountOf(intentionId, openLots, priceTicks)}`;
    });
    super.intentionAmended(event);
  }

  override intentionWithdrawn(event: Recorded.IntentionWithdrawn): void {
    const { intentionId, reason } = event;
    this.ofIntention('IntentionWithdrawn', 'change', intentionId, () => {
      return `is withdrawn with ${this.left(intentionId)}: ${wordsOf(withdrawReasonNames, withdrawWords, reason)}`;
    });
    super.intentionWithdrawn(event);
  }

  override intentionExpired(event: Recorded.IntentionExpired): void {
    const { intentionId } = event;
    this.ofIntention('IntentionExpired', 'change', intentionId, () => `expires with ${this.left(intentionId)}`);
    super.intentionExpired(event);
  }

  override dealConfirmed(event: Recorded.DealConfirmed): void {
    this.ofDeal('DealConfirmed', 'deal', event, () => {
      const sides = [event.initiatorParticipantId, event.responderParticipantId];
      const [seller = 0, buyer = 0] = event.initiatorSide === Side.Sell ? sides : sides.reverse();
      const { names } = this;
      const what = this.amount(event.instrumentId, event.quantityLots, event.priceTicks);
      return `: ${names.participant(seller)} sells ${names.participant(buyer)} ${what}`;
    });
  }

  override dealAborted(event: Recorded.DealAborted): void {
    this.ofDeal('DealAborted', 'abort', event, () => {
      return ` with intention ${event.responderId} comes to nothing: ${wordsOf(abortReasonNames, abortWords, event.reason)}`;
    });
  }

  private left(intentionId: number): string {
    return `${this.amountOf(intentionId, this.standing(intentionId)?.leftLots ?? 0)} open`;
  }

  /** Of what the intention trades; in lots and ticks where it is not known here. */
  private amountOf(intentionId: number, lots: number, priceTicks?: number): string {
    return this.amount(this.standing(intentionId)?.instrumentId ?? 0, lots, priceTicks);
  }

  /** `100 ACME at 10.25`. */
  private amount(instrumentId: number, lots: number, priceTicks?: number): string {
    const { names } = this;
    const price = priceTicks === undefined ? '' : ` at ${names.price(instrumentId, priceTicks)}`;
    return `${names.quantity(instrumentId, lots)} ${names.symbol(instrumentId)}${price}`;
  }
}
