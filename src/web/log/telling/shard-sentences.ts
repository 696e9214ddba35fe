/** What the events of a shard’s own stream say. */
import type { EventOf } from './names.js';
import { counted, type Sentence, type Words } from './parts-of-sentences.js';
import { selfTradeWords, priceRuleWords, refusalWords } from './reasons.js';
import { clockText } from './clock-text.js';

/** How many digits of a digest tell it apart well enough for a line. */
const SHOWN_DIGEST = 16;

export const shardSentences = {
  ShardStarted: ({ shard, epoch }: EventOf<'ShardStarted'>): Sentence => [
    `The writer of epoch ${epoch} took over shard ${shard}`,
    epoch === 1 ? '' : '; what is in doubt is settled next',
  ],
  BatchSealed: ({ digest }: EventOf<'BatchSealed'>, words: Words): Sentence => [
    'Digest ',
    words.code(`${digest.slice(0, SHOWN_DIGEST)}…`),
  ],
  ParticipantAdmitted: ({ participantId, name }: EventOf<'ParticipantAdmitted'>): Sentence => [
    { kind: 'participant', text: name, isKnown: true },
    ` is participant ${participantId} of this shard`,
  ],
  InstrumentListed: (event: EventOf<'InstrumentListed'>, words: Words): Sentence => {
    const { instrumentId, symbol, minPriceTicks, maxPriceTicks, priceRule, selfTrade } = event;
    return [
      { kind: 'instrument', text: symbol, isKnown: true },
      ` is listed: ticks of `,
      words.price(instrumentId, 1),
      ', lots of ',
      words.quantity(instrumentId, 1),
      ', limits from ',
      words.price(instrumentId, minPriceTicks),
      ' to ',
      words.price(instrumentId, maxPriceTicks),
      `; ${priceRuleWords[priceRule]}; ${selfTradeWords[selfTrade]}`,
      ...('counterparties' in event && event.counterparties === 'hidden' ? ['; parties are hidden'] : []),
    ];
  },
  PhaseChanged: ({ instrumentId, phase }: EventOf<'PhaseChanged'>, words: Words): Sentence => [
    words.instrument(instrumentId),
    phase === 'call' ? ' collects intentions for an auction' : ' deals as intentions arrive',
  ],
  AuctionUncrossed: (event: EventOf<'AuctionUncrossed'>, words: Words): Sentence => {
    const { instrumentId, priceTicks, volumeLots } = event;
    const what = words.instrument(instrumentId);
    if (volumeLots === 0) return ['Auction of ', what, ': nothing could be dealt'];
    const [volume, price] = [words.quantity(instrumentId, volumeLots), words.price(instrumentId, priceTicks)];
    return ['Auction of ', what, ': ', volume, ' at ', price];
  },
  LossAccepted: ({ knownPosition, evidence }: EventOf<'LossAccepted'>): Sentence => [
    `An operator let the shard go on, although ${evidence} knows of other events before position ${knownPosition}`,
  ],
  SwitchSet: ({ participantId, withinMs, lapsesAtMs }: EventOf<'SwitchSet'>, words: Words): Sentence => {
    const who = words.participant(participantId);
    if (withinMs === 0) return ['The dead man’s switch of ', who, ' is off'];
    return ['The dead man’s switch of ', who, ` lapses at ${clockText(lapsesAtMs)} unless it is set again before`];
  },
  SwitchLapsed: ({ participantId }: EventOf<'SwitchLapsed'>, words: Words): Sentence => [
    'The dead man’s switch of ',
    words.participant(participantId),
    ' has lapsed; what is open is withdrawn next',
  ],
  LimitsSet: (event: EventOf<'LimitsSet'>, words: Words): Sentence => {
    const { participantId, instrumentId } = event;
    const where = instrumentId === 0 ? ['every instrument'] : [words.instrument(instrumentId)];
    return ['Limits of ', words.participant(participantId), ' in ', ...where, `: ${limitsText(event)}`];
  },
  PostRefused: (event: EventOf<'PostRefused'>, words: Words): Sentence => {
    const { participantId, instrumentId, clientIntentionId, code } = event;
    const [who, what] = [words.participant(participantId), words.instrument(instrumentId)];
    return [
      'A post of ',
      who,
      ' in ',
      what,
      ` was refused: ${refusalWords[code]} (`,
      words.code(clientIntentionId),
      ')',
    ];
  },
};

function limitsText(event: EventOf<'LimitsSet'>): string {
  const { openQuantity, netPosition, intentionsPerSecond, halted, withdraws } = event;
  const limits = [
    halted ? 'halted' : '',
    withdraws ? 'what is open is withdrawn' : '',
    openQuantity === '' ? '' : `at most ${openQuantity} open`,
    netPosition === '' ? '' : `position within ${netPosition}`,
    intentionsPerSecond === 0 ? '' : `${counted(intentionsPerSecond, 'intention')} a second`,
  ].filter((text) => text !== '');
  return limits.length === 0 ? 'none' : limits.join(', ');
}
