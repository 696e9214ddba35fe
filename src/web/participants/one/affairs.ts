/** A participant’s affairs as one: as they were looked up, and as its own stream changes them. */
import type { Account, OwnDealt, OwnLimitsSet, OwnMessage } from '../../../client/own/own-types.js';
import type { Deal, Intention, Limits, Position } from '../../../client/types.js';
import { negated, plus, times } from '../../parts/exact.js';

/** The stream’s place of each shard: an account holds everything before it. */
export interface Place {
  /** Only where there are several. */
  readonly shard?: number;
  readonly position: number;
}

/** A deal as its participant sees it. */
export type OwnDeal = Pick<Deal, 'id' | 'at' | 'position' | 'instrument' | 'price' | 'quantity'> & {
  /** Which side it was on; both, where it dealt with itself. */
  readonly sides: readonly ('buy' | 'sell')[];
  /** Absent where it is hidden. */
  readonly counterparty?: string | undefined;
};

export interface Affairs {
  readonly participant: string;
  /** Where its own stream goes on; none in a file. */
  readonly places: readonly Place[];
  /** The open ones, in the order of their ids. */
  readonly intentions: readonly Intention[];
  /** More are open than are shown. */
  readonly hasMore: boolean;
  readonly positions: readonly Position[];
  /** The latest first. */
  readonly deals: readonly OwnDeal[];
  /** Undefined where neither they nor the switch can be told: in the past, and in a file. */
  readonly limits: readonly Limits[] | undefined;
  readonly switch: { readonly withinMs: number; readonly lapsesAt: string } | undefined;
}

/** So many deals are kept. */
export const MOST_DEALS = 100;

/** As a server tells them; no deals are in it. */
export function affairsOf(account: Account): Affairs {
  const { participant, intentions, positions, moreIntentions = false, limits = [] } = account;
  return {
    ...{ participant, intentions, positions, limits, hasMore: moreIntentions },
    places: placesOf(account),
    deals: [],
    switch: account.switch,
  };
}

export function placesOf({
  position,
  positionByShard,
}: Pick<Account, 'position' | 'positionByShard'>): readonly Place[] {
  if (positionByShard === undefined) return position === undefined ? [] : [{ position }];
  return Object.entries(positionByShard).map(([shard, from]) => ({ shard: Number(shard), position: from }));
}

export function ownDeal(deal: Deal, participant: string): OwnDeal {
  const { id, at, position, instrument, price, quantity, buyer, seller } = deal;
  const sides = [
    ...(buyer === participant ? (['buy'] as const) : []),
    ...(seller === participant ? (['sell'] as const) : []),
  ];
  const counterparty = sides.length === 2 ? participant : sides[0] === 'buy' ? seller : buyer;
  return { ...{ id, at, position, instrument, price, quantity, sides }, counterparty };
}

/**
 * Affairs that messages are folded into.
 *
 * 1. Messages are given in the order of each log, from the places of the affairs on.
 * 2. Positions take every deal, also one of an intention that is not among those that are shown.
 */
export class AffairsFold {
  private readonly intentions: Map<string, Intention>;
  private readonly positions: Map<string, Position>;
  private deals: readonly OwnDeal[];
  private limits: readonly Limits[] | undefined;
  private switch: Affairs['switch'];

  constructor(private readonly base: Affairs) {
    this.intentions = new Map(base.intentions.map((intention) => [intention.id, intention]));
    this.positions = new Map(base.positions.map((position) => [position.instrument, position]));
    this.deals = base.deals;
    this.limits = base.limits;
    this.switch = base.switch;
  }

  /** As they are by now. */
  get affairs(): Affairs {
    return {
      ...this.base,
      intentions: [...this.intentions.values()],
      positions: [...this.positions.values()],
      ...{ deals: this.deals, limits: this.limits, switch: this.switch },
    };
  }

  take(message: OwnMessage): void {
    switch (message.type) {
      case 'posted':
        this.posted(message.intention);
        return;
      case 'dealt':
        this.changed(message);
        this.dealt(message);
        return;
      case 'reserved':
      case 'released':
      case 'reduced':
      case 'amended':
      case 'withdrawn':
      case 'expired':
        this.changed(message);
        return;
      case 'switchSet':
        this.switch =
          message.lapsesAt === undefined ? undefined : { withinMs: message.withinMs, lapsesAt: message.lapsesAt };
        return;
      case 'switchLapsed':
        this.switch = undefined;
        return;
      case 'limitsSet':
        this.limits = limitsWith(this.limits ?? [], this.base.participant, message);
        return;
      case 'refused':
      case 'upTo':
    }
  }

  private posted(intention: Intention): void {
    if (intention.participant === this.base.participant && intention.status === 'open')
      this.intentions.set(intention.id, intention);
  }

  private changed(message: Extract<OwnMessage, { readonly id: string }>): void {
    const { id, status, open, reserved, filled } = message;
    const known = this.intentions.get(id);
    const price = message.type === 'amended' ? { price: message.price } : {};
    if (status !== 'open') this.intentions.delete(id);
    else if (known !== undefined) this.intentions.set(id, { ...known, ...price, status, open, reserved, filled });
  }

  private dealt(message: OwnDealt): void {
    const { deal: id, at, position, instrument, price, quantity, side, counterparty } = message;
    this.held(message);
    const sides = new Set([...(this.deals.find((each) => each.id === id)?.sides ?? []), side]);
    this.deals = [
      { ...{ id, at, position, instrument, price, quantity, counterparty }, sides: [...sides] },
      ...this.deals.filter((each) => each.id !== id).slice(0, MOST_DEALS - 1),
    ];
  }

  private held({ instrument, side, price, quantity }: OwnDealt): void {
    const { participant } = this.base;
    const before = this.positions.get(instrument) ?? nothingOf(participant, instrument);
    const value = times(price, quantity);
    const isBuy = side === 'buy';
    this.positions.set(instrument, {
      ...before,
      bought: isBuy ? plus(before.bought, quantity) : before.bought,
      sold: isBuy ? before.sold : plus(before.sold, quantity),
      net: plus(before.net, isBuy ? quantity : negated(quantity)),
      cash: plus(before.cash, isBuy ? negated(value) : value),
    });
  }
}

function nothingOf(participant: string, instrument: string): Position {
  return { participant, instrument, bought: '0', sold: '0', net: '0', cash: '0' };
}

/** Limits take the place of those of their instrument; what limits nothing is taken off. Those of every instrument come first. */
export function limitsWith(limits: readonly Limits[], participant: string, set: OwnLimitsSet): readonly Limits[] {
  const { instrument, openQuantity, netPosition, intentionsPerSecond, halted } = set;
  const others = limits.filter((each) => each.instrument !== instrument);
  if (openQuantity === undefined && netPosition === undefined && intentionsPerSecond === undefined && !halted)
    return others;
  const own = { participant, instrument, openQuantity, netPosition, intentionsPerSecond, halted };
  return [...others, own].sort((one, other) => ((one.instrument ?? '') < (other.instrument ?? '') ? -1 : 1));
}
