// Generated from src/events/catalogue.ts by `npm run codegen`. Do not edit.

import { fromHex } from './bytes.js';
import type { EventEncoder } from './codec.generated.js';
import { hasFields, isDigest, isInteger, isText } from './field-checks.js';

/** What JSON.parse makes of an object. */
export type JsonObject = Readonly<Record<string, unknown>>;

function putShardStarted(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, shard, epoch, atMs } = object;
  if (object.version !== 1 || !hasFields(object, 6)) return false;
  if (!isInteger(revision) || !isInteger(shard) || !isInteger(epoch) || !isInteger(atMs)) return false;
  encoder.shardStarted({ revision, shard, epoch, atMs });
  return true;
}

function putBatchSealed(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, digest } = object;
  if (object.version !== 1 || !hasFields(object, 4)) return false;
  if (!isInteger(revision) || !isDigest(digest)) return false;
  encoder.batchSealed({ revision, digest: fromHex(digest) });
  return true;
}

function putParticipantAdmitted(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, participantId, name, atMs } = object;
  if (object.version !== 1 || !hasFields(object, 6)) return false;
  if (!isInteger(revision) || !isInteger(participantId) || !isText(name) || !isInteger(atMs)) return false;
  encoder.participantAdmitted({ revision, participantId, name, atMs });
  return true;
}

function putPhaseChanged(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, instrumentId, atMs } = object;
  const phase = ["continuous","call"].indexOf(object.phase as string); // or of none
  if (object.version !== 1 || !hasFields(object, 6)) return false;
  if (!isInteger(revision) || !isInteger(instrumentId) || phase < 0 || !isInteger(atMs)) return false;
  encoder.phaseChanged({ revision, instrumentId, phase, atMs });
  return true;
}

function putAuctionUncrossed(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, instrumentId, priceTicks, volumeLots, atMs } = object;
  if (object.version !== 1 || !hasFields(object, 7)) return false;
  if (!isInteger(revision) || !isInteger(instrumentId) || !isInteger(priceTicks) || !isInteger(volumeLots) || !isInteger(atMs)) return false;
  encoder.auctionUncrossed({ revision, instrumentId, priceTicks, volumeLots, atMs });
  return true;
}

function putLossAccepted(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, knownPosition, evidence, atMs } = object;
  if (object.version !== 1 || !hasFields(object, 6)) return false;
  if (!isInteger(revision) || !isInteger(knownPosition) || !isText(evidence) || !isInteger(atMs)) return false;
  encoder.lossAccepted({ revision, knownPosition, evidence, atMs });
  return true;
}

function putInstrumentListed(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, instrumentId, symbol, priceDecimals, tickSize, quantityDecimals, lotSize, minPriceTicks, maxPriceTicks, atMs } = object;
  const priceRule = ["standing","seller","midpoint"].indexOf(object.priceRule as string); // or of none
  const selfTrade = ["allow","refuseArriving","withdrawStanding"].indexOf(object.selfTrade as string); // or of none
  const counterparties = ["shown","hidden"].indexOf(object.counterparties as string); // or of none
  if (object.version !== 2 || !hasFields(object, 15)) return false;
  if (!isInteger(revision) || !isInteger(instrumentId) || !isText(symbol) || !isInteger(priceDecimals) || !isInteger(tickSize) || !isInteger(quantityDecimals) || !isInteger(lotSize) || !isInteger(minPriceTicks) || !isInteger(maxPriceTicks) || priceRule < 0 || selfTrade < 0 || counterparties < 0 || !isInteger(atMs)) return false;
  encoder.instrumentListed({ revision, instrumentId, symbol, priceDecimals, tickSize, quantityDecimals, lotSize, minPriceTicks, maxPriceTicks, priceRule, selfTrade, counterparties, atMs });
  return true;
}

function putSwitchSet(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, participantId, withinMs, lapsesAtMs, atMs } = object;
  if (object.version !== 1 || !hasFields(object, 7)) return false;
  if (!isInteger(revision) || !isInteger(participantId) || !isInteger(withinMs) || !isInteger(lapsesAtMs) || !isInteger(atMs)) return false;
  encoder.switchSet({ revision, participantId, withinMs, lapsesAtMs, atMs });
  return true;
}

function putSwitchLapsed(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, participantId, atMs } = object;
  if (object.version !== 1 || !hasFields(object, 5)) return false;
  if (!isInteger(revision) || !isInteger(participantId) || !isInteger(atMs)) return false;
  encoder.switchLapsed({ revision, participantId, atMs });
  return true;
}

function putLimitsSet(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, participantId, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted, withdraws, atMs } = object;
  if (object.version !== 1 || !hasFields(object, 11)) return false;
  if (!isInteger(revision) || !isInteger(participantId) || !isInteger(instrumentId) || !isText(openQuantity) || !isText(netPosition) || !isInteger(intentionsPerSecond) || typeof halted !== 'boolean' || typeof withdraws !== 'boolean' || !isInteger(atMs)) return false;
  encoder.limitsSet({ revision, participantId, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted, withdraws, atMs });
  return true;
}

