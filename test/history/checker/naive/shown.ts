/** The market as the HTTP interface shows it, as JSON: what an answer must be, except for the position that it carries. */
import { crc32 } from 'node:zlib';
import { decimalsOf, textOfSteps, textOfUnits, unitsOf } from './decimals.js';
import type { Command, DealsQuery, IntentionsQuery, Json, Query, Reply } from '../history.js';
import { queue } from './naive-exchange.js';
import { type Deal, type Holding, type Instrument, openLots, type Order, type State } from './state.js';

export function shown(state: State, query: Query): Reply {
  switch (query.kind) {
    case 'book':
      return found(state.instrument(query.symbol), 'UNKNOWN_INSTRUMENT', (one) => book(one, query.depth));
    case 'instruments':
      return { status: 200, body: { instruments: state.instruments.map(instrumentView) } };
    case 'instrument':
      return found(state.instrument(query.symbol), 'UNKNOWN_INSTRUMENT', instrumentView);
    case 'intention':
      return found(state.order(query.id), 'UNKNOWN_INTENTION', orderView);
    case 'intentions':
      return { status: 200, body: { intentions: ordersOf(state, query.query).map(orderView) } };
    case 'deals':
      return { status: 200, body: { deals: dealsOf(state, query.query).map(dealView) } };
    case 'positions': {
      const id = query.participant === undefined ? undefined : state.participantId(query.participant);
      const held = state.holdings().filter(({ participantId }) => id === undefined || participantId === id);
      return { status: 200, body: { positions: held.slice(0, query.limit).map((one) => holdingView(state, one)) } };
    }
  }
}

/** What is said of a thing that may not be there. */
function found<Thing>(thing: Thing | undefined, code: string, view: (thing: Thing) => Json): Reply {
  return thing === undefined ? { status: 404, body: { code } } : { status: 200, body: view(thing) };
}

/** The answer to a command that was taken, as things stand once all its steps have been applied. `position` is that of its own event. */
export function answerTo(state: State, command: Command, position: number): Json {
  switch (command.kind) {
    case 'post': {
      const order = state.orders.at(-1);
      return order?.postedPosition !== position
        ? {}
        : { ...termsOf(order, order.postedTicks, order.postedLots), position, ...outcomeOf(state, order) };
    }
    case 'list':
    case 'phase':
      return found(state.instrument(command.symbol), '', instrumentView).body;
    case 'uncross':
      return auctionResult(state, command.symbol, position);
    default: {
      const order = state.order(command.id);
      return order === undefined ? {} : standing(order, position);
    }
  }
}

/** The answer to a withdrawal of one that has closed before. */
export function answerEnded(order: Order): Json {
  return standing(order, order.closedPosition);
}

function standing(order: Order, position: number): Json {
  const { lotSize } = order.instrument.body;
  const open = textOfSteps(openLots(order), lotSize);
  const reason = order.status === 'withdrawn' ? { closedReason: order.closedReason } : {};
  const filled = textOfSteps(order.filled, lotSize);
  return { id: String(order.id), status: order.status, open, filled, ...reason, position };
}

/** What came of an order in its own turn, which has just ended. */
function outcomeOf(state: State, order: Order): Json {
  const { tickSize, lotSize } = order.instrument.body;
  const deals = state.deals.filter(({ responder }) => responder === order);
  const paid = deals.reduce((sum, { ticks, lots }) => sum + BigInt(ticks) * BigInt(lots), 0n);
  return {
    ...{
      status: order.status,
      filled: textOfSteps(order.filled, lotSize),
      open: textOfSteps(openLots(order), lotSize),
    },
    ...(order.filled > 0 && { averagePrice: average(paid, BigInt(order.filled), tickSize) }),
    ...(order.status === 'withdrawn' && { closedReason: order.closedReason }),
    deals: deals.map(({ initiator, number, ticks, lots, position }) => ({
      ...{ id: `${initiator.id}-${number}`, price: textOfSteps(ticks, tickSize) },
      ...{ quantity: textOfSteps(lots, lotSize), position },
    })),
  };
}

/** Six decimals beyond those of a price, half up; zeros at the end are left out as far as those. */
function average(paid: bigint, lots: bigint, tickSize: string): string {
  const decimals = decimalsOf(tickSize);
  const units = paid * unitsOf(tickSize, decimals) * 1_000_000n;
  const whole = textOfUnits((units * 2n + lots) / (lots * 2n), decimals + 6);
  const [before = '', after = ''] = whole.split('.');
  const shown = after.slice(0, decimals) + after.slice(decimals).replace(/0+$/, '');
  return shown === '' ? before : `${before}.${shown}`;
}

function auctionResult(state: State, symbol: string, position: number): Json {
  const deals = state.deals.filter((deal) => deal.position > position);
  const [first] = deals;
  const instrument = state.instrument(symbol);
  const { tickSize, lotSize } = instrument?.body ?? { tickSize: '1', lotSize: '1' };
  const volume = textOfSteps(
    deals.reduce((sum, { lots }) => sum + lots, 0),
    lotSize,
  );
  const price = first === undefined ? {} : { price: textOfSteps(first.ticks, tickSize) };
  return { instrument: symbol, ...price, volume, deals: deals.length, position };
}

