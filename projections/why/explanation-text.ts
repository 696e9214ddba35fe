import {
  abortReasonNames,
  declineReasonNames,
  postRefusalNames,
  Pricing,
  Side,
  timeInForceNames,
  WithdrawReason,
} from '../../src/domain/terms.js';
import { refusals } from '../../src/domain/refusal.js';
import { lastPosition } from '../handshake/lanes.js';
import type { Names } from '../handshake/names.js';
import { abortWords, declineWords, printable, wordsOf } from '../handshake/wording.js';
import { dealName } from '../ledger/deal-name.js';
import type { Ahead, Explanation, OtherSide, Reason, ReasonOf } from './reasons.js';

/** No line is longer, in columns; and none has less than the second for its words, however few there are. */
const MAX_COLUMNS = 100;
const LEAST_COLUMNS = 20;

/** The whole explanation for a terminal: what the intention was, its outcome, and why, each reason with its position. */
export function explanationText(explanation: Explanation, names: Names, columns = MAX_COLUMNS): string {
  const gutter = Math.max(6, names.position(lastPosition(explanation.reasons)).length + 2);
  const width = Math.min(columns, MAX_COLUMNS);
  const lines = wrapped(summaryText(explanation, names), Math.max(LEAST_COLUMNS, width));
  for (const reason of explanation.reasons) {
    const [first = '', ...rest] = wrapped(
      reasonText(reason, explanation, names),
      Math.max(LEAST_COLUMNS, width - gutter - 2),
    );
    lines.push(`${names.position(reason.position).padStart(gutter)}  ${first}`);
    for (const line of rest) lines.push(`${' '.repeat(gutter + 2)}${line}`);
  }
  return `${lines.join('\n')}\n`;
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** One sentence or two: who wanted what, and the outcome. */
export function summaryText(explanation: Explanation, names: Names): string {
  const words = new Words(explanation, names);
  const { intentionId, participantId, instrumentId, postedLots, state } = explanation;
  const who = `${printable(names.participant(participantId))} ${state === 'open' ? 'wants' : 'wanted'}`;
  const what = `${words.isBuy ? 'buy' : 'sell'} ${words.lots(postedLots)} ${printable(names.symbol(instrumentId))}`;
  const force = wordsOf(timeInForceNames, timeInForceWords, explanation.timeInForce);
  return `Intention ${intentionId}: ${who} to ${what} ${words.limit()}, ${force}. ${words.outcome()}.`;
}

/** A reason as a plain sentence or two. */
export function reasonText(reason: Reason, explanation: Explanation, names: Names): string {
  const words = new Words(explanation, names);
  switch (reason.kind) {
    case 'refused':
      return `A post of it was refused: ${refusals[postRefusalNames[reason.code] ?? 'HALTED']}.`;
    case 'posted':
      return `Posted ${words.limit(words.limitWhenPosted)}. ${words.found(reason, explanation.postedLots, words.limitWhenPosted)}`;
    case 'amended': {
      const changed = `Amended to ${words.lots(reason.openLots)} at ${words.price(reason.priceTicks)}: it lost its place`;
      return `${changed}. ${words.found(reason, reason.openLots, reason.priceTicks)}`;
    }
    case 'rested':
      return `It came to rest with ${words.lots(reason.openLots)} open, ${words.place(reason)}.`;
    case 'deal':
      return words.deal(reason);
    case 'aborted':
      return words.aborted(reason);
    case 'closest':
      return words.closest(reason);
    case 'taken':
      return `${words.others} who reached its limit dealt ${words.tally(reason)} with those who stood before it.`;
    case 'overtaken':
      return `${words.others} who reached its limit dealt ${words.tally(reason)} with those who came later and had a better price.`;
    case 'reduced':
      return `Made smaller by ${words.lots(reason.byLots)}; it kept its place.`;
    case 'phase':
      return reason.isCall
        ? 'A call phase began: intentions are collected for an auction.'
        : 'Continuous trading began.';
    case 'auction':
      return words.auction(reason);
    case 'ownWithdrawn':
      return `Intention ${reason.otherId} of the same participant stood in its way and was withdrawn, so that they would not deal with each other.`;
    case 'filled':
      return 'Filled whole.';
    case 'withdrawn':
      return words.withdrawn(reason);
    case 'expired':
      return `Its time was over: it expired with ${words.lots(reason.openLots)} open.`;
    case 'inDoubt':
      return `Deal ${dealName(reason)} with ${words.who(reason)}, for up to ${words.lots(reason.lots)} at ${words.price(reason.priceTicks)}, is not decided yet.`;
    case 'open':
      return words.open(reason);
    case 'more':
      return `And ${reason.deals} more deals up to here, of ${words.lots(reason.lots)} together.`;
  }
}

const timeInForceWords: Readonly<Record<(typeof timeInForceNames)[number], string>> = {
  gtc: 'good till cancelled',
  ioc: 'immediate or cancel',
  fok: 'fill or kill',
  gtd: 'good till a time',
};

/** The words of one explanation: its side, its decimals, its names. */
class Words {
  readonly isBuy: boolean;
  /** The other side's limits, and the people there. */
  readonly offer: string;
  readonly others: string;
  readonly limitWhenPosted: number;

  constructor(
    private readonly explanation: Explanation,
    private readonly names: Names,
  ) {
    this.isBuy = explanation.side === Side.Buy;
    this.offer = this.isBuy ? 'offer' : 'bid';
    this.others = this.isBuy ? 'Sellers' : 'Buyers';
    this.limitWhenPosted = explanation.postedTicks;
  }

  price(ticks: number): string {
    return this.names.price(this.explanation.instrumentId, ticks);
  }

  lots(lots: number): string {
    return this.names.quantity(this.explanation.instrumentId, lots);
  }

  limit(priceTicks = this.explanation.priceTicks): string {
    return this.explanation.pricing === Pricing.Market ? 'at market' : `at ${this.price(priceTicks)}`;
  }

  outcome(): string {
    const { filledLots, openLots, state } = this.explanation;
    const filled = filledLots > 0 ? `${this.lots(filledLots)} filled` : 'Nothing was filled';
    switch (state) {
      case 'filled':
        return 'It was filled whole';
      case 'open':
        return `${filled}, ${this.lots(openLots)} open`;
      case 'withdrawn':
        return `${filled}, the rest was withdrawn`;
      case 'expired':
        return `${filled}, the rest expired`;
    }
  }

  who(partner: { readonly participantId: number; readonly otherId: number }): string {
    if (partner.otherId === 0) return 'a counterparty';
    if (partner.participantId === 0) return `intention ${partner.otherId} of another shard`;
    return `${printable(this.names.participant(partner.participantId))}’s intention ${partner.otherId}`;
  }

  /** What it found on the other side when it arrived. */
  found(other: OtherSide & { readonly isCall: boolean }, wantedLots: number, priceTicks: number): string {
    if (other.isCall) return 'It was collected for the auction.';
    if (other.bestLots === 0) return `There were no ${this.others.toLowerCase()}.`;
    const best = other.bestTicks === undefined ? 'at market' : this.price(other.bestTicks);
    if (other.reachableLots === 0) {
      return `The best ${this.offer} was ${best}, for ${this.lots(other.bestLots)}: its limit of ${this.price(priceTicks)} did not reach it.`;
    }
    const reach = this.explanation.pricing === Pricing.Market ? '' : ' within its limit';
    const stood = `The best ${this.offer} was ${best}; ${this.lots(other.reachableLots)} stood there${reach}`;
    if (other.reachableLots >= wantedLots) return `${stood}, enough to fill it at once.`;
    return `${stood}, ${this.lots(wantedLots - other.reachableLots)} too little to fill it at once.`;
  }

  place({ betterLots, samePriceLots }: Ahead): string {
    if (betterLots === 0 && samePriceLots === 0) return `first in line among the ${this.isBuy ? 'buyers' : 'sellers'}`;
    if (betterLots === 0) return `behind ${this.lots(samePriceLots)} at the same price`;
    if (samePriceLots === 0) return `behind ${this.lots(betterLots)} at better prices`;
    return `behind ${this.lots(samePriceLots)} at the same price and ${this.lots(betterLots)} at better ones`;
  }

  deal(deal: ReasonOf<'deal'>): string {
    const verb = this.isBuy ? 'Bought' : 'Sold';
    const whom = this.isBuy ? 'from' : 'to';
    const meeting = { standing: 'which stood there', arriving: 'which arrived', auction: 'in the auction' }[deal.how];
    const terms = `${verb} ${this.lots(deal.lots)} at ${this.price(deal.priceTicks)}`;
    return `${terms} ${whom} ${this.who(deal)}, ${meeting} (deal ${dealName(deal)}).`;
  }

  aborted(deal: ReasonOf<'aborted'>): string {
    const name = `Deal ${dealName(deal)} with ${this.who(deal)} came to nothing`;
    if (deal.abortReason === undefined) return `${name}, as the other shard decided.`;
    if (deal.declineReason === undefined) return `${name}: ${wordsOf(abortReasonNames, abortWords, deal.abortReason)}.`;
    const who = deal.isDecliner ? 'it' : 'the other side';
    return `${name}: ${who} declined, because ${wordsOf(declineReasonNames, declineWords, deal.declineReason)}.`;
  }

  closest({ priceTicks, shortTicks }: ReasonOf<'closest'>): string {
    const where = `${this.price(shortTicks)} ${this.isBuy ? 'above' : 'below'} it`;
    return `While it stood, the closest ${this.offer} that did not reach its limit was ${this.price(priceTicks)}, ${where}.`;
  }

  tally({ lots, deals, firstPosition, position }: ReasonOf<'taken' | 'overtaken'>): string {
    if (deals === 1) return `${this.lots(lots)} in one deal`;
    return `${this.lots(lots)} in ${deals} deals (from position ${this.names.position(firstPosition)} to ${this.names.position(position)})`;
  }

  auction(auction: ReasonOf<'auction'>): string {
    const { volumeLots, isReached, wantedLots, dealtLots, aheadLots } = auction;
    if (volumeLots === 0) return 'The auction found no price at which anything could be dealt.';
    const outcome = `The auction dealt ${this.lots(volumeLots)} at ${this.price(auction.priceTicks)}`;
    if (!isReached) return `${outcome}; its limit did not reach that price.`;
    if (dealtLots >= wantedLots) return `${outcome}, and filled it.`;
    const share = dealtLots === 0 ? 'nothing' : `${this.lots(dealtLots)} of ${this.lots(wantedLots)}`;
    const why = `${this.isBuy ? 'buyers' : 'sellers'} wanted more than that, and ${this.lots(aheadLots)} stood before it`;
    return `${outcome}. It got ${share}: ${why}.`;
  }

  withdrawn({ withdrawReason, openLots, otherId }: ReasonOf<'withdrawn'>): string {
    const left = `${this.lots(openLots)} open`;
    switch (withdrawReason) {
      case WithdrawReason.ImmediateOrCancel:
        return `Withdrawn with ${left}: what cannot deal at once does not stay (immediate or cancel).`;
      case WithdrawReason.FillOrKill:
        return `Withdrawn with ${left}: it could not be filled whole at once (fill or kill).`;
      case WithdrawReason.MarketRemainder:
        return `Withdrawn with ${left}: the rest of a market intention does not stay.`;
      case WithdrawReason.SelfTrade:
        return `Withdrawn with ${left}: intention ${otherId ?? '?'} of the same participant arrived and would have dealt with it.`;
      case WithdrawReason.Parked:
        return `Withdrawn with ${left}: its negotiator failed again and again and was parked.`;
      case WithdrawReason.SwitchLapsed:
        return `Withdrawn with ${left}: its participant’s dead man’s switch was not set again in time, and lapsed.`;
      case WithdrawReason.Halted:
        return `Withdrawn with ${left}: an operator halted its participant.`;
      case WithdrawReason.Disconnected:
        return `Withdrawn with ${left}: the connection of its client ended.`;
      default:
        return `Withdrawn on request with ${left}.`;
    }
  }

  open(open: ReasonOf<'open'>): string {
    const left = `Still open with ${this.lots(open.openLots)}, ${this.place(open)}`;
    if (open.isCall) return `${left}: it waits for the auction.`;
    const { pricing, priceTicks } = this.explanation;
    if (pricing === Pricing.Market) return `${left}.`;
    const wanted = `${this.isBuy ? 'an offer' : 'a bid'} of ${this.price(priceTicks)} or ${this.isBuy ? 'less' : 'more'}`;
    const best =
      open.bestTicks === undefined
        ? `there are no ${this.others.toLowerCase()} now`
        : `the best is ${this.price(open.bestTicks)} now`;
    return `${left}: it waits for ${wanted}; ${best}.`;
  }
}