function putPostRefused(encoder: EventEncoder, object: JsonObject): boolean {
  const { revision, participantId, instrumentId, clientIntentionId, atMs } = object;
  const code = ["LIMIT_OPEN_QUANTITY","LIMIT_NET_POSITION","HALTED","LIMIT_RATE"].indexOf(object.code as string); // or of none
  if (object.version !== 1 || !hasFields(object, 8)) return false;
  if (!isInteger(revision) || !isInteger(participantId) || !isInteger(instrumentId) || !isText(clientIntentionId) || code < 0 || !isInteger(atMs)) return false;
  encoder.postRefused({ revision, participantId, instrumentId, clientIntentionId, code, atMs });
  return true;
}

function putIntentionPosted(encoder: EventEncoder, object: JsonObject): boolean {
  const { intentionId, revision, clientIntentionId, participantId, instrumentId, priceTicks, quantityLots, postOnly, expiresAtMs, atMs } = object;
  const side = ["buy","sell"].indexOf(object.side as string); // or of none
  const pricing = ["limit","market"].indexOf(object.pricing as string); // or of none
  const timeInForce = ["gtc","ioc","fok","gtd"].indexOf(object.timeInForce as string); // or of none
  if (object.version !== 1 || !hasFields(object, 15)) return false;
  if (!isInteger(intentionId) || !isInteger(revision) || !isText(clientIntentionId) || !isInteger(participantId) || !isInteger(instrumentId) || side < 0 || pricing < 0 || !isInteger(priceTicks) || !isInteger(quantityLots) || timeInForce < 0 || typeof postOnly !== 'boolean' || !isInteger(expiresAtMs) || !isInteger(atMs)) return false;
  encoder.intentionPosted({ intentionId, revision, clientIntentionId, participantId, instrumentId, side, pricing, priceTicks, quantityLots, timeInForce, postOnly, expiresAtMs, atMs });
  return true;
}

function putProposalMade(encoder: EventEncoder, object: JsonObject): boolean {
  const { intentionId, revision, dealNumber, counterpartyId, priceTicks, quantityLots } = object;
  if (object.version !== 1 || !hasFields(object, 8)) return false;
  if (!isInteger(intentionId) || !isInteger(revision) || !isInteger(dealNumber) || !isInteger(counterpartyId) || !isInteger(priceTicks) || !isInteger(quantityLots)) return false;
  encoder.proposalMade({ intentionId, revision, dealNumber, counterpartyId, priceTicks, quantityLots });
  return true;
}

function putProposalAccepted(encoder: EventEncoder, object: JsonObject): boolean {
  const { intentionId, revision, initiatorId, dealNumber, priceTicks, quantityLots } = object;
  if (object.version !== 1 || !hasFields(object, 8)) return false;
  if (!isInteger(intentionId) || !isInteger(revision) || !isInteger(initiatorId) || !isInteger(dealNumber) || !isInteger(priceTicks) || !isInteger(quantityLots)) return false;
  encoder.proposalAccepted({ intentionId, revision, initiatorId, dealNumber, priceTicks, quantityLots });
  return true;
}

function putProposalDeclined(encoder: EventEncoder, object: JsonObject): boolean {
  const { intentionId, revision, initiatorId, dealNumber } = object;
  const reason = ["closed","nothingLeft","price","instrument","doubt"].indexOf(object.reason as string); // or of none
  if (object.version !== 1 || !hasFields(object, 7)) return false;
  if (!isInteger(intentionId) || !isInteger(revision) || !isInteger(initiatorId) || !isInteger(dealNumber) || reason < 0) return false;
  encoder.proposalDeclined({ intentionId, revision, initiatorId, dealNumber, reason });
  return true;
}

function putDealSettled(encoder: EventEncoder, object: JsonObject): boolean {
  const { intentionId, revision, initiatorId, dealNumber, priceTicks, quantityLots } = object;
  const outcome = ["confirmed","aborted"].indexOf(object.outcome as string); // or of none
  if (object.version !== 1 || !hasFields(object, 9)) return false;
  if (!isInteger(intentionId) || !isInteger(revision) || !isInteger(initiatorId) || !isInteger(dealNumber) || outcome < 0 || !isInteger(priceTicks) || !isInteger(quantityLots)) return false;
  encoder.dealSettled({ intentionId, revision, initiatorId, dealNumber, outcome, priceTicks, quantityLots });
  return true;
}

function putIntentionWithdrawn(encoder: EventEncoder, object: JsonObject): boolean {
  const { intentionId, revision, atMs } = object;
  const reason = ["requested","immediateOrCancel","fillOrKill","marketRemainder","selfTrade","parked","switchLapsed","halted","disconnected"].indexOf(object.reason as string); // or of none
  if (object.version !== 1 || !hasFields(object, 6)) return false;
  if (!isInteger(intentionId) || !isInteger(revision) || reason < 0 || !isInteger(atMs)) return false;
  encoder.intentionWithdrawn({ intentionId, revision, reason, atMs });
  return true;
}

