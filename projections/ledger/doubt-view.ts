import { isCrossShard } from '../../src/domain/ids.js';
import { formatPrice, formatQuantity } from '../../src/domain/instrument.js';
import type { DirectoryFold } from '../directory/directory.js';
import { shownInstrument, timeText } from '../directory/views.js';
import { dealName } from './deal-name.js';
import type { OpenDeal } from './open-deals.js';

/** A promise without a decision. */
export interface DoubtView {
  /** The id that the deal has, or would have. */
  readonly deal: string;
  readonly initiatorIntention: string;
  readonly responderIntention: string;
  readonly instrument: string;
  /** As they were promised last. */
  readonly price: string;
  readonly quantity: string;
  /** Whose promise stands: the initiator’s alone, or the responder’s too. */
  readonly state: 'proposed' | 'accepted';
  /** Of the latest promise. */
  readonly position: number;
  readonly at: string;
  /** How long ago that was, by the clock of who asks. */
  readonly ageMs: number;
  /** Who has the next word; `initiatorsShard`: the decision stands in the log of another shard, or will. */
  readonly settledBy: 'responder' | 'initiator' | 'initiatorsShard';
}

type Promised = Readonly<
  Pick<
    OpenDeal,
    | 'initiatorId'
    | 'dealNumber'
    | 'responderId'
    | 'proposedLots'
    | 'acceptedLots'
    | 'priceTicks'
    | 'promisedPosition'
    | 'promisedAtMs'
  >
>;

/** A promise that waits for its decision, as people see it. */
export function doubtView(directory: DirectoryFold, deal: Promised, instrumentId: number, nowMs: number): DoubtView {
  const { initiatorId, responderId, proposedLots, acceptedLots, promisedAtMs } = deal;
  const instrument = shownInstrument(directory, instrumentId);
  const isAccepted = acceptedLots > 0;
  const isDecidedRemotely = proposedLots === 0 && isCrossShard(initiatorId, responderId);
  return {
    deal: dealName(deal),
    initiatorIntention: String(initiatorId),
    responderIntention: String(responderId),
    instrument: instrument.symbol,
    price: formatPrice(instrument, deal.priceTicks),
    quantity: formatQuantity(instrument, isAccepted ? acceptedLots : proposedLots),
    state: isAccepted ? 'accepted' : 'proposed',
    position: deal.promisedPosition,
    at: timeText(promisedAtMs),
    ageMs: Math.max(0, nowMs - promisedAtMs),
    settledBy: isDecidedRemotely ? 'initiatorsShard' : isAccepted ? 'initiator' : 'responder',
  };
}
