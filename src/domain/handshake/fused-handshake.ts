/**
 * A whole handshake in one step, where nobody can come between: what handshake.ts comes to then, without its messages and its table of
 * deals. That file stays the definition. This one is faster, and gives the same bytes, the same state and the same answers; where one
 * of its conditions does not hold it does nothing, and the handshake goes by messages.
 *
 * Why it is the same: an arrival announces itself when no message waits, so that its announcement and the three messages after it are
 * delivered in one run of the turns, without a command, a timer or the end of a batch between them. What each of them finds is known:
 *
 * 1. Announcement: the standing side has no open proposal and is not closing, for either comes of a deal in flight, and there is none.
 *    It has lots free, and its limit reaches the price: this is asked here as there, since no safety rests on the board. It proposes
 *    what both have free.
 * 2. Proposal: the arriving side is not in doubt and not closing either, and a deal that has just begun is not over. It has no less
 *    free than was proposed, and its limit reaches the price: so it accepts all of it. Both live here, since a board has no others, so
 *    what is answered to other shards stays as it is.
 * 3. Acceptance: the deal is the one that was proposed, and undecided. It is confirmed, and the initiator settles.
 * 4. Confirmation: the deal is decided, and the responder settles.
 *
 * What it leaves: two more events in either stream, and one more proposal of the initiator, decided. What was reserved is free or filled,
 * the initiator first: of two rows that are freed the later is given away first. The deal has left the table, and took the place there that
 * the next one gets. No deadline was set, since those are for what is still in flight when the run is over.
 *
 * Fill-or-kill and the rules about one's own intentions come before the announcement, so they are the same on either way. What throws
 * here is no negotiator's fault: the shard stops, and nothing of it becomes durable.
 */
import type { Market } from '../market.js';
import type { Recorder } from '../recorder.js';
import { Outcome } from '../terms.js';

export class FusedHandshake {
  private readonly market: Market;

  constructor(private readonly recorder: Recorder) {
    this.market = recorder.market;
  }

  /** Records the deal of a standing and an arriving intention at this price. False where it has done nothing. */
  settle(standing: number, arriving: number, priceTicks: number): boolean {
    const { negotiators, deals } = this.market;
    const lots = Math.min(negotiators.freeLots(standing), negotiators.freeLots(arriving));
    if (deals.size > 0 || lots <= 0) return false;
    if (!negotiators.reaches(standing, priceTicks) || !negotiators.reaches(arriving, priceTicks)) return false;
    this.record(standing, arriving, priceTicks, lots);
    this.apply(standing, arriving, priceTicks, lots);
    return true;
  }

  private record(standing: number, arriving: number, priceTicks: number, quantityLots: number): void {
    const { negotiators } = this.market;
    this.recorder.journal.wholeHandshake({
      initiatorId: negotiators.id(standing),
      initiatorRevision: negotiators.revision(standing),
      dealNumber: negotiators.proposals(standing) + 1,
      responderId: negotiators.id(arriving),
      priceTicks,
      quantityLots,
      responderRevision: negotiators.revision(arriving),
      instrumentId: negotiators.instrumentId(standing),
      initiatorSide: negotiators.side(standing),
      initiatorParticipantId: negotiators.participantId(standing),
      responderParticipantId: negotiators.participantId(arriving),
    });
  }

  private apply(standing: number, arriving: number, priceTicks: number, lots: number): void {
    const { market, recorder } = this;
    const { negotiators } = market;
    const { outcome } = recorder;
    const initiatorId = negotiators.id(standing);
    const dealNumber = negotiators.proposals(standing) + 1;
    if (negotiators.id(arriving) === outcome.intentionId) {
      // The decision is the third of the five events.
      outcome.dealt({ initiatorId, dealNumber, priceTicks, lots, position: recorder.position + 2 });
    }
    recorder.position += 5;
    negotiators.setProposals(standing, dealNumber);
    negotiators.setLastDecision(standing, Outcome.Confirmed, priceTicks, lots);
    negotiators.addRevisions(standing, 2);
    negotiators.addRevisions(arriving, 2);
    market.applyConfirmation(negotiators.instrumentId(standing), lots);
    market.applyFill(standing, lots, lots);
    market.applyFill(arriving, lots, lots);
  }
}
