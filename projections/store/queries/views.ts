import { formatPrice, formatQuantity } from '../../../src/domain/instrument.js';
import {
  abortReasonNames,
  Counterparties,
  Pricing,
  pricingNames,
  Side,
  sideNames,
  timeInForceNames,
  withdrawReasonNames,
} from '../../../src/domain/terms.js';
import type { DirectoryFold } from '../../directory/directory.js';
import { nameOf, shownInstrument, timeText } from '../../directory/views.js';
import { shownTo } from '../../tape/hidden.js';
import { type DealView, dealView } from '../../tape/views.js';
import { dealName } from '../../ledger/deal-name.js';
import type { Row } from '../database/database.js';
import { Status, statusNames } from '../database/status.js';

/** An intention as people see it. */
export interface IntentionView {
  readonly id: string;
  readonly clientIntentionId: string;
  readonly participant: string;
  readonly instrument: string;
  readonly side: (typeof sideNames)[number];
  readonly type: (typeof pricingNames)[number];
  /** The limit as it is now; absent for a market intention. */
  readonly price?: string;
  /** Filled and open together, as it is now. */
  readonly quantity: string;
  readonly timeInForce: (typeof timeInForceNames)[number];
  readonly expiresAt?: string;
  readonly postOnly: boolean;
  readonly status: (typeof statusNames)[number];
  /** What may still be dealt, reserved or not. */
  readonly open: string;
  readonly reserved: string;
  readonly filled: string;
  readonly postedAt: string;
  readonly postedPosition: number;
  /** The terms it was posted with, before reductions and replacements. */
  readonly postedPrice?: string;
  readonly postedQuantity: string;
  /** Why it was withdrawn. */
  readonly closedReason?: (typeof withdrawReasonNames)[number];
  readonly closedAt?: string;
  readonly closedPosition?: number;
}

/** A deal that came to nothing. */
export interface AbortedDealView {
  readonly id: string;
  readonly outcome: 'aborted';
  readonly position: number;
  readonly at: string;
  readonly reason: (typeof abortReasonNames)[number];
  /** Of the other side absent where the instrument hides counterparties from who is shown it. */
  readonly initiatorIntention?: string;
  readonly responderIntention?: string;
  /** Only among the deals of several shards: the one that decided it. */
  readonly shard?: number;
}

/** From a row of `intentions`, all its columns. */
export function intentionFromRow(directory: DirectoryFold, row: Row): IntentionView {
  const clientIntentionId = String(row[1]);
  const [id = 0, , participantId = 0, instrumentId = 0, side = 0, pricing = 0, postedPrice = 0, postedQuantity = 0] =
    row as readonly number[]; // but for client_id, an intention's columns are whole numbers
  const [timeInForce = 0, postOnly = 0, expiresAtMs = 0, postedAtMs = 0, postedPosition = 0] = row.slice(8) as number[]; // likewise
  const [price = 0, quantity = 0, filled = 0, reserved = 0, status = 0, ...closed] = row.slice(13) as number[]; // likewise
  const [reason = 0, closedAtMs = 0, closedPosition = 0] = closed;
  const instrument = shownInstrument(directory, instrumentId);
  const isLimit = pricing === Pricing.Limit;
  return {
    id: String(id),
    clientIntentionId,
    participant: directory.participantName(participantId),
    instrument: instrument.symbol,
    side: nameOf(sideNames, side),
    type: nameOf(pricingNames, pricing),
    ...(isLimit && { price: formatPrice(instrument, price) }),
    quantity: formatQuantity(instrument, quantity),
    timeInForce: nameOf(timeInForceNames, timeInForce),
    ...(expiresAtMs > 0 && { expiresAt: timeText(expiresAtMs) }),
    postOnly: postOnly === 1,
    status: nameOf(statusNames, status),
    open: formatQuantity(instrument, status === Status.Open ? quantity - filled : reserved),
    reserved: formatQuantity(instrument, reserved),
    filled: formatQuantity(instrument, filled),
    postedAt: timeText(postedAtMs),
    postedPosition,
    ...(isLimit && { postedPrice: formatPrice(instrument, postedPrice) }),
    postedQuantity: formatQuantity(instrument, postedQuantity),
    ...(status === Status.Withdrawn && { closedReason: nameOf(withdrawReasonNames, reason) }),
    ...(status !== Status.Open && { closedAt: timeText(closedAtMs), closedPosition }),
  };
}

/** From a row of `deals`, all its columns, as its viewer may see it; undefined: who sees all. */
export function dealFromRow(directory: DirectoryFold, row: Row, viewer?: string): DealView {
  const [position = 0, dealNumber = 0, initiatorSide = 0, buyerId = 0, buyer = 0, sellerId = 0, seller = 0, ...terms] =
    row as readonly number[]; // a deal's columns are whole numbers
  const [instrumentId = 0, priceTicks = 0, quantityLots = 0, atMs = 0] = terms;
  const buysAsInitiator = initiatorSide === Side.Buy;
  const deal = dealView(directory, {
    position,
    atMs,
    initiatorId: buysAsInitiator ? buyerId : sellerId,
    dealNumber,
    responderId: buysAsInitiator ? sellerId : buyerId,
    instrumentId,
    initiatorSide,
    initiatorParticipantId: buysAsInitiator ? buyer : seller,
    responderParticipantId: buysAsInitiator ? seller : buyer,
    priceTicks,
    quantityLots,
  });
  const { counterparties } = shownInstrument(directory, instrumentId);
  return shownTo(viewer, counterparties === Counterparties.Hidden, deal);
}

/** From a row of `aborted_deals`, all its columns. */
export function abortedDealFromRow(row: Row): AbortedDealView {
  const [position = 0, initiatorId = 0, dealNumber = 0, responderId = 0, reason = 0, atMs = 0] =
    row as readonly number[]; // its columns are whole numbers
  return {
    id: dealName({ initiatorId, dealNumber }),
    outcome: 'aborted',
    position,
    at: timeText(atMs),
    reason: nameOf(abortReasonNames, reason),
    initiatorIntention: String(initiatorId),
    responderIntention: String(responderId),
  };
}
