import { type Instrument, initialPhase } from '../../src/domain/instrument.js';
import { Fold } from '../../src/events/fold.js';

/** Instruments and participants as listed: which number means whom, and in which steps an instrument trades. */
export class DirectoryFold extends Fold {
  private readonly byId = new Map<number, Instrument>();
  private readonly bySymbol = new Map<string, Instrument>();
  private readonly names = new Map<number, string>();
  private readonly numbers = new Map<string, number>();

  override participantAdmitted(_revision: number, participantId: number, name: string, _atMs: number): void {
    this.names.set(participantId, name);
    this.numbers.set(name, participantId);
  }

  override instrumentListed(
    _revision: number,
    instrumentId: number,
    symbol: string,
    priceDecimals: number,
    tickSize: number,
    quantityDecimals: number,
    lotSize: number,
    minPriceTicks: number,
    maxPriceTicks: number,
    priceRule: number,
    selfTrade: number,
    _atMs: number,
  ): void {
    const instrument: Instrument = {
      instrumentId,
      symbol,
      priceDecimals,
      tickSize,
      quantityDecimals,
      lotSize,
      minPriceTicks,
      maxPriceTicks,
      priceRule,
      selfTrade,
      phase: this.byId.get(instrumentId)?.phase ?? initialPhase,
    };
    this.byId.set(instrumentId, instrument);
    this.bySymbol.set(symbol, instrument);
  }

  override phaseChanged(_revision: number, instrumentId: number, phase: number, _atMs: number): void {
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

  participantId(name: string): number | undefined {
    return this.numbers.get(name);
  }

  /** The participant's name; `#<number>` for one that the log has not admitted. */
  participantName(participantId: number): string {
    return this.names.get(participantId) ?? `#${participantId}`;
  }

  /** Numbers and names, in the order of admission. */
  participants(): IterableIterator<[number, string]> {
    return this.names.entries();
  }
}
