/** Whether the naive exchange would take a command as things stand, or the code that it would refuse it with. */
import { stepsOf } from './naive/decimals.js';
import type { Command, PostBody } from './history.js';
import { auctionOf, counterparties, type NaiveIntention } from './naive/naive-exchange.js';
import { type Instrument, openLots, type State } from './naive/state.js';

export function judge(state: State, command: Command): string | undefined {
  switch (command.kind) {
    case 'post':
      return judgePost(state, command.body);
    case 'list': {
      const listed = state.instrument(command.symbol)?.body;
      const differs = listed && (listed.tickSize !== command.body.tickSize || listed.lotSize !== command.body.lotSize);
      return differs === true ? 'INSTRUMENT_DIFFERS' : undefined;
    }
    case 'phase': {
      const instrument = state.instrument(command.symbol);
      if (instrument === undefined) return 'UNKNOWN_INSTRUMENT';
      if (instrument.phase === command.phase || command.phase === 'call') return undefined;
      return auctionOf(instrument).volumeLots > 0 ? 'WRONG_PHASE' : undefined;
    }
    case 'uncross': {
      const instrument = state.instrument(command.symbol);
      if (instrument === undefined) return 'UNKNOWN_INSTRUMENT';
      return instrument.phase === 'call' ? undefined : 'WRONG_PHASE';
    }
    default:
      return judgeChange(state, command);
  }
}

function judgePost(state: State, body: PostBody): string | undefined {
  const instrument = state.instrument(body.instrument);
  if (instrument === undefined) return 'UNKNOWN_INSTRUMENT';
  const { tickSize, lotSize } = instrument.body;
  const ticks = body.price === undefined ? undefined : stepsOf(body.price, tickSize);
  if (ticks !== undefined && isOutOfBand(instrument, ticks)) return 'PRICE_OUT_OF_BAND';
  const lots = stepsOf(body.quantity, lotSize);
  const wish = { side: body.side, ticks, lots, participantId: state.participantId(body.participant) };
  if (instrument.phase === 'continuous') return forbidden(instrument, wish, body.postOnly === true);
  const isInstant = body.timeInForce === 'fok' || (body.timeInForce === 'ioc' && body.type !== 'market');
  return isInstant || body.postOnly === true ? 'WRONG_PHASE' : undefined;
}

type Change = Extract<Command, { readonly id: string }>;

function judgeChange(state: State, change: Change): string | undefined {
  const order = state.order(change.id);
  if (order === undefined) return 'UNKNOWN_INTENTION';
  const { instrument } = order;
  const { tickSize, lotSize } = instrument.body;
  if (order.status !== 'open') return 'INTENTION_CLOSED';
  if (change.kind === 'withdraw') return undefined;
  if (change.kind === 'reduce') return stepsOf(change.by, lotSize) > openLots(order) ? 'NOT_LESS' : undefined;
  if (order.isMarket) return 'INVALID_COMBINATION';
  const ticks = stepsOf(change.price, tickSize);
  if (isOutOfBand(instrument, ticks)) return 'PRICE_OUT_OF_BAND';
  if (instrument.phase === 'call') return undefined;
  const { participantId, body } = order;
  const wish = { side: body.side, ticks, lots: stepsOf(change.quantity, lotSize), participantId };
  return forbidden(instrument, wish, body.postOnly === true);
}

function isOutOfBand({ body }: Instrument, ticks: number): boolean {
  return ticks < stepsOf(body.minPrice, body.tickSize) || ticks > stepsOf(body.maxPrice, body.tickSize);
}

function forbidden(instrument: Instrument, wish: NaiveIntention, isPostOnly: boolean): string | undefined {
  const others = counterparties(instrument, wish);
  if (isPostOnly && others.length > 0) return 'POST_ONLY_WOULD_DEAL';
  if (instrument.body.selfTrade !== 'refuseArriving') return undefined;
  let left = wish.lots;
  for (const other of others) {
    if (left <= 0) return undefined;
    if (other.participantId === wish.participantId) return 'SELF_TRADE';
    left -= openLots(other);
  }
  return undefined;
}