function book(instrument: Instrument, depth: number): Json {
  const { symbol, phase } = instrument;
  const bids = levels(instrument, 'buy');
  const asks = levels(instrument, 'sell');
  const best = [...bids.slice(0, 10), ...asks.slice(0, 10)].map(({ price, quantity }) => `${price}:${quantity}`);
  const shownLevels = { bids: bids.slice(0, depth), asks: asks.slice(0, depth) };
  return { instrument: symbol, phase, ...shownLevels, checksum: crc32(best.join('|')) };
}

interface Level {
  readonly price: string;
  readonly quantity: string;
  readonly intentions: number;
}

/** Best first. */
function levels(instrument: Instrument, side: 'buy' | 'sell'): Level[] {
  const { tickSize, lotSize } = instrument.body;
  const byPrice = new Map<number, { lots: number; intentions: number }>();
  for (const order of queue(instrument, side)) {
    if (order.isMarket) continue;
    const level = byPrice.get(order.ticks) ?? { lots: 0, intentions: 0 };
    byPrice.set(order.ticks, { lots: level.lots + openLots(order), intentions: level.intentions + 1 });
  }
  return [...byPrice].map(([ticks, { lots, intentions }]) => ({
    price: textOfSteps(ticks, tickSize),
    quantity: textOfSteps(lots, lotSize),
    intentions,
  }));
}

function instrumentView({ symbol, phase, body }: Instrument): Json {
  const { tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade } = body;
  // None of this market hides who trades.
  return { symbol, tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade, counterparties: 'shown', phase };
}

function termsOf(order: Order, ticks: number, lots: number): Json {
  const { body, isMarket, instrument, expiresAtMs } = order;
  return {
    ...{ id: String(order.id), clientIntentionId: body.clientIntentionId, participant: body.participant },
    ...{ instrument: instrument.symbol, side: body.side, type: isMarket ? 'market' : 'limit' },
    ...(!isMarket && { price: textOfSteps(ticks, instrument.body.tickSize) }),
    ...{ quantity: textOfSteps(lots, instrument.body.lotSize), timeInForce: order.timeInForce },
    ...(expiresAtMs > 0 && { expiresAt: timeText(expiresAtMs) }),
    postOnly: body.postOnly ?? false,
  };
}

function orderView(order: Order): Json {
  const { tickSize, lotSize } = order.instrument.body;
  const quantity = (lots: number): string => textOfSteps(lots, lotSize);
  return {
    ...termsOf(order, order.ticks, order.lots),
    ...{ status: order.status, open: quantity(openLots(order)), reserved: quantity(order.reserved) },
    ...{ filled: quantity(order.filled), postedAt: timeText(order.postedAtMs), postedPosition: order.postedPosition },
    ...(!order.isMarket && { postedPrice: textOfSteps(order.postedTicks, tickSize) }),
    postedQuantity: quantity(order.postedLots),
    ...(order.status === 'withdrawn' && { closedReason: order.closedReason }),
    ...(order.status !== 'open' && { closedAt: timeText(order.closedAtMs), closedPosition: order.closedPosition }),
  };
}

function ordersOf(state: State, { participant, status, after, limit }: IntentionsQuery): Order[] {
  return state.orders
    .filter(({ body, id }) => body.participant === participant && id > Number(after ?? 0))
    .filter((order) => status === undefined || order.status === status)
    .slice(0, limit);
}

function dealsOf(state: State, { participant, instrument, intention, after, limit }: DealsQuery): Deal[] {
  const chosen = state.deals.filter(({ initiator, responder, position }) => {
    const sides = [initiator, responder];
    return (
      (participant === undefined || sides.some(({ body }) => body.participant === participant)) &&
      (intention === undefined || sides.some(({ id }) => String(id) === intention)) &&
      (instrument === undefined || initiator.instrument.symbol === instrument) &&
      (after === undefined || position > after)
    );
  });
  return after === undefined ? chosen.slice(-limit) : chosen.slice(0, limit);
}

function dealView({ position, atMs, number, initiator, responder, ticks, lots }: Deal): Json {
  const [buyer, seller] = initiator.body.side === 'buy' ? [initiator, responder] : [responder, initiator];
  const { symbol, body } = initiator.instrument;
  return {
    ...{ id: `${initiator.id}-${number}`, outcome: 'confirmed', position, at: timeText(atMs), instrument: symbol },
    ...{ price: textOfSteps(ticks, body.tickSize), quantity: textOfSteps(lots, body.lotSize) },
    ...{ buyer: buyer.body.participant, seller: seller.body.participant },
    ...{ buyerIntention: String(buyer.id), sellerIntention: String(seller.id), takerSide: responder.body.side },
  };
}

function holdingView(state: State, { participantId, instrument, bought, sold, turnover }: Holding): Json {
  const { tickSize, lotSize } = instrument.body;
  const cash = turnover * unitsOf(tickSize, decimalsOf(tickSize)) * unitsOf(lotSize, decimalsOf(lotSize));
  return {
    ...{ participant: state.participants[participantId - 1] ?? '', instrument: instrument.symbol },
    ...{
      bought: textOfSteps(bought, lotSize),
      sold: textOfSteps(sold, lotSize),
      net: textOfSteps(bought - sold, lotSize),
    },
    cash: textOfUnits(cash, decimalsOf(tickSize) + decimalsOf(lotSize)),
  };
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
