/**
 * The exchange as its documents describe it, written a second time and as naively as can be: it looks through all that stands whenever it looks
 * for somebody. Every command is a sequence of steps, each of which must be the next event of the log:
 *
 * - the best price first, among those the oldest, whose place is the position of its post or of its last replacement;
 * - a deal is a handshake of five events: the older side proposes, the arriving one accepts, the decision, and both settle;
 * - its price is the standing side's limit, or as the instrument's rule says; a market side takes the other's limit;
 * - what is left of a market, ioc or fok intention is withdrawn; a fok that cannot be filled whole deals with nobody;
 * - an auction trades the most volume, then leaves the least surplus, then takes the highest price where buyers are in surplus, the
 *   lowest where sellers are, and the middle where they balance or change places.
 */
import { decimalsOf, stepsOf, unitsOf } from './decimals.js';
import type { Command, InstrumentBody, PostBody } from '../history.js';
import { type Instrument, openLots, type Order, type State, type Step } from './state.js';

type Steps = Generator<Step, void>;

/** The steps of a command that is taken; `judge` tells whether it is. The state must be kept up with each step before the next is asked for. */
export function* stepsOfCommand(state: State, command: Command): Steps {
  switch (command.kind) {
    case 'post':
      return yield* post(state, command.body);
    case 'withdraw':
      yield withdrawn(mustFind(state, command.id), 'requested');
      return;
    case 'reduce':
      yield reduced(mustFind(state, command.id), command.by);
      return;
    case 'replace':
      return yield* replace(mustFind(state, command.id), command.price, command.quantity);
    case 'list':
      return yield* list(state, command.symbol, command.body);
    case 'phase':
      return yield* changePhase(mustList(state, command.symbol), command.phase);
    case 'uncross':
      return yield* uncross(mustList(state, command.symbol));
  }
}

function mustFind(state: State, id: string): Order {
  const order = state.order(id);
  if (order === undefined) throw new Error(`there is no intention ${id}`);
  return order;
}

function mustList(state: State, symbol: string): Instrument {
  const instrument = state.instrument(symbol);
  if (instrument === undefined) throw new Error(`there is no instrument ${symbol}`);
  return instrument;
}

function* post(state: State, body: PostBody): Steps {
  const { number: instrumentId, body: terms, phase } = mustList(state, body.instrument);
  const participantId = state.participantId(body.participant);
  if (participantId > state.participants.length) {
    yield { type: 'ParticipantAdmitted', fields: { participantId, name: body.participant } };
  }
  const id = state.orders.length + 1;
  const fields = {
    ...{ intentionId: id, clientIntentionId: body.clientIntentionId, participantId, instrumentId, side: body.side },
    pricing: body.type ?? 'limit',
    priceTicks: body.price === undefined ? 0 : stepsOf(body.price, terms.tickSize),
    quantityLots: stepsOf(body.quantity, terms.lotSize),
    timeInForce: body.timeInForce ?? (body.type === 'market' ? 'ioc' : 'gtc'),
    postOnly: body.postOnly ?? false,
    expiresAtMs: body.expiresAt === undefined ? 0 : Date.parse(body.expiresAt),
  };
  yield { type: 'IntentionPosted', fields, id, body };
  if (phase === 'continuous') yield* arrive(mustFind(state, String(id)));
}

function reduced(order: Order, by: string): Step {
  const lots = stepsOf(by, order.instrument.body.lotSize);
  if (lots === openLots(order)) return withdrawn(order, 'requested');
  return { type: 'IntentionReduced', fields: { intentionId: order.id, byLots: lots }, order, lots };
}

function* replace(order: Order, price: string, quantity: string): Steps {
  const { body, phase } = order.instrument;
  const ticks = stepsOf(price, body.tickSize);
  const lots = stepsOf(quantity, body.lotSize);
  const fields = { intentionId: order.id, priceTicks: ticks, openLots: lots };
  yield { type: 'IntentionAmended', fields, order, ticks, lots };
  if (phase === 'continuous') yield* arrive(order);
}

function withdrawn(order: Order, reason: string): Step {
  return { type: 'IntentionWithdrawn', fields: { intentionId: order.id, reason } as { reason: string }, order };
}

/** What falls due by itself: nobody asks for it, the log says when. */
export function expired(order: Order): Step {
  return { type: 'IntentionExpired', fields: { intentionId: order.id }, order };
}

