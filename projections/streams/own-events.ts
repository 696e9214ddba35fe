import type * as Recorded from '../../src/domain/journal.generated.js';
import { formatQuantity, type Instrument } from '../../src/domain/instrument.js';
import { Counterparties, Side, sideNames } from '../../src/domain/terms.js';
import type { DirectoryFold } from '../directory/directory.js';
import { nameOf, shownInstrument } from '../directory/views.js';
import type { IntentionTable } from '../model/intention-table.js';
import { Status, statusNames } from '../store/database/status.js';
import { intentionFromRow, type IntentionView } from '../store/queries/views.js';
import type { IntentionState } from './messages.js';

/** What an intention came to by an event that has just been applied; its row may have been left. */
export function stateOf(
  { directory, intentions }: { readonly directory: DirectoryFold; readonly intentions: IntentionTable },
  intentionId: number,
  row: number,
): IntentionState {
  const { instrumentId, side, status, quantityLots, filledLots, reservedLots } = intentions.rowsByName;
  const at = (column: ArrayLike<number>): number => column[row] as number; // it was found there
  const instrument = shownInstrument(directory, at(instrumentId));
  const isOpen = at(status) === Status.Open;
  return {
    id: String(intentionId),
    clientIntentionId: intentions.clientId(row),
    instrument: instrument.symbol,
    side: nameOf(sideNames, at(side)),
    status: nameOf(statusNames, at(status)),
    open: formatQuantity(instrument, isOpen ? at(quantityLots) - at(filledLots) : at(reservedLots)),
    reserved: formatQuantity(instrument, at(reservedLots)),
    filled: formatQuantity(instrument, at(filledLots)),
  };
}

/** An intention as it is posted. */
export function postedView(
  directory: DirectoryFold,
  posted: Recorded.IntentionPosted,
  position: number,
): IntentionView {
  const { intentionId, clientIntentionId, participantId, instrumentId, side, pricing, priceTicks, quantityLots } =
    posted;
  const names = [intentionId, clientIntentionId, participantId, instrumentId, side, pricing, priceTicks, quantityLots];
  const terms = [posted.timeInForce, Number(posted.postOnly), posted.expiresAtMs, posted.atMs, position];
  return intentionFromRow(directory, [...names, ...terms, priceTicks, quantityLots, 0, 0, Status.Open, 0, 0, 0]);
}

/** The side of a deal that arrived, and accepted. */
export function takerSideOf(initiatorSide: number): (typeof sideNames)[number] {
  return nameOf(sideNames, initiatorSide === Side.Buy ? Side.Sell : Side.Buy);
}

/** Whether the two sides of a deal in it may know each other’s names. */
export function showsCounterparties({ counterparties }: Readonly<Instrument>): boolean {
  return counterparties !== Counterparties.Hidden;
}
