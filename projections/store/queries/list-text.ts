/**
 * Lists as the JSON text of their whole answer, made where the rows are: the server sends it on without looking at a row.
 *
 * 1. Fields come in the order in which the schemas of the HTTP interface name them, those that are always there first: the order in which
 *    its serialisers write them.
 */
import type { FoundIn, Heads } from './found.js';
import type { AccountView } from './account.js';
import type { ListName, WholeName } from '../desk/sharded-queries.js';
import type { IntentionView } from './views.js';

const utf8 = new TextEncoder();

/** Under which name a list stands in its answer. */
const nameOf: Readonly<Record<ListName, string>> = {
  deals: 'deals',
  intentions: 'intentions',
  intentionsByClientId: 'intentions',
  positions: 'positions',
  doubts: 'doubts',
};

/** Whether an answer is about one instrument, and so stands in one shard; or else about many. */
const isOfOne: Readonly<Record<WholeName, boolean>> = {
  trades: true,
  candles: true,
  ticker: true,
  tickers: false,
  account: false,
};

export function isList(query: string): query is ListName {
  return Object.hasOwn(nameOf, query);
}

export function isWhole(query: string): query is WholeName {
  return Object.hasOwn(isOfOne, query);
}

/** An answer with where it stands: `"position":7`, and with several shards `"shard":1` where it is about one instrument. */
export function wholeText(
  query: WholeName,
  { value, heads }: FoundIn<object>,
  isOnly: boolean,
): Uint8Array<ArrayBuffer> {
  const shown = query === 'account' ? orderedAccount(value as AccountView) : value; // which it is answered with
  const [shard, position] = [...heads].at(-1) ?? [];
  const inOne = `"position":${String(position)}${isOnly ? '' : `,"shard":${String(shard)}`}`;
  return utf8.encode(`${JSON.stringify(shown).slice(0, -1)},${isOfOne[query] ? inOne : asOf(heads, isOnly)}}`);
}

function orderedAccount({ intentions, ...account }: AccountView): object {
  const { participant, ...rest } = account;
  return { participant, intentions: intentions.map(ordered), ...rest };
}

/** `{"deals":[…],"position":7}`: with several shards, `"positionByShard":{"0":7,…}`. */
export function listText(
  query: ListName,
  { value, heads }: FoundIn<readonly object[]>,
  isOnly: boolean,
): Uint8Array<ArrayBuffer> {
  const name = nameOf[query];
  const rows = name === 'intentions' ? value.map((row) => ordered(row as IntentionView)) : value; // a list has rows of one kind
  return utf8.encode(`{"${name}":${JSON.stringify(rows)},${asOf(heads, isOnly)}}`);
}

function asOf(heads: Heads, isOnly: boolean): string {
  const [only] = isOnly ? heads.values() : [];
  return only === undefined
    ? `"positionByShard":${JSON.stringify(Object.fromEntries(heads))}`
    : `"position":${String(only)}`;
}

/** Views of deals and positions have this order already. What is undefined is left out. Written out: spreading costs more than all the rest. */
function ordered(intention: IntentionView): object {
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
