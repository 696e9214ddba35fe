/** The reasons and rules that events name, in words. */
import type { EventOf } from './names.js';

export const declineWords: Readonly<Record<EventOf<'ProposalDeclined'>['reason'], string>> = {
  closed: 'it is closed',
  nothingLeft: 'it has nothing left to deal',
  price: 'the price is worse than its limit',
  instrument: 'it is of another instrument',
  doubt: 'it is in doubt',
};

export const abortWords: Readonly<Record<EventOf<'DealAborted'>['reason'], string>> = {
  declined: 'it was declined',
  initiatorDeadline: 'no answer came before the initiator’s deadline',
  responderDeadline: 'no decision came before the responder’s deadline',
  parked: 'one side failed again and again, and was parked',
  recovery: 'a start of the shard found it undecided',
};

export const withdrawWords: Readonly<Record<EventOf<'IntentionWithdrawn'>['reason'], string>> = {
  requested: 'as was asked',
  immediateOrCancel: 'what did not deal at once',
  fillOrKill: 'all of it could not deal at once',
  marketRemainder: 'what the market did not take',
  selfTrade: 'it would have dealt with its own participant',
  parked: 'it failed again and again',
  switchLapsed: 'the dead man’s switch lapsed',
  halted: 'its participant was halted',
  disconnected: 'its client’s connection ended',
};

export const refusalWords: Readonly<Record<EventOf<'PostRefused'>['code'], string>> = {
  LIMIT_OPEN_QUANTITY: 'more would be open than the limit',
  LIMIT_NET_POSITION: 'the position could go beyond its limit',
  HALTED: 'the participant is halted',
  LIMIT_RATE: 'more intentions in a second than the limit',
};

export const priceRuleWords: Readonly<Record<EventOf<'InstrumentListed'>['priceRule'], string>> = {
  standing: 'deals at the standing side’s price',
  seller: 'deals at the seller’s price',
  midpoint: 'deals at the middle of both limits',
};

export const selfTradeWords: Readonly<Record<EventOf<'InstrumentListed'>['selfTrade'], string>> = {
  allow: 'a participant may deal with itself',
  refuseArriving: 'who would deal with itself is refused',
  withdrawStanding: 'who would deal with itself loses what stands',
};

export const timeInForceWords: Readonly<Record<EventOf<'IntentionPosted'>['timeInForce'], string>> = {
  gtc: 'until withdrawn',
  ioc: 'at once or not at all',
  fok: 'all at once or nothing',
  gtd: 'until',
};
