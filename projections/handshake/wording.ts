import {
  abortReasonNames,
  declineReasonNames,
  Outcome,
  Pricing,
  Side,
  withdrawReasonNames,
} from '../../src/domain/terms.js';
import { dealName } from '../ledger/deal-name.js';
import type { BannerRow, EventRow, MessageRow, Party, SequenceChart } from './chart.js';
import type { Names } from './names.js';

/** The words of charts and explanations, the same in every format. Names from the log are made safe to print. */

export const declineWords: Readonly<Record<(typeof declineReasonNames)[number], string>> = {
  closed: 'it is closed',
  nothingLeft: 'nothing is left',
  price: 'the price is beyond its limit',
  instrument: 'it trades another instrument',
  doubt: 'it is in doubt about another deal',
};

export const abortWords: Readonly<Record<(typeof abortReasonNames)[number], string>> = {
  declined: 'declined',
  initiatorDeadline: 'no answer came in time',
  responderDeadline: 'no decision came in time',
  parked: 'a side was parked',
  recovery: 'a restart found no other side',
};

export const withdrawWords: Readonly<Record<(typeof withdrawReasonNames)[number], string>> = {
  requested: 'requested',
  immediateOrCancel: 'immediate or cancel',
  fillOrKill: 'fill or kill',
  marketRemainder: 'rest of a market intention',
  selfTrade: 'own intention arrived',
  parked: 'parked',
  switchLapsed: 'its participant’s switch lapsed',
  halted: 'its participant was halted',
  disconnected: 'its client’s connection ended',
};

/** The words for an index into a list of names. */
export function wordsOf<Name extends string>(
  names: readonly Name[],
  words: Readonly<Record<Name, string>>,
  index: number | undefined,
): string {
  const name = names[index ?? 0];
  return name === undefined ? 'for a reason unknown' : words[name];
}

/** Without anything that a terminal or a file format could take for more than text. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}

/** `bob sells 100 at 10.20`. */
export function partyText(party: Party, names: Names): string {
  return `${printable(names.participant(party.participantId))} ${wishText(party, names)}`;
}

function wishText(party: Party, names: Names): string {
  const { instrumentId, side, pricing, priceTicks, leftLots } = party;
  const price = pricing === Pricing.Market ? 'market' : names.price(instrumentId, priceTicks);
  return `${side === Side.Buy ? 'buys' : 'sells'} ${names.quantity(instrumentId, leftLots)} at ${price}`;
}

export function titleText(chart: SequenceChart, names: Names): string {
  const { subject, left, right, outcome, instrumentId } = chart;
  const symbol = printable(names.symbol(instrumentId));
  if ('intentionId' in subject || right === undefined || outcome === undefined) {
    return `Intention ${left.id} in ${symbol}: ${partyText(left, names)}`;
  }
  const [seller, buyer] = left.side === Side.Sell ? [left, right] : [right, left];
  const [from, to] = [seller, buyer].map((side) => printable(names.participant(side.participantId)));
  const name = `Deal ${dealName(subject.deal)} in ${symbol}`;
  const price = names.price(instrumentId, outcome.priceTicks);
  const lots = names.quantity(instrumentId, outcome.lots);
  switch (outcome.state) {
    case 'confirmed':
      return `${name}, confirmed: ${from} sells ${lots} to ${to} at ${price}`;
    case 'aborted':
      return `${name}, aborted: ${wordsOf(abortReasonNames, abortWords, outcome.reason)}`;
    case 'open':
      return `${name}, in doubt at the head of the log: ${from} and ${to}, ${lots} at ${price}`;
  }
}

/** What stands at a lifeline when an event is appended to its stream. */
export function eventText(row: EventRow, chart: SequenceChart, names: Names): string {
  const lots = names.quantity(chart.instrumentId, row.lots);
  switch (row.type) {
    case 'ProposalMade':
    case 'ProposalAccepted':
      return `${row.type}: ${lots} reserved`;
    case 'ProposalDeclined':
      return `${row.type}: ${wordsOf(declineReasonNames, declineWords, row.reason)}`;
    case 'DealSettled': {
      const freed = row.freedLots ?? 0;
      const parts = row.lots > 0 ? [`${lots} filled`] : [];
      if (freed > 0) parts.push(`${names.quantity(chart.instrumentId, freed)} freed`);
      return `${row.type}: ${parts.join(', ')}`;
    }
    case 'IntentionReduced':
      return `${row.type} by ${lots}`;
    case 'IntentionAmended':
      return `${row.type}: ${lots} at ${names.price(chart.instrumentId, row.priceTicks ?? 0)}`;
    case 'IntentionWithdrawn':
      return `${row.type}: ${wordsOf(withdrawReasonNames, withdrawWords, row.reason)}`;
    case 'LateDecision':
      return `late ${row.reason === Outcome.Confirmed ? 'DealConfirmed' : 'DealAborted'}, ignored`;
    case 'IntentionPosted':
    case 'IntentionExpired':
      return row.type;
  }
}

/** What an arrow says. */
export function messageText(row: MessageRow, chart: SequenceChart, names: Names): string {
  const terms = `${names.quantity(chart.instrumentId, row.lots)} at ${names.price(chart.instrumentId, row.priceTicks)}`;
  const again = row.isRepeated ? ' again' : '';
  switch (row.message) {
    case 'announcement':
      return 'announcement, by the board';
    case 'proposal':
      return `proposal${again}: ${terms}`;
    case 'acceptance':
      return `acceptance${again}: ${terms}`;
    case 'decline':
      return 'decline';
    case 'decision':
      if (row.outcome === Outcome.Confirmed) return `DealConfirmed: ${terms}`;
      return `DealAborted: ${wordsOf(abortReasonNames, abortWords, row.reason)}`;
    case 'confirmation':
      return 'confirmation';
    case 'abort':
      return 'abort';
    case 'lookUp':
      return `the ledger says: ${row.outcome === Outcome.Confirmed ? 'confirmed' : 'aborted'}`;
  }
}

export function bannerText(row: BannerRow, names: Names): string {
  switch (row.kind) {
    case 'deal': {
      const { deal, other } = row;
      const whom = other === undefined ? '' : ` with intention ${other.id}: ${partyText(other, names)}`;
      return `deal ${dealName(deal)}${whom}`;
    }
    case 'restart':
      return `restart: the writer of epoch ${row.epoch} takes over`;
    case 'auction': {
      const { instrumentId, priceTicks, volumeLots } = row;
      return `auction: ${names.quantity(instrumentId, volumeLots)} at ${names.price(instrumentId, priceTicks)}`;
    }
  }
}

/** Whether an arrow stands for something that was sent because of a hint, or again. */
export function isFaint(row: MessageRow): boolean {
  return row.message === 'announcement' || row.message === 'lookUp' || row.isRepeated;
}

/** Two lines over each lifeline: what it is, and on what terms. */
export function headings(chart: SequenceChart, names: Names): readonly [string, string][] {
  const { subject, left, right } = chart;
  const stream = 'deal' in subject ? `deal-${dealName(subject.deal)}` : '';
  const other: [string, string] =
    right === undefined ? ['Counterparties', ''] : [`Intention ${right.id}`, partyText(right, names)];
  return [[`Intention ${left.id}`, partyText(left, names)], ['Ledger', stream], other];
}
