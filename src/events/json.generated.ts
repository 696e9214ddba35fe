// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.

import {
  checkControl,
  DamagedEventError,
  takeChoice,
  takeControl,
  takeDigest,
  takeGrouped,
  takeInteger,
  takeText,
  toHex,
} from './bytes.js';
import type { ByteCursor } from './bytes.js';
import { quoted } from './json-text.js';

/** What is told of an event beside its JSON. */
export interface ToldEvent {
  type: string;
  stream: string;
}

/**
 * Reads one event of any version and returns it as JSON, in the version in which it is stored: the text that JSON.stringify makes of
 * `decodeEvent`, without the object. `ofShard` numbers the shard, for the events of its own stream.
 */
export function readEventJson(cursor: ByteCursor, ofShard: number, told: ToldEvent): string {
  const start = cursor.at;
  const control = takeControl(cursor);
  switch (control & 0xff) {
    case 1: {
      checkControl(control, 4, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const shard = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const epoch = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      told.type = 'ShardStarted';
      told.stream = `shard-${ofShard}`;
      return `{"type":"ShardStarted","version":1,"revision":${revision},"shard":${shard},"epoch":${epoch},"atMs":${atMs}}`;
    }
    case 2: {
      checkControl(control, 1, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const digest = takeDigest(cursor);
      told.type = 'BatchSealed';
      told.stream = `shard-${ofShard}`;
      return `{"type":"BatchSealed","version":1,"revision":${revision},"digest":"${toHex(digest)}"}`;
    }
    case 3: {
      checkControl(control, 3, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const name = takeText(cursor);
      told.type = 'ParticipantAdmitted';
      told.stream = `shard-${ofShard}`;
      return `{"type":"ParticipantAdmitted","version":1,"revision":${revision},"participantId":${participantId},"name":${quoted(name)},"atMs":${atMs}}`;
    }
    case 4: {
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const priceDecimals = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const tickSize = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const quantityDecimals = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const lotSize = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      const minPriceTicks = takeGrouped(cursor, ((control >>> 26) & 7) + 1);
      const maxPriceTicks = takeGrouped(cursor, ((control >>> 29) & 7) + 1);
      const symbol = takeText(cursor);
      const priceRule = takeChoice(cursor, 3);
      const selfTrade = takeChoice(cursor, 3);
      const atMs = takeInteger(cursor);
      told.type = 'InstrumentListed';
      told.stream = `shard-${ofShard}`;
      return `{"type":"InstrumentListed","version":1,"revision":${revision},"instrumentId":${instrumentId},"symbol":${quoted(symbol)},"priceDecimals":${priceDecimals},"tickSize":${tickSize},"quantityDecimals":${quantityDecimals},"lotSize":${lotSize},"minPriceTicks":${minPriceTicks},"maxPriceTicks":${maxPriceTicks},"priceRule":"${["standing","seller","midpoint"][priceRule] as string}","selfTrade":"${["allow","refuseArriving","withdrawStanding"][selfTrade] as string}","atMs":${atMs}}`;
    }
    case 5: {
      checkControl(control, 3, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const phase = takeChoice(cursor, 2);
      told.type = 'PhaseChanged';
      told.stream = `shard-${ofShard}`;
      return `{"type":"PhaseChanged","version":1,"revision":${revision},"instrumentId":${instrumentId},"phase":"${["continuous","call"][phase] as string}","atMs":${atMs}}`;
    }
    case 6: {
      checkControl(control, 5, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const volumeLots = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      told.type = 'AuctionUncrossed';
      told.stream = `shard-${ofShard}`;
      return `{"type":"AuctionUncrossed","version":1,"revision":${revision},"instrumentId":${instrumentId},"priceTicks":${priceTicks},"volumeLots":${volumeLots},"atMs":${atMs}}`;
    }
    case 7: {
      checkControl(control, 3, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const knownPosition = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const evidence = takeText(cursor);
      told.type = 'LossAccepted';
      told.stream = `shard-${ofShard}`;
      return `{"type":"LossAccepted","version":1,"revision":${revision},"knownPosition":${knownPosition},"evidence":${quoted(evidence)},"atMs":${atMs}}`;
    }
    case 8: {
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const priceDecimals = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const tickSize = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const quantityDecimals = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const lotSize = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      const minPriceTicks = takeGrouped(cursor, ((control >>> 26) & 7) + 1);
      const maxPriceTicks = takeGrouped(cursor, ((control >>> 29) & 7) + 1);
      const symbol = takeText(cursor);
      const priceRule = takeChoice(cursor, 3);
      const selfTrade = takeChoice(cursor, 3);
      const counterparties = takeChoice(cursor, 2);
      const atMs = takeInteger(cursor);
      told.type = 'InstrumentListed';
      told.stream = `shard-${ofShard}`;
      return `{"type":"InstrumentListed","version":2,"revision":${revision},"instrumentId":${instrumentId},"symbol":${quoted(symbol)},"priceDecimals":${priceDecimals},"tickSize":${tickSize},"quantityDecimals":${quantityDecimals},"lotSize":${lotSize},"minPriceTicks":${minPriceTicks},"maxPriceTicks":${maxPriceTicks},"priceRule":"${["standing","seller","midpoint"][priceRule] as string}","selfTrade":"${["allow","refuseArriving","withdrawStanding"][selfTrade] as string}","counterparties":"${["shown","hidden"][counterparties] as string}","atMs":${atMs}}`;
    }
    case 9: {
      checkControl(control, 5, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const withinMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const lapsesAtMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      told.type = 'SwitchSet';
      told.stream = `shard-${ofShard}`;
      return `{"type":"SwitchSet","version":1,"revision":${revision},"participantId":${participantId},"withinMs":${withinMs},"lapsesAtMs":${lapsesAtMs},"atMs":${atMs}}`;
    }
    case 10: {
      checkControl(control, 3, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      told.type = 'SwitchLapsed';
      told.stream = `shard-${ofShard}`;
      return `{"type":"SwitchLapsed","version":1,"revision":${revision},"participantId":${participantId},"atMs":${atMs}}`;
    }
    case 11: {
      checkControl(control, 5, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const intentionsPerSecond = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const openQuantity = takeText(cursor);
      const netPosition = takeText(cursor);
      const halted = takeChoice(cursor, 2) === 1;
      const withdraws = takeChoice(cursor, 2) === 1;
      told.type = 'LimitsSet';
      told.stream = `shard-${ofShard}`;
      return `{"type":"LimitsSet","version":1,"revision":${revision},"participantId":${participantId},"instrumentId":${instrumentId},"openQuantity":${quoted(openQuantity)},"netPosition":${quoted(netPosition)},"intentionsPerSecond":${intentionsPerSecond},"halted":${halted},"withdraws":${withdraws},"atMs":${atMs}}`;
    }
    case 12: {
      checkControl(control, 4, cursor);
      const revision = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const participantId = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const clientIntentionId = takeText(cursor);
      const code = takeChoice(cursor, 4);
      told.type = 'PostRefused';
      told.stream = `shard-${ofShard}`;
      return `{"type":"PostRefused","version":1,"revision":${revision},"participantId":${participantId},"instrumentId":${instrumentId},"clientIntentionId":${quoted(clientIntentionId)},"code":"${["LIMIT_OPEN_QUANTITY","LIMIT_NET_POSITION","HALTED","LIMIT_RATE"][code] as string}","atMs":${atMs}}`;
    }
    case 16: {
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const participantId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      const expiresAtMs = takeGrouped(cursor, ((control >>> 26) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 29) & 7) + 1);
      const clientIntentionId = takeText(cursor);
      const side = takeChoice(cursor, 2);
      const pricing = takeChoice(cursor, 2);
      const timeInForce = takeChoice(cursor, 4);
      const postOnly = takeChoice(cursor, 2) === 1;
      told.type = 'IntentionPosted';
      told.stream = `intention-${intentionId}`;
      return `{"type":"IntentionPosted","version":1,"intentionId":${intentionId},"revision":${revision},"clientIntentionId":${quoted(clientIntentionId)},"participantId":${participantId},"instrumentId":${instrumentId},"side":"${["buy","sell"][side] as string}","pricing":"${["limit","market"][pricing] as string}","priceTicks":${priceTicks},"quantityLots":${quantityLots},"timeInForce":"${["gtc","ioc","fok","gtd"][timeInForce] as string}","postOnly":${postOnly},"expiresAtMs":${expiresAtMs},"atMs":${atMs}}`;
    }
    case 17: {
      checkControl(control, 6, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const counterpartyId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      told.type = 'ProposalMade';
      told.stream = `intention-${intentionId}`;
      return `{"type":"ProposalMade","version":1,"intentionId":${intentionId},"revision":${revision},"dealNumber":${dealNumber},"counterpartyId":${counterpartyId},"priceTicks":${priceTicks},"quantityLots":${quantityLots}}`;
    }
    case 18: {
      checkControl(control, 6, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const initiatorId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      told.type = 'ProposalAccepted';
      told.stream = `intention-${intentionId}`;
      return `{"type":"ProposalAccepted","version":1,"intentionId":${intentionId},"revision":${revision},"initiatorId":${initiatorId},"dealNumber":${dealNumber},"priceTicks":${priceTicks},"quantityLots":${quantityLots}}`;
    }
    case 19: {
      checkControl(control, 4, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const initiatorId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const reason = takeChoice(cursor, 5);
      told.type = 'ProposalDeclined';
      told.stream = `intention-${intentionId}`;
      return `{"type":"ProposalDeclined","version":1,"intentionId":${intentionId},"revision":${revision},"initiatorId":${initiatorId},"dealNumber":${dealNumber},"reason":"${["closed","nothingLeft","price","instrument","doubt"][reason] as string}"}`;
    }
    case 20: {
      checkControl(control, 6, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const initiatorId = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const quantityLots = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      const outcome = takeChoice(cursor, 2);
      told.type = 'DealSettled';
      told.stream = `intention-${intentionId}`;
      return `{"type":"DealSettled","version":1,"intentionId":${intentionId},"revision":${revision},"initiatorId":${initiatorId},"dealNumber":${dealNumber},"outcome":"${["confirmed","aborted"][outcome] as string}","priceTicks":${priceTicks},"quantityLots":${quantityLots}}`;
    }
    case 21: {
      checkControl(control, 4, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const byLots = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      told.type = 'IntentionReduced';
      told.stream = `intention-${intentionId}`;
      return `{"type":"IntentionReduced","version":1,"intentionId":${intentionId},"revision":${revision},"byLots":${byLots},"atMs":${atMs}}`;
    }
    case 22: {
      checkControl(control, 5, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const openLots = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      told.type = 'IntentionAmended';
      told.stream = `intention-${intentionId}`;
      return `{"type":"IntentionAmended","version":1,"intentionId":${intentionId},"revision":${revision},"priceTicks":${priceTicks},"openLots":${openLots},"atMs":${atMs}}`;
    }
    case 23: {
      checkControl(control, 3, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const reason = takeChoice(cursor, 9);
      told.type = 'IntentionWithdrawn';
      told.stream = `intention-${intentionId}`;
      return `{"type":"IntentionWithdrawn","version":1,"intentionId":${intentionId},"revision":${revision},"reason":"${["requested","immediateOrCancel","fillOrKill","marketRemainder","selfTrade","parked","switchLapsed","halted","disconnected"][reason] as string}","atMs":${atMs}}`;
    }
    case 24: {
      checkControl(control, 3, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      told.type = 'IntentionExpired';
      told.stream = `intention-${intentionId}`;
      return `{"type":"IntentionExpired","version":1,"intentionId":${intentionId},"revision":${revision},"atMs":${atMs}}`;
    }
    case 25: {
      checkControl(control, 4, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const byLots = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const clientCommandId = takeText(cursor);
      told.type = 'IntentionReduced';
      told.stream = `intention-${intentionId}`;
      return `{"type":"IntentionReduced","version":2,"intentionId":${intentionId},"revision":${revision},"byLots":${byLots},"clientCommandId":${quoted(clientCommandId)},"atMs":${atMs}}`;
    }
    case 26: {
      checkControl(control, 5, cursor);
      const intentionId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const openLots = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const atMs = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const clientCommandId = takeText(cursor);
      told.type = 'IntentionAmended';
      told.stream = `intention-${intentionId}`;
      return `{"type":"IntentionAmended","version":2,"intentionId":${intentionId},"revision":${revision},"priceTicks":${priceTicks},"openLots":${openLots},"clientCommandId":${quoted(clientCommandId)},"atMs":${atMs}}`;
    }
    case 32: {
      const initiatorId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const responderId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const instrumentId = takeGrouped(cursor, ((control >>> 20) & 7) + 1);
      const initiatorParticipantId = takeGrouped(cursor, ((control >>> 23) & 7) + 1);
      const responderParticipantId = takeGrouped(cursor, ((control >>> 26) & 7) + 1);
      const priceTicks = takeGrouped(cursor, ((control >>> 29) & 7) + 1);
      const initiatorSide = takeChoice(cursor, 2);
      const quantityLots = takeInteger(cursor);
      told.type = 'DealConfirmed';
      told.stream = `deal-${initiatorId}-${dealNumber}`;
      return `{"type":"DealConfirmed","version":1,"initiatorId":${initiatorId},"dealNumber":${dealNumber},"revision":${revision},"responderId":${responderId},"instrumentId":${instrumentId},"initiatorSide":"${["buy","sell"][initiatorSide] as string}","initiatorParticipantId":${initiatorParticipantId},"responderParticipantId":${responderParticipantId},"priceTicks":${priceTicks},"quantityLots":${quantityLots}}`;
    }
    case 33: {
      checkControl(control, 4, cursor);
      const initiatorId = takeGrouped(cursor, ((control >>> 8) & 7) + 1);
      const dealNumber = takeGrouped(cursor, ((control >>> 11) & 7) + 1);
      const revision = takeGrouped(cursor, ((control >>> 14) & 7) + 1);
      const responderId = takeGrouped(cursor, ((control >>> 17) & 7) + 1);
      const reason = takeChoice(cursor, 5);
      told.type = 'DealAborted';
      told.stream = `deal-${initiatorId}-${dealNumber}`;
      return `{"type":"DealAborted","version":1,"initiatorId":${initiatorId},"dealNumber":${dealNumber},"revision":${revision},"responderId":${responderId},"reason":"${["declined","initiatorDeadline","responderDeadline","parked","recovery"][reason] as string}"}`;
    }
    default:
      throw new DamagedEventError(`no event has the code ${control & 0xff}`, start);
  }
}
