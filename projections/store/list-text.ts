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

function orderedDeal(deal: DealView): object {
  const { id, outcome, position, at, instrument, price, quantity } = deal;
  const { buyer, seller, buyerIntention, sellerIntention, takerSide } = deal;
  return {
    ...{ id, outcome, position, at, instrument, price, quantity },
    ...{ buyer, seller, buyerIntention, sellerIntention, takerSide },
  };
}

/** What is undefined is left out of the text. */
function orderedIntention(intention: IntentionView): object {
  const { id, clientIntentionId, participant, instrument, side, type, quantity, timeInForce, postOnly } = intention;
  const { status, open, reserved, filled, postedAt, postedPosition, postedQuantity } = intention;
  const { price, expiresAt, postedPrice, closedReason, closedAt, closedPosition } = intention;
  return {
    ...{ id, clientIntentionId, participant, instrument, side, type, quantity, timeInForce, postOnly },
    ...{ status, open, reserved, filled, postedAt, postedPosition, postedQuantity },
    ...{ price, expiresAt, postedPrice, closedReason, closedAt, closedPosition },
  };
}

function orderedPosition({ participant, instrument, bought, sold, net, cash }: PositionView): object {
  return { participant, instrument, bought, sold, net, cash };
}
