import { Board } from './board/board.js';
import { PriceLevels } from './board/price-levels.js';
import { hasSteps, type Instrument, type InstrumentTerms, initialPhase, termsOf } from './instrument.js';
import type * as Recorded from './journal.generated.js';
import { NegotiatorTable } from './negotiators/negotiator-table.js';
import { Side } from './terms.js';

/**
 * An instrument with its board and, during an uncross, what is still to be dealt at the auction's price. A class, so that all of them have
 * one shape: of literals that begin with a spread V8 gives each its own, and each turn would look its fields up by name.
 */
export class ListedInstrument implements Instrument {
  readonly symbol: string;
  readonly priceDecimals: number;
  readonly tickSize: number;
  readonly quantityDecimals: number;
  readonly lotSize: number;
  minPriceTicks: number;
  maxPriceTicks: number;
  priceRule: number;
  selfTrade: number;
  counterparties: number;
  phase = initialPhase;
  auctionPriceTicks = 0;
  auctionLeftLots = 0;

  constructor(
    readonly instrumentId: number,
    terms: InstrumentTerms,
    readonly board: Board,
  ) {
    this.symbol = terms.symbol;
    this.priceDecimals = terms.priceDecimals;
    this.tickSize = terms.tickSize;
    this.quantityDecimals = terms.quantityDecimals;
    this.lotSize = terms.lotSize;
    this.minPriceTicks = terms.minPriceTicks;
    this.maxPriceTicks = terms.maxPriceTicks;
    this.priceRule = terms.priceRule;
    this.selfTrade = terms.selfTrade;
    this.counterparties = terms.counterparties;
  }
}

/** The log tells of something that cannot have happened: it was not written by this exchange, or by a broken one. */
export class BrokenHistoryError extends Error {
  readonly code = 'BROKEN_HISTORY';
  constructor(message: string) {
    super(message);
    this.name = 'BrokenHistoryError';
  }
}

/** Who is admitted to a shard, what is listed in it, and on which board each negotiator stands. */
export class MarketDirectory {
  readonly negotiators: NegotiatorTable;
  private readonly levels = new PriceLevels();
  /** Names by participant id; ids start with 1. */
  readonly participants: string[] = [''];
  readonly participantIds = new Map<string, number>();
  private readonly listed: ListedInstrument[] = [];
  private readonly bySymbol = new Map<string, ListedInstrument>();

  constructor(capacity?: number) {
    this.negotiators = new NegotiatorTable(capacity);
  }

  /** All instruments, in the order of their ids, which start with 1. */
  get instruments(): readonly ListedInstrument[] {
    return this.listed;
  }

  instrument(instrumentId: number): ListedInstrument {
    const instrument = this.listed[instrumentId - 1];
    if (instrument === undefined) throw new BrokenHistoryError(`no instrument has the number ${instrumentId}`);
    return instrument;
  }

  instrumentBySymbol(symbol: string): ListedInstrument | undefined {
    return this.bySymbol.get(symbol);
  }

  participantName(participantId: number): string {
    return this.participants[participantId] ?? '';
  }

  /** Puts every negotiator on its board, in the order of their places: for rows that came from a snapshot. */
  rebuildBoards(): void {
    const { negotiators } = this;
    const rows: number[] = [];
    negotiators.forEachRow((row) => {
      if (!negotiators.isClosing(row)) rows.push(row);
    });
    rows.sort((one, other) => negotiators.placePosition(one) - negotiators.placePosition(other));
    for (const row of rows) this.boardSide(row).add(row);
  }

  protected boardSide(row: number): Board['bids'] {
    const { board } = this.instrument(this.negotiators.instrumentId(row));
    return this.negotiators.side(row) === Side.Buy ? board.bids : board.asks;
  }

  protected admit({ participantId, name }: Recorded.ParticipantAdmitted): void {
    this.participants[participantId] = name;
    this.participantIds.set(name, participantId);
  }

  /** Lists an instrument, with an empty board, or changes its terms. */
  protected list(event: Recorded.InstrumentListed): void {
    const { instrumentId } = event;
    if (!hasSteps(event)) throw new BrokenHistoryError(`instrument ${instrumentId} has no decimals, tick and lot`);
    const terms = termsOf(event);
    const before = this.listed[instrumentId - 1];
    if (before !== undefined) {
      Object.assign(before, terms);
      return;
    }
    const instrument = new ListedInstrument(instrumentId, terms, new Board(this.negotiators, this.levels));
    this.listed[instrumentId - 1] = instrument;
    this.bySymbol.set(terms.symbol, instrument);
  }
}