function* list(state: State, symbol: string, body: InstrumentBody): Steps {
  const listed = state.instrument(symbol);
  if (listed !== undefined && isSame(listed.body, body)) return;
  const { tickSize, lotSize, minPrice, maxPrice, priceRule, selfTrade } = body;
  const fields = {
    instrumentId: listed?.number ?? state.instruments.length + 1,
    symbol,
    ...{ priceDecimals: decimalsOf(tickSize), tickSize: Number(unitsOf(tickSize, decimalsOf(tickSize))) },
    ...{ quantityDecimals: decimalsOf(lotSize), lotSize: Number(unitsOf(lotSize, decimalsOf(lotSize))) },
    ...{ minPriceTicks: stepsOf(minPrice, tickSize), maxPriceTicks: stepsOf(maxPrice, tickSize), priceRule, selfTrade },
  };
  yield { type: 'InstrumentListed', fields, symbol, body };
}

export function isSame(one: InstrumentBody, other: InstrumentBody): boolean {
  return (['tickSize', 'lotSize', 'minPrice', 'maxPrice', 'priceRule', 'selfTrade'] as const).every(
    (field) => one[field] === other[field],
  );
}

function* changePhase(instrument: Instrument, phase: 'continuous' | 'call'): Steps {
  if (instrument.phase === phase) return;
  if (phase === 'continuous') yield* withdrawMarketOrders(instrument);
  yield { type: 'PhaseChanged', fields: { instrumentId: instrument.number, phase }, instrument, phase };
}

/** Buyers first, each side in the order of its places. */
function* withdrawMarketOrders(instrument: Instrument): Steps {
  for (const side of ['buy', 'sell'] as const) {
    for (const order of queue(instrument, side).filter(({ isMarket }) => isMarket)) {
      yield withdrawn(order, 'marketRemainder');
    }
  }
}

/** Everybody who stands on one side, whose turn it is first: market orders, then by price, then by place. */
export function queue(instrument: Instrument, side: 'buy' | 'sell'): Order[] {
  const sign = side === 'buy' ? -1 : 1;
  return [...instrument.open]
    .filter(({ body }) => body.side === side)
    .sort(
      (one, other) =>
        Number(other.isMarket) - Number(one.isMarket) || sign * (one.ticks - other.ticks) || one.place - other.place,
    );
}

/** A wish to deal, posted or not. */
export interface NaiveIntention {
  readonly side: 'buy' | 'sell';
  /** Undefined for a market order. */
  readonly ticks: number | undefined;
  readonly lots: number;
  readonly participantId: number;
}

/** Who stands on the other side at a price that suits, in the order in which they are asked. */
export function counterparties(instrument: Instrument, { side, ticks }: NaiveIntention): Order[] {
  const others = queue(instrument, side === 'buy' ? 'sell' : 'buy');
  return others.filter(
    (other) => ticks === undefined || (side === 'buy' ? other.ticks <= ticks : other.ticks >= ticks),
  );
}

function wishOf({ body, isMarket, ticks, lots, filled, participantId }: Order): NaiveIntention {
  return { side: body.side, ticks: isMarket ? undefined : ticks, lots: lots - filled, participantId };
}

function* arrive(order: Order): Steps {
  const { instrument, timeInForce } = order;
  const withdrawsOwn = instrument.body.selfTrade === 'withdrawStanding';
  const isOwn = (other: Order): boolean => other.participantId === order.participantId;
  const willing = counterparties(instrument, wishOf(order)).filter((other) => !withdrawsOwn || !isOwn(other));
  const within = willing.reduce((sum, other) => sum + openLots(other), 0);
  if (timeInForce !== 'fok' || within >= openLots(order)) {
    while (openLots(order) > 0 && order.status === 'open') {
      const [standing] = counterparties(instrument, wishOf(order));
      if (standing === undefined) break;
      if (withdrawsOwn && isOwn(standing)) yield withdrawn(standing, 'selfTrade');
      else yield* deal(standing, order, priceOf(standing, order), Math.min(openLots(standing), openLots(order)));
    }
  }
  if (order.status !== 'open') return;
  if (timeInForce === 'fok') yield withdrawn(order, 'fillOrKill');
  else if (order.isMarket) yield withdrawn(order, 'marketRemainder');
  else if (timeInForce === 'ioc') yield withdrawn(order, 'immediateOrCancel');
}

