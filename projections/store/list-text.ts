/**
 * Lists as the JSON text of their whole answer, made where the rows are: whoever asked for one sends it on without looking at a row.
 *
 * 1. Fields come in the order in which the schemas of the HTTP interface name them, those that are always there first: the order in which
 *    its serialisers write them.
 */
import type { PositionView } from '../ledger/postings.js';
import type { DealView } from '../tape/views.js';
import type { FoundIn, Heads } from './found.js';
import type { ListName } from './sharded-queries.js';
import type { IntentionView } from './views.js';

const utf8 = new TextEncoder();

/** Under which name a list stands in its answer. */
const nameOf: Readonly<Record<ListName, string>> = {
  deals: 'deals',
  intentions: 'intentions',
  intentionsByClientId: 'intentions',
  positions: 'positions',
};

/** A row, its fields in order. The rows of a list are those of its query. */
type Ordered = (row: never) => object;
const orderedOf: Readonly<Record<ListName, Ordered>> = {
  deals: orderedDeal,
  intentions: orderedIntention,
  intentionsByClientId: orderedIntention,
  positions: orderedPosition,
};

export function isList(query: string): query is ListName {
  return Object.hasOwn(nameOf, query);
}

/** `{"deals":[…],"position":7}`: with several shards, `"positionByShard":{"0":7,…}`. */
export function listText(
  query: ListName,
  { value, heads }: FoundIn<readonly object[]>,
  isOnly: boolean,
): Uint8Array<ArrayBuffer> {
  const rows = JSON.stringify(value.map(orderedOf[query] as (row: object) => object));
  return utf8.encode(`{"${nameOf[query]}":${rows},${asOf(heads, isOnly)}}`);
}

function asOf(heads: Heads, isOnly: boolean): string {
  const [only] = isOnly ? heads.values() : [];
  return only === undefined
    ? `"positionByShard":${JSON.stringify(Object.fromEntries(heads))}`
    : `"position":${String(only)}`;
}

// Written out: spreading costs more than all the rest.

function orderedDeal(deal: DealView): object {
  return {
    id: deal.id,
    outcome: deal.outcome,
    position: deal.position,
    at: deal.at,
    instrument: deal.instrument,
    price: deal.price,
    quantity: deal.quantity,
    buyer: deal.buyer,
    seller: deal.seller,
    buyerIntention: deal.buyerIntention,
    sellerIntention: deal.sellerIntention,
    takerSide: deal.takerSide,
  };
}

/** What is undefined is left out of the text. */
function orderedIntention(intention: IntentionView): object {
  return {
    id: intention.id,
    clientIntentionId: intention.clientIntentionId,
    participant: intention.participant,
    instrument: intention.instrument,
    side: intention.side,
    type: intention.type,
    quantity: intention.quantity,
    timeInForce: intention.timeInForce,
    postOnly: intention.postOnly,
    status: intention.status,
    open: intention.open,
    reserved: intention.reserved,
    filled: intention.filled,
    postedAt: intention.postedAt,
    postedPosition: intention.postedPosition,
    postedQuantity: intention.postedQuantity,
    price: intention.price,
    expiresAt: intention.expiresAt,
    postedPrice: intention.postedPrice,
    closedReason: intention.closedReason,
    closedAt: intention.closedAt,
    closedPosition: intention.closedPosition,
  };
}

function orderedPosition(position: PositionView): object {
  return {
    participant: position.participant,
    instrument: position.instrument,
    bought: position.bought,
    sold: position.sold,
    net: position.net,
    cash: position.cash,
  };
}
