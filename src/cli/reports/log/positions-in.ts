import { shownInstrument } from '../../../../projections/directory/views.js';
import type { LedgerFold } from '../../../../projections/ledger/ledger.js';
import { type PositionView, positionView } from '../../../../projections/ledger/postings.js';
import type { ReadShard } from './history.js';

/** The positions of all participants, or of one; none of one that the log does not know. */
export function positionsIn(
  { directory, made: ledger }: Pick<ReadShard<LedgerFold>, 'directory' | 'made'>,
  { participant }: { readonly participant?: string } = {},
): readonly PositionView[] {
  const participantId = participant === undefined ? undefined : directory.participantId(participant);
  if (participant !== undefined && participantId === undefined) return [];
  return ledger.positions(participantId).map((position) => {
    const instrument = shownInstrument(directory, position.instrumentId);
    return positionView(instrument, directory.participantName(position.participantId), position);
  });
}
