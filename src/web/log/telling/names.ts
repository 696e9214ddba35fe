/** Who and what the numbers in events are. */
import type { Instrument, RecordedEvent, Side } from '../../../client/types.js';
import type { Event } from '../../../events/event.js';

/** How an instrument's prices and quantities are shown. */
export interface Steps {
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly tickSize: number;
  readonly quantityDecimals: number;
  readonly lotSize: number;
}

/** What is known of an intention: of what was looked up its names, of what was seen in the log its numbers. */
interface Owner {
  readonly participantId?: number | undefined;
  readonly instrumentId?: number | undefined;
  readonly participant?: string | undefined;
  readonly symbol?: string | undefined;
  readonly side?: Side | undefined;
}

/** What was looked up of an intention. */
export interface IntentionNames {
  readonly participant: string;
  readonly instrument: string;
  readonly side: Side;
}

/** More than a window of the log is about, and little enough to keep. */
const MOST_INTENTIONS = 100_000;

/**
 * The names behind the numbers of one shard's events, as far as they are known: learned from the events that were seen, and from what was
 * looked up.
 *
 * 1. A number keeps its name permanently, so what was learned at any moment holds at every other.
 * 2. Of more than 100,000 intentions the ones that were learned first are given up.
 */
export class LogNames {
  private readonly participants = new Map<number, string>();
  private readonly instruments = new Map<number, Steps>();
  private readonly bySymbol = new Map<string, Steps>();
  private readonly intentions = new Map<number, Owner>();

  /** Learns from an event, whatever it is. */
  take(recorded: RecordedEvent): void {
    const event = eventOf(recorded);
    switch (event.type) {
      case 'IntentionPosted':
        this.put(event.intentionId, event);
        break;
      case 'DealConfirmed':
        this.putSides(event);
        break;
      case 'ParticipantAdmitted':
        this.participants.set(event.participantId, event.name);
        break;
      case 'InstrumentListed':
        this.instruments.set(event.instrumentId, event);
        this.bySymbol.set(event.symbol, event);
        break;
      default: // the others name nobody
    }
  }

  /** Learns what was looked up of an intention, and so who its numbers are. */
  learnIntention(id: number, { participant, instrument, side }: IntentionNames): void {
    this.put(id, { participant, symbol: instrument, side });
  }

  learnInstruments(instruments: readonly Instrument[]): void {
    for (const each of instruments) this.bySymbol.set(each.symbol, stepsOf(each));
  }

  participant(id: number): string | undefined {
    return this.participants.get(id);
  }

  instrument(id: number): Steps | undefined {
    return this.instruments.get(id);
  }

  participantOf(intentionId: number): string | undefined {
    const owner = this.intentions.get(intentionId);
    return owner?.participant ?? this.participants.get(owner?.participantId ?? -1);
  }

  instrumentOf(intentionId: number): Steps | undefined {
    const owner = this.intentions.get(intentionId);
    return this.bySymbol.get(owner?.symbol ?? '') ?? this.instruments.get(owner?.instrumentId ?? -1);
  }

  sideOf(intentionId: number): Side | undefined {
    return this.intentions.get(intentionId)?.side;
  }

  /** Whether nothing of an intention need be looked up. */
  isKnown(intentionId: number): boolean {
    return this.participantOf(intentionId) !== undefined && this.instrumentOf(intentionId) !== undefined;
  }

  participantNames(): readonly string[] {
    const owners = [...this.intentions.values()].slice(-MOST_OFFERED).map(({ participant }) => participant);
    return [...new Set([...this.participants.values(), ...owners.filter((name) => name !== undefined)])];
  }

  symbols(): readonly string[] {
    return [...this.bySymbol.keys()];
  }

  private putSides(event: EventOf<'DealConfirmed'>): void {
    const { initiatorId, responderId, instrumentId, initiatorSide } = event;
    const responderSide = initiatorSide === 'buy' ? 'sell' : 'buy';
    const sides = [
      [initiatorId, event.initiatorParticipantId, initiatorSide],
      [responderId, event.responderParticipantId, responderSide],
    ] as const;
    for (const [id, participantId, side] of sides) {
      if (!this.intentions.has(id)) this.put(id, { participantId, instrumentId, side });
    }
  }

  private put(id: number, { participantId, instrumentId, participant, symbol, side }: Owner): void {
    const known = this.intentions.get(id);
    const owner: Owner = {
      participantId: participantId ?? known?.participantId,
      instrumentId: instrumentId ?? known?.instrumentId,
      participant: participant ?? known?.participant,
      symbol: symbol ?? known?.symbol,
      side: side ?? known?.side,
    };
    this.intentions.set(id, owner);
    this.learnNumbers(owner);
    if (this.intentions.size <= MOST_INTENTIONS) return;
    const [oldest] = this.intentions.keys();
    if (oldest !== undefined) this.intentions.delete(oldest);
  }

  private learnNumbers({ participantId, participant, instrumentId, symbol }: Owner): void {
    if (participantId !== undefined && participant !== undefined) this.participants.set(participantId, participant);
    const steps = symbol === undefined ? undefined : this.bySymbol.get(symbol);
    if (instrumentId !== undefined && steps !== undefined) this.instruments.set(instrumentId, steps);
  }
}

const MOST_OFFERED = 1_000;

/** An event of the type of that name. */
export type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>;

/** What a server or a file gives has the fields of its type; a type that this page does not know matches no case. */
export function eventOf(recorded: RecordedEvent): Event {
  return recorded as unknown as Event; // the catalogue is the one source of what both sides write and read
}

/** `0.05` is a step of 5 with two decimals. */
function stepsOf({ symbol, tickSize, lotSize }: Instrument): Steps {
  const decimals = (text: string): number => text.split('.', 2)[1]?.length ?? 0;
  const units = (text: string): number => Number(text.replace('.', ''));
  return {
    ...{ symbol, priceDecimals: decimals(tickSize), tickSize: units(tickSize) },
    ...{ quantityDecimals: decimals(lotSize), lotSize: units(lotSize) },
  };
}
