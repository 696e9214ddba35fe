import type { InstrumentListed, ParticipantAdmitted, PhaseChanged } from '../../src/domain/journal.generated.js';
import { type Instrument, initialPhase, termsOf } from '../../src/domain/instrument.js';
import { NoopHandler } from '../../src/events/handlers.generated.js';

/** Instruments and participants as listed: which number means whom, and in which steps an instrument trades. */
export class DirectoryFold extends NoopHandler {
  private readonly byId = new Map<number, Instrument>();
  private readonly bySymbol = new Map<string, Instrument>();
  private readonly names = new Map<number, string>();
  private readonly numbers = new Map<string, number>();

  override participantAdmitted({ participantId, name }: ParticipantAdmitted): void {
    this.names.set(participantId, name);
    this.numbers.set(name, participantId);
  }

  override instrumentListed(event: InstrumentListed): void {
    const { instrumentId } = event;
    const phase = this.byId.get(instrumentId)?.phase ?? initialPhase;
    const instrument: Instrument = { instrumentId, ...termsOf(event), phase };
    this.byId.set(instrumentId, instrument);
    this.bySymbol.set(instrument.symbol, instrument);
  }

  override phaseChanged({ instrumentId, phase }: PhaseChanged): void {
    const instrument = this.byId.get(instrumentId);
    if (instrument !== undefined) instrument.phase = phase;
  }

  instrument(instrumentId: number): Readonly<Instrument> | undefined {
    return this.byId.get(instrumentId);
  }

  instrumentBySymbol(symbol: string): Readonly<Instrument> | undefined {
    return this.bySymbol.get(symbol);
  }

  /** All instruments, in the order in which they were first listed. */
  instruments(): readonly Readonly<Instrument>[] {
    return [...this.byId.values()];
  }

  /** All participants, by number. */
  participants(): ReadonlyMap<number, string> {
    return this.names;
  }

  participantId(name: string): number | undefined {
    return this.numbers.get(name);
  }

  /** The participant's name; `#<number>` for one that the log has not admitted. */
  participantName(participantId: number): string {
    return this.names.get(participantId) ?? `#${participantId}`;
  }
}