function putIntentionExpired(encoder: EventEncoder, object: JsonObject): boolean {
  const { intentionId, revision, atMs } = object;
  if (object.version !== 1 || !hasFields(object, 5)) return false;
  if (!isInteger(intentionId) || !isInteger(revision) || !isInteger(atMs)) return false;
  encoder.intentionExpired({ intentionId, revision, atMs });
  return true;
}

function putIntentionReduced(encoder: EventEncoder, object: JsonObject): boolean {
  const { intentionId, revision, byLots, clientCommandId, atMs } = object;
  if (object.version !== 2 || !hasFields(object, 7)) return false;
  if (!isInteger(intentionId) || !isInteger(revision) || !isInteger(byLots) || !isText(clientCommandId) || !isInteger(atMs)) return false;
  encoder.intentionReduced({ intentionId, revision, byLots, clientCommandId, atMs });
  return true;
}

function putIntentionAmended(encoder: EventEncoder, object: JsonObject): boolean {
  const { intentionId, revision, priceTicks, openLots, clientCommandId, atMs } = object;
  if (object.version !== 2 || !hasFields(object, 8)) return false;
  if (!isInteger(intentionId) || !isInteger(revision) || !isInteger(priceTicks) || !isInteger(openLots) || !isText(clientCommandId) || !isInteger(atMs)) return false;
  encoder.intentionAmended({ intentionId, revision, priceTicks, openLots, clientCommandId, atMs });
  return true;
}

function putDealConfirmed(encoder: EventEncoder, object: JsonObject): boolean {
  const { initiatorId, dealNumber, revision, responderId, instrumentId, initiatorParticipantId, responderParticipantId, priceTicks, quantityLots } = object;
  const initiatorSide = ["buy","sell"].indexOf(object.initiatorSide as string); // or of none
  if (object.version !== 1 || !hasFields(object, 12)) return false;
  if (!isInteger(initiatorId) || !isInteger(dealNumber) || !isInteger(revision) || !isInteger(responderId) || !isInteger(instrumentId) || initiatorSide < 0 || !isInteger(initiatorParticipantId) || !isInteger(responderParticipantId) || !isInteger(priceTicks) || !isInteger(quantityLots)) return false;
  encoder.dealConfirmed({ initiatorId, dealNumber, revision, responderId, instrumentId, initiatorSide, initiatorParticipantId, responderParticipantId, priceTicks, quantityLots });
  return true;
}

function putDealAborted(encoder: EventEncoder, object: JsonObject): boolean {
  const { initiatorId, dealNumber, revision, responderId } = object;
  const reason = ["declined","initiatorDeadline","responderDeadline","parked","recovery"].indexOf(object.reason as string); // or of none
  if (object.version !== 1 || !hasFields(object, 7)) return false;
  if (!isInteger(initiatorId) || !isInteger(dealNumber) || !isInteger(revision) || !isInteger(responderId) || reason < 0) return false;
  encoder.dealAborted({ initiatorId, dealNumber, revision, responderId, reason });
  return true;
}

/**
 * Appends the event that an object stands for, if it is one of the catalogue's in its current version, no field missing and none too
 * many. False, and nothing is appended, where it is not: `eventFromJson` says why, and knows the older versions.
 */
export function putObject(encoder: EventEncoder, object: JsonObject): boolean {
  switch (object.type) {
    case 'ShardStarted':
      return putShardStarted(encoder, object);
    case 'BatchSealed':
      return putBatchSealed(encoder, object);
    case 'ParticipantAdmitted':
      return putParticipantAdmitted(encoder, object);
    case 'PhaseChanged':
      return putPhaseChanged(encoder, object);
    case 'AuctionUncrossed':
      return putAuctionUncrossed(encoder, object);
    case 'LossAccepted':
      return putLossAccepted(encoder, object);
    case 'InstrumentListed':
      return putInstrumentListed(encoder, object);
    case 'SwitchSet':
      return putSwitchSet(encoder, object);
    case 'SwitchLapsed':
      return putSwitchLapsed(encoder, object);
    case 'LimitsSet':
      return putLimitsSet(encoder, object);
    case 'PostRefused':
      return putPostRefused(encoder, object);
    case 'IntentionPosted':
      return putIntentionPosted(encoder, object);
    case 'ProposalMade':
      return putProposalMade(encoder, object);
    case 'ProposalAccepted':
      return putProposalAccepted(encoder, object);
    case 'ProposalDeclined':
      return putProposalDeclined(encoder, object);
    case 'DealSettled':
      return putDealSettled(encoder, object);
    case 'IntentionWithdrawn':
      return putIntentionWithdrawn(encoder, object);
    case 'IntentionExpired':
      return putIntentionExpired(encoder, object);
    case 'IntentionReduced':
      return putIntentionReduced(encoder, object);
    case 'IntentionAmended':
      return putIntentionAmended(encoder, object);
    case 'DealConfirmed':
      return putDealConfirmed(encoder, object);
    case 'DealAborted':
      return putDealAborted(encoder, object);
    default:
      return false;
  }
}
