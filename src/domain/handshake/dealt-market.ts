import { Index } from '../ids.js';
import { CommandIds } from '../negotiators/command-ids.js';
import { GuardedMarket } from '../risk/guarded-market.js';
import { Side } from '../terms.js';
import { AnsweredProposals } from './answered-proposals.js';

/** What a deal does to a market, whichever way its handshake went: it is counted, and each side is filled and may be over. */
export class DealtMarket extends GuardedMarket {
  dealsConfirmed = 0;
  lotsDealt = 0;
  readonly answered = new AnsweredProposals();
  readonly commandIds = new CommandIds();

  /** A deal is confirmed. */
  applyConfirmation(instrumentId: number, lots: number): void {
    this.dealsConfirmed++;
    this.lotsDealt += lots;
    const instrument = this.instrument(instrumentId);
    if (instrument.auctionLeftLots > 0) instrument.auctionLeftLots -= lots;
  }

  /** A side has settled: so much of it is filled, of so much that it had reserved. */
  applyFill(row: number, freedLots: number, filledLots: number): void {
    const { negotiators } = this;
    negotiators.fill(row, filledLots);
    if (filledLots > 0) {
      const held = negotiators.side(row) === Side.Buy ? filledLots : -filledLots;
      this.exposures.dealt(negotiators.participantId(row), negotiators.instrumentId(row), held);
    }
    if (this.limits.isAny) this.opened(row, negotiators.isClosing(row) ? -freedLots : -filledLots);
    this.afterFill(row, freedLots, filledLots);
  }

  private afterFill(row: number, freedLots: number, filledLots: number): void {
    const { negotiators } = this;
    if (negotiators.level(row) !== Index.None) {
      const side = this.boardSide(row);
      if (filledLots > 0) side.shrink(row, filledLots);
      if (negotiators.openLots(row) > 0) return;
      side.remove(row, 0);
    } else {
      if (negotiators.isClosing(row)) {
        negotiators.setQuantityLots(row, negotiators.quantityLots(row) - (freedLots - filledLots));
      }
      if (negotiators.openLots(row) > 0) return;
    }
    this.free(row);
  }

  protected free(row: number): void {
    if (!this.answered.isEmpty) this.answered.forget(this.negotiators.id(row));
    if (!this.commandIds.isEmpty) this.commandIds.close(this.negotiators.id(row));
    this.negotiators.free(row);
  }
}
