/** What the events of intentions and of deals say. */
import type { EventOf } from './names.js';
import type { Sentence, Words } from './parts-of-sentences.js';
import { abortWords, declineWords, timeInForceWords, withdrawWords } from './reasons.js';
import { clockText } from './clock-text.js';

export const intentionSentences = {
  IntentionPosted: (event: EventOf<'IntentionPosted'>, words: Words): Sentence => {
    const { participantId, instrumentId, side, pricing, priceTicks, quantityLots, postOnly } = event;
    const price = pricing === 'market' ? [' at any price'] : [' at ', words.price(instrumentId, priceTicks)];
    return [
      words.link(event.intentionId),
      ' (',
      words.participant(participantId),
      side === 'buy' ? ') would buy ' : ') would sell ',
      words.quantity(instrumentId, quantityLots),
      ' ',
      words.instrument(instrumentId),
      ...price,
      `, ${standsText(event)}${postOnly ? ', only if it does not deal at once' : ''}`,
    ];
  },
  ProposalMade: (event: EventOf<'ProposalMade'>, words: Words): Sentence => {
    const { intentionId, dealNumber, counterpartyId, priceTicks, quantityLots } = event;
    return [
      ...words.intention(intentionId),
      ' proposes to ',
      ...words.intention(counterpartyId),
      ': ',
      words.quantityOf(intentionId, quantityLots),
      ' at ',
      words.priceOf(intentionId, priceTicks),
      ', deal ',
      words.deal(intentionId, dealNumber),
    ];
  },
  ProposalAccepted: (event: EventOf<'ProposalAccepted'>, words: Words): Sentence => {
    const { intentionId, initiatorId, dealNumber, priceTicks, quantityLots } = event;
    return [
      ...words.intention(intentionId),
      ' accepts ',
      words.quantityOf(intentionId, quantityLots),
      ' at ',
      words.priceOf(intentionId, priceTicks),
      ' from ',
      ...words.intention(initiatorId),
      ', deal ',
      words.deal(initiatorId, dealNumber),
    ];
  },
  ProposalDeclined: (event: EventOf<'ProposalDeclined'>, words: Words): Sentence => {
    const { intentionId, initiatorId, dealNumber, reason } = event;
    return [
      ...words.intention(intentionId),
      ' declines deal ',
      words.deal(initiatorId, dealNumber),
      `: ${declineWords[reason]}`,
    ];
  },
  DealSettled: (event: EventOf<'DealSettled'>, words: Words): Sentence => {
    const { intentionId, initiatorId, dealNumber, outcome, priceTicks, quantityLots } = event;
    const [who, deal] = [words.intention(intentionId), words.deal(initiatorId, dealNumber)];
    if (outcome === 'aborted') return [...who, ' frees what it held for deal ', deal, ', which came to nothing'];
    const [quantity, price] = [words.quantityOf(intentionId, quantityLots), words.priceOf(intentionId, priceTicks)];
    return [...who, ' is filled by ', quantity, ' at ', price, ', deal ', deal];
  },
  IntentionReduced: (event: EventOf<'IntentionReduced'>, words: Words): Sentence => {
    const { intentionId, byLots } = event;
    const who = words.intention(intentionId);
    if (byLots === 0) return [...who, ' stays as it was; the command is remembered', ...commandOf(event, words)];
    const less = words.quantityOf(intentionId, byLots);
    return [...who, ' is made smaller by ', less, ...words.ofInstrumentOf(intentionId), ' and keeps its place'];
  },
  IntentionAmended: (event: EventOf<'IntentionAmended'>, words: Words): Sentence => {
    const { intentionId, priceTicks, openLots } = event;
    const [open, price] = [words.quantityOf(intentionId, openLots), words.priceOf(intentionId, priceTicks)];
    return [...words.intention(intentionId), ' is replaced: ', open, ' open at ', price, ', and loses its place'];
  },
  IntentionWithdrawn: ({ intentionId, reason }: EventOf<'IntentionWithdrawn'>, words: Words): Sentence => [
    ...words.intention(intentionId),
    ...words.ofInstrumentOf(intentionId),
    ` is withdrawn: ${withdrawWords[reason]}`,
  ],
  IntentionExpired: ({ intentionId }: EventOf<'IntentionExpired'>, words: Words): Sentence => [
    ...words.intention(intentionId),
    ...words.ofInstrumentOf(intentionId),
    ' has expired',
  ],
};

export const dealSentences = {
  DealConfirmed: (event: EventOf<'DealConfirmed'>, words: Words): Sentence => {
    const { initiatorSide, initiatorParticipantId, responderParticipantId, instrumentId } = event;
    const sides = [words.participant(initiatorParticipantId), words.participant(responderParticipantId)] as const;
    const [buyer, seller] = initiatorSide === 'buy' ? sides : ([sides[1], sides[0]] as const);
    return [
      buyer,
      ' buys ',
      words.quantity(instrumentId, event.quantityLots),
      ' ',
      words.instrument(instrumentId),
      ' from ',
      seller,
      ' at ',
      words.price(instrumentId, event.priceTicks),
      ', deal ',
      words.deal(event.initiatorId, event.dealNumber),
    ];
  },
  DealAborted: ({ initiatorId, dealNumber, responderId, reason }: EventOf<'DealAborted'>, words: Words): Sentence => [
    'No deal ',
    words.deal(initiatorId, dealNumber),
    ' between ',
    ...words.intention(initiatorId),
    ' and ',
    ...words.intention(responderId),
    `: ${abortWords[reason]}`,
  ],
};

function standsText({ timeInForce, expiresAtMs }: EventOf<'IntentionPosted'>): string {
  const says = timeInForceWords[timeInForce];
  return timeInForce === 'gtd' ? `${says} ${clockText(expiresAtMs)}` : says;
}

function commandOf(event: EventOf<'IntentionReduced'>, words: Words): Sentence {
  const id = 'clientCommandId' in event ? event.clientCommandId : '';
  return id === '' ? [] : [' (', words.code(id), ')'];
}
