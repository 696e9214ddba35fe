import type { Event, RecordedEvent } from '../../../src/events/event.js';
import type { PostStep, Step } from '../../support/reference/steps.js';
import { steps } from '../world/requests.js';

/** A command as the log tells of it: what was asked, and when. Expiry counts: it is time's own command. */
export interface LoggedCommand {
  readonly position: number;
  readonly atMs: number;
  readonly step: Step | { readonly kind: 'expiry'; readonly id: number };
}

type Posted = Extract<Event, { type: 'IntentionPosted' }>;
type Listed = Extract<Event, { type: 'InstrumentListed' }>;

/** Reads from a log which commands had an effect, in order. It remembers names, and so must read every event. */
export class CommandReader {
  private readonly participants: string[] = [];
  private readonly symbols: string[] = [];
  private readonly owners = new Map<number, string>();

  /** The command that this event begins; undefined where it is a consequence. */
  read({ position, event }: RecordedEvent): LoggedCommand | undefined {
    switch (event.type) {
      case 'ParticipantAdmitted':
        this.participants[event.participantId] = event.name;
        return undefined;
      case 'InstrumentListed':
        this.symbols[event.instrumentId] = event.symbol;
        return { position, atMs: event.atMs, step: listStep(event) };
      case 'PhaseChanged': {
        const instrument = this.symbol(event.instrumentId);
        return { position, atMs: event.atMs, step: { kind: 'phase', instrument, phase: event.phase } };
      }
      case 'AuctionUncrossed':
        return { position, atMs: event.atMs, step: { kind: 'uncross', instrument: this.symbol(event.instrumentId) } };
      case 'IntentionPosted':
        return { position, atMs: event.atMs, step: this.postStep(event) };
      case 'IntentionReduced':
        return { position, atMs: event.atMs, step: { ...this.about(event), kind: 'reduce', byLots: event.byLots } };
      case 'IntentionAmended': {
        const { priceTicks, openLots, atMs } = event;
        return { position, atMs, step: { ...this.about(event), kind: 'replace', priceTicks, openLots } };
      }
      case 'IntentionWithdrawn':
        if (event.reason !== 'requested') return undefined;
        return { position, atMs: event.atMs, step: { ...this.about(event), kind: 'withdraw' } };
      case 'IntentionExpired':
        return { position, atMs: event.atMs, step: { kind: 'expiry', id: event.intentionId } };
      default:
        return undefined;
    }
  }

  private about({ intentionId }: { intentionId: number }): { id: number; participant: string } {
    return { id: intentionId, participant: this.owners.get(intentionId) ?? '' };
  }

  private postStep(event: Posted): PostStep {
    const participant = this.participants[event.participantId] ?? '';
    this.owners.set(event.intentionId, participant);
    return {
      kind: 'post',
      clientId: event.clientIntentionId,
      participant,
      instrument: this.symbol(event.instrumentId),
      side: event.side,
      priceTicks: event.pricing === 'market' ? undefined : event.priceTicks,
      lots: event.quantityLots,
      timeInForce: event.timeInForce,
      postOnly: event.postOnly,
      expiresAtMs: event.expiresAtMs,
    };
  }

  private symbol(instrumentId: number): string {
    return this.symbols[instrumentId] ?? '';
  }
}

function listStep({ symbol, minPriceTicks, maxPriceTicks, priceRule, selfTrade }: Listed): Step {
  const { tickSize = '', lotSize = '' } = steps[symbol] ?? {};
  const listing = {
    symbol,
    tickSize,
    lotSize,
    minTicks: minPriceTicks,
    maxTicks: maxPriceTicks,
    priceRule,
    selfTrade,
  };
  return { kind: 'list', listing };
}