function priceOf(standing: Order, arriving: Order): number {
  const { priceRule } = standing.instrument.body;
  if (priceRule === 'standing' || arriving.isMarket) return standing.ticks;
  if (priceRule === 'midpoint') return Math.floor((standing.ticks + arriving.ticks) / 2);
  return standing.body.side === 'sell' ? standing.ticks : arriving.ticks;
}

function* deal(initiator: Order, responder: Order, ticks: number, lots: number): Steps {
  const dealNumber = initiator.proposals + 1;
  const priceTicks = ticks;
  const quantityLots = lots;
  const id = { initiatorId: initiator.id, dealNumber };
  const proposal = { intentionId: initiator.id, dealNumber, counterpartyId: responder.id, priceTicks, quantityLots };
  yield { type: 'ProposalMade', fields: proposal, order: initiator, lots };
  const acceptance = { intentionId: responder.id, ...id, priceTicks, quantityLots };
  yield { type: 'ProposalAccepted', fields: acceptance, order: responder, lots };
  const decision = {
    ...{ ...id, responderId: responder.id, instrumentId: initiator.instrument.number, priceTicks, quantityLots },
    ...{ initiatorSide: initiator.body.side, initiatorParticipantId: initiator.participantId },
    responderParticipantId: responder.participantId,
  };
  yield { type: 'DealConfirmed', fields: decision, initiator, responder, ticks, lots };
  for (const order of [initiator, responder]) {
    const fields = { intentionId: order.id, ...id, outcome: 'confirmed', priceTicks, quantityLots };
    yield { type: 'DealSettled', fields, order, lots };
  }
}

function* uncross(instrument: Instrument): Steps {
  const { priceTicks, volumeLots } = auctionOf(instrument);
  yield { type: 'AuctionUncrossed', fields: { instrumentId: instrument.number, priceTicks, volumeLots } };
  for (let left = volumeLots; left > 0;) {
    const [buyer] = queue(instrument, 'buy');
    const [seller] = queue(instrument, 'sell');
    if (buyer === undefined || seller === undefined) break;
    const [older, younger] = buyer.place < seller.place ? [buyer, seller] : [seller, buyer];
    const lots = Math.min(openLots(buyer), openLots(seller), left);
    yield* deal(older, younger, priceTicks, lots);
    left -= lots;
  }
  yield* withdrawMarketOrders(instrument);
}

export interface AuctionPlan {
  readonly priceTicks: number;
  readonly volumeLots: number;
}

export function auctionOf(instrument: Instrument): AuctionPlan {
  const standing = [...instrument.open];
  const prices = new Set(standing.filter(({ isMarket }) => !isMarket).map(({ ticks }) => ticks));
  const offers = [...prices]
    .sort((one, other) => one - other)
    .map((priceTicks) => {
      const demand = wanted(standing, 'buy', (ticks) => ticks >= priceTicks);
      const supply = wanted(standing, 'sell', (ticks) => ticks <= priceTicks);
      return { priceTicks, volume: Math.min(demand, supply), surplus: demand - supply };
    });
  const volumeLots = Math.max(0, ...offers.map(({ volume }) => volume));
  if (volumeLots === 0) return { priceTicks: 0, volumeLots: 0 };
  const fullest = offers.filter(({ volume }) => volume === volumeLots);
  const least = Math.min(...fullest.map(({ surplus }) => Math.abs(surplus)));
  const best = fullest.filter(({ surplus }) => Math.abs(surplus) === least);
  // From the highest price at which buyers are left over to the lowest at which sellers are, or over all that balance.
  const low = best.filter(({ surplus }) => surplus > 0).at(-1) ?? best.find(({ surplus }) => surplus === 0);
  const high = best.find(({ surplus }) => surplus < 0) ?? best.filter(({ surplus }) => surplus === 0).at(-1);
  const ends = [low ?? high, high ?? low].map((end) => end?.priceTicks ?? 0);
  return { priceTicks: Math.floor(((ends[0] ?? 0) + (ends[1] ?? 0)) / 2), volumeLots };
}

function wanted(standing: readonly Order[], side: 'buy' | 'sell', reaches: (ticks: number) => boolean): number {
  const willing = standing.filter(({ body, isMarket, ticks }) => body.side === side && (isMarket || reaches(ticks)));
  return willing.reduce((sum, order) => sum + openLots(order), 0);
}
