import type * as Recorded from '../../../domain/journal.generated.js';
import { ReadModel } from '../../../../projections/model/read-model.js';
import { ClosedIntentions } from './closed-intentions.js';
import { Columns } from './columns.js';

const NONE = -1;

/**
 * All that a file has to be read at once: the model of its end, and in columns what is over and what the time line shows, each with its
 * position, so that it can be told as of any moment.
 */
export class FileFold extends ReadModel {
  readonly closed = new ClosedIntentions();
  readonly deals = new Columns({
    ...{ position: 'f64', atMs: 'f64', initiatorId: 'f64', dealNumber: 'f64', responderId: 'f64' },
    ...{ instrumentId: 'u32', initiatorParticipantId: 'u32', responderParticipantId: 'u32' },
    ...{ priceTicks: 'u32', quantityLots: 'f64', initiatorSide: 'u8' },
  });
  readonly abortedDeals = new Columns({
    ...{ position: 'f64', atMs: 'f64', initiatorId: 'f64', dealNumber: 'f64', responderId: 'f64', reason: 'u8' },
  });
  readonly restarts = new Columns({ position: 'f64', atMs: 'f64', epoch: 'f64' });
  readonly auctions = new Columns({
    ...{ position: 'f64', atMs: 'f64', instrumentId: 'u32', priceTicks: 'u32', volumeLots: 'f64', deals: 'f64' },
  });
  /** By instrument, the auction whose deals may follow, up to its volume and before the phase changes: its row, and what is left of that. */
  private readonly uncrossing = new Map<number, { readonly row: number; lots: number }>();

  override shardStarted({ epoch, atMs }: Recorded.ShardStarted): void {
    this.restarts.push({ position: this.position, atMs, epoch });
  }

  override auctionUncrossed(event: Recorded.AuctionUncrossed): void {
    const { instrumentId, priceTicks, volumeLots, atMs } = event;
    const { position } = this;
    const row = this.auctions.push({ position, atMs, instrumentId, priceTicks, volumeLots, deals: 0 });
    this.uncrossing.set(instrumentId, { row, lots: volumeLots });
  }

  protected override confirmed(deal: Recorded.DealConfirmed): void {
    super.confirmed(deal);
    const { position, atMs } = this;
    this.deals.push({ ...deal, position, atMs });
    const auction = this.uncrossing.get(deal.instrumentId);
    if (auction === undefined || auction.lots <= 0) return;
    auction.lots -= deal.quantityLots;
    this.auctions.set('deals', auction.row, this.auctions.get('deals', auction.row) + 1);
  }

  protected override aborted(deal: Recorded.DealAborted): void {
    super.aborted(deal);
    const { initiatorId, dealNumber, responderId, reason } = deal;
    const { position, atMs } = this;
    this.abortedDeals.push({ position, atMs, initiatorId, dealNumber, responderId, reason });
  }

  override phaseChanged(event: Recorded.PhaseChanged): void {
    super.phaseChanged(event);
    this.uncrossing.delete(event.instrumentId);
  }

  override dealSettled(event: Recorded.DealSettled): void {
    const row = this.intentions.find(event.intentionId);
    super.dealSettled(event);
    this.keepIfOver(event.intentionId, row);
  }

  override intentionReduced(event: Recorded.IntentionReduced): void {
    const row = this.intentions.find(event.intentionId);
    super.intentionReduced(event);
    this.keepIfOver(event.intentionId, row);
  }

  override intentionWithdrawn(event: Recorded.IntentionWithdrawn): void {
    const row = this.intentions.find(event.intentionId);
    super.intentionWithdrawn(event);
    this.keepIfOver(event.intentionId, row);
  }

  override intentionExpired(event: Recorded.IntentionExpired): void {
    const row = this.intentions.find(event.intentionId);
    super.intentionExpired(event);
    this.keepIfOver(event.intentionId, row);
  }

  /** `row`: where it stood before the event. */
  private keepIfOver(intentionId: number, row: number): void {
    if (row === NONE || this.intentions.has(intentionId)) return;
    this.closed.add(this.intentions, row, intentionId, this.position);
  }
}
