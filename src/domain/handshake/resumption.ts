import { Index } from '../ids.js';
import { MessageKind } from '../negotiators/mailbox.js';
import { Phase } from '../terms.js';
import type { Turns } from '../turns.js';

/** After a replay: settles or resumes each deal that the end of the log left in doubt. */
export function resumeDeals({ market, mailbox }: Turns): void {
  market.placeArriving();
  market.deals.forEach(({ initiatorRow, responderRow, initiatorId, responderId }) => {
    if (initiatorRow !== Index.None) mailbox.send(mailbox.draft(MessageKind.Restarted, initiatorId, initiatorRow));
    else if (responderRow !== Index.None) mailbox.send(mailbox.draft(MessageKind.Restarted, responderId, responderRow));
  });
}

/** After that: the arrival or the auction that was under way goes on. */
export function resumeArrival({ market, arrival, auction }: Turns): void {
  const { arrivingId, auctionInstrumentId, negotiators } = market;
  if (auctionInstrumentId !== 0) auction.begin(market.instrument(auctionInstrumentId));
  const row = arrivingId === 0 ? Index.None : negotiators.rowOf(arrivingId);
  if (row === Index.None || negotiators.isClosing(row)) return;
  if (market.instrument(negotiators.instrumentId(row)).phase === Phase.Continuous) arrival.begin(row);
}
