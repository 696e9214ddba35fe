import { Random } from '../random.js';
import type { History } from './history.js';
import { NaiveRisk } from './naive-risk.js';

interface Order {
  readonly id: number;
  readonly participant: number;
  readonly instrument: number;
  readonly side: 'buy' | 'sell';
  price: number | undefined;
  left: number;
  place: number;
  readonly expires: boolean;
  readonly postOnly: boolean;
}

type PriceRule = 'standing' | 'seller' | 'midpoint';
type SelfTrade = 'allow' | 'refuseArriving' | 'withdrawStanding';

interface Rules {
  readonly priceRule: PriceRule;
  readonly selfTrade: SelfTrade;
  inCall: boolean;
}

export interface Chances {
  /** Of a restart before any one event. */
  readonly crash: number;
  /** Of a proposal being declined. */
  readonly decline: number;
  /** Of a command being a whole auction. */
  readonly auction: number;
  /** Of a command being about a switch or a limit; no such thing happens unless it is given. */
  readonly risk?: number;
}

/**
 * A stand-in for the exchange that writes honest histories: as naive as can be (it sorts the whole book whenever it looks at it), so
 * that what it does is plainly what the design says. Deterministic by its seed.
 *
 * It is one of its own beside ReferenceExchange, which knows no handshake and no log: what reads logs is tested with such as the exchange
 * did not write, with every step of every handshake, restarts and declines at any place.
 */
export class NaiveMarket {
  private readonly book: Order[] = [];
  private readonly rules = new Map<number, Rules>();
  private readonly participants: number[] = [];
  private readonly random: Random;
  private readonly risk: NaiveRisk;
  commands = 0;

  constructor(
    private readonly history: History,
    seed: number,
    private readonly chances: Chances = { crash: 0.002, decline: 0.02, auction: 0.004 },
  ) {
    this.random = new Random(seed);
    this.risk = new NaiveRisk(history, this.random, {
      owned: (participant, instrument) => this.owned(participant, instrument),
      withdraw: (order, reason) => {
        history.withdraw(order.id, reason);
        this.book.splice(
          this.book.findIndex(({ id }) => id === order.id),
          1,
        );
      },
    });
    for (const name of ['alice', 'bob', 'carol', 'dave']) this.participants.push(history.admit(name));
    const kinds: [PriceRule, SelfTrade][] = [
      ['standing', 'allow'],
      ['seller', 'withdrawStanding'],
      ['midpoint', 'refuseArriving'],
    ];
    kinds.forEach(([priceRule, selfTrade], index) => {
      const instrument = history.list(`S${index}`, { priceRule, selfTrade });
      this.rules.set(instrument, { priceRule, selfTrade, inCall: false });
    });
  }

  run(events: number): void {
    while (this.history.head < events) this.command();
  }

  private command(): void {
    this.commands++;
    if (this.random.chance(0.2)) this.history.seal();
    this.risk.lapse();
    const { risk = 0 } = this.chances;
    if (risk > 0 && this.random.chance(risk)) {
      this.risk.command(this.random.pick(this.participants), 1 + this.random.below(this.rules.size));
      return;
    }
    const dice = this.random.fraction();
    if (dice < this.chances.auction) this.auction(1 + this.random.below(this.rules.size));
    else if (dice < 0.16 || this.book.length > 150) this.change(this.book[this.random.below(this.book.length)]);
    else this.post(1 + this.random.below(this.rules.size));
  }

  private change(order: Order | undefined): void {
    if (order === undefined) return;
    const dice = this.random.fraction();
    if (dice < 0.15 && order.left > 1) {
      const by = 1 + this.random.below(order.left - 1);
      this.history.reduce(order.id, by);
      order.left -= by;
    } else if (dice < 0.35 && order.price !== undefined) {
      this.amend(order, this.price(), 1 + this.random.below(50));
    } else {
      if (order.expires && this.random.chance(0.5)) this.history.expire(order.id);
      else this.history.withdraw(order.id);
      this.drop(order);
    }
  }

  private amend(order: Order, price: number, open: number): void {
    const { selfTrade, inCall } = this.rulesOf(order);
    if (!inCall && order.postOnly && this.against({ ...order, price }).length > 0) return;
    if (!inCall && selfTrade === 'refuseArriving' && this.wouldMeetOwn({ ...order, price, left: open })) return;
    order.place = this.history.amend(order.id, price, open);
    order.price = price;
    order.left = open;
    if (!inCall) this.arrive(order);
  }

  private post(instrument: number): void {
    const { inCall, selfTrade } = this.rulesOf({ instrument });
    const participant = this.participants[this.random.below(this.participants.length)] ?? 1;
    const side = this.random.chance(0.5) ? 'buy' : 'sell';
    const price = this.random.chance(0.05) ? undefined : this.price();
    const quantity = 1 + this.random.below(50);
    const kind = price === undefined || inCall ? 0.9 : this.random.fraction();
    const timeInForce =
      kind < 0.1 ? 'ioc' : kind < 0.2 ? 'fok' : kind < 0.3 ? 'gtd' : price === undefined ? 'ioc' : 'gtc';
    const expires = timeInForce === 'gtd';
    const terms = { id: 0, participant, instrument, side, price, left: quantity, place: 0, expires } as const;
    const meets = inCall ? [] : this.against(terms);
    const order = { ...terms, postOnly: !inCall && meets.length === 0 && kind > 0.95 };
    if (!inCall && selfTrade === 'refuseArriving' && this.wouldMeetOwn(order)) return;
    const more = { timeInForce, postOnly: order.postOnly, expiresAtMs: expires ? this.history.atMs : 0 } as const;
    const place = this.history.head;
    const posted: Order = {
      ...order,
      id: this.history.post(participant, instrument, side, price, quantity, more),
      place,
    };
    const others =
      selfTrade === 'withdrawStanding' ? meets.filter((other) => other.participant !== participant) : meets;
    if (timeInForce === 'fok' && others.reduce((sum, other) => sum + other.left, 0) < quantity) {
      this.history.withdraw(posted.id, 'fillOrKill');
      return;
    }
    this.book.push(posted);
    if (inCall) return;
    this.arrive(posted, timeInForce === 'fok');
    if (posted.left === 0 || (price !== undefined && timeInForce !== 'ioc' && timeInForce !== 'fok')) return;
    this.history.withdraw(posted.id, price === undefined ? 'marketRemainder' : 'immediateOrCancel');
    this.drop(posted);
  }

  /** Takes an order past the other side, best first. */
  private arrive(order: Order, mustFill = false): void {
    const asked = new Set<Order>();
    for (;;) {
      const standing = this.against(order).find((other) => !asked.has(other));
      if (standing === undefined || order.left === 0) return;
      const { selfTrade } = this.rulesOf(order);
      if (selfTrade === 'withdrawStanding' && standing.participant === order.participant) {
        this.history.withdraw(standing.id, 'selfTrade');
        this.drop(standing);
      } else if (!mustFill && this.random.chance(this.chances.decline)) {
        this.refuse(standing, order);
        asked.add(standing);
      } else {
        this.deal(standing, order, this.dealPrice(standing, order));
      }
    }
  }

  private refuse(standing: Order, order: Order): void {
    const number = this.history.propose(standing.id, order.id, this.dealPrice(standing, order), standing.left);
    this.maybeCrash();
    this.history.decline(standing.id, number, 'doubt');
    this.maybeCrash();
    this.history.abort(standing.id, number, 'declined');
    this.maybeCrash();
    this.history.settle(standing.id, standing.id, number, 0);
  }

  private deal(standing: Order, order: Order, price: number): void {
    const { history } = this;
    const lots = Math.min(standing.left, order.left);
    this.maybeCrash();
    const number = history.propose(standing.id, order.id, price, this.random.chance(0.5) ? lots : standing.left);
    this.maybeCrash();
    history.accept(standing.id, number, lots);
    this.maybeCrash();
    history.confirm(standing.id, number, lots);
    this.maybeCrash();
    const [first, second] = this.random.chance(0.9) ? [standing, order] : [order, standing];
    history.settle(first.id, standing.id, number, lots);
    this.maybeCrash();
    history.settle(second.id, standing.id, number, lots);
    for (const side of [standing, order]) {
      side.left -= lots;
      if (side.left === 0) this.drop(side);
    }
  }

  /** A call phase: some posts, the auction, and back to continuous trading. */
  private auction(instrument: number): void {
    const rules = this.rulesOf({ instrument });
    this.history.phase(instrument, 'call');
    rules.inCall = true;
    const posts = 5 + this.random.below(30);
    for (let count = 0; count < posts; count++) this.post(instrument);
    const { price, volume } = this.uncrossAt(instrument);
    this.history.uncross(instrument, price, volume);
    for (let left = volume; left > 0;) {
      const buyer = this.side(instrument, 'buy')[0];
      const seller = this.side(instrument, 'sell')[0];
      if (buyer === undefined || seller === undefined) throw new Error('an auction of more than there is');
      const [older, younger] = buyer.place < seller.place ? [buyer, seller] : [seller, buyer];
      left -= Math.min(buyer.left, seller.left);
      this.deal(older, younger, price);
    }
    for (const order of this.book.filter((each) => each.instrument === instrument && each.price === undefined)) {
      this.maybeCrash();
      this.history.withdraw(order.id, 'marketRemainder');
      this.drop(order);
    }
    this.history.phase(instrument, 'continuous');
    rules.inCall = false;
  }

  /** The auction rule, price by price. */
  private uncrossAt(instrument: number): { price: number; volume: number } {
    const buyers = this.side(instrument, 'buy');
    const sellers = this.side(instrument, 'sell');
    const sum = (orders: Order[]): number => orders.reduce((total, order) => total + order.left, 0);
    const prices = [...buyers, ...sellers].flatMap((order) => order.price ?? []).sort((one, other) => one - other);
    let best = { price: 0, volume: 0, surplus: 0 };
    for (const price of prices) {
      const demand = sum(buyers.filter((order) => order.price === undefined || order.price >= price));
      const supply = sum(sellers.filter((order) => order.price === undefined || order.price <= price));
      const volume = Math.min(demand, supply);
      const surplus = demand - supply;
      const isLess = Math.abs(surplus) < Math.abs(best.surplus);
      const isHigher = surplus > 0 && surplus === best.surplus;
      if (volume > best.volume || (volume > 0 && volume === best.volume && (isLess || isHigher))) {
        best = { price, volume, surplus };
      }
    }
    return best;
  }

  private maybeCrash(): void {
    if (this.random.chance(this.chances.crash)) this.history.restart();
  }

  private side(instrument: number, side: 'buy' | 'sell'): Order[] {
    const sign = side === 'buy' ? -1 : 1;
    const rank = (order: Order): number => (order.price === undefined ? -Infinity : sign * order.price);
    return this.book
      .filter((order) => order.instrument === instrument && order.side === side)
      .sort((one, other) => (rank(one) === rank(other) ? one.place - other.place : rank(one) - rank(other)));
  }

  /** Whom it could deal with, in the order of priority. */
  private against({ instrument, side, price }: Pick<Order, 'instrument' | 'side' | 'price'>): Order[] {
    const reaches = (other: Order): boolean => {
      if (price === undefined || other.price === undefined) return true;
      return side === 'buy' ? other.price <= price : other.price >= price;
    };
    return this.side(instrument, side === 'buy' ? 'sell' : 'buy').filter(reaches);
  }

  private wouldMeetOwn(order: Omit<Order, 'id' | 'place'>): boolean {
    let left = order.left;
    for (const other of this.against(order)) {
      if (other.participant === order.participant) return true;
      left -= other.left;
      if (left <= 0) return false;
    }
    return false;
  }

  private dealPrice(standing: Order, order: Order): number {
    const [own, other] = [standing.price ?? order.price ?? 1, order.price ?? standing.price ?? 1];
    const { priceRule } = this.rulesOf(order);
    if (priceRule === 'midpoint') return Math.floor((own + other) / 2);
    return priceRule === 'standing' || standing.side === 'sell' ? own : other;
  }

  private rulesOf({ instrument }: Pick<Order, 'instrument'>): Rules {
    const rules = this.rules.get(instrument);
    if (rules === undefined) throw new Error(`instrument ${instrument} is not listed`);
    return rules;
  }

  /** Instrument 0: in every one. */
  private owned(participant: number, instrument: number): Order[] {
    const isIn = (order: Order): boolean => instrument === 0 || order.instrument === instrument;
    return this.book.filter((order) => order.participant === participant && isIn(order));
  }

  private drop(order: Order): void {
    this.book.splice(this.book.indexOf(order), 1);
  }

  private price(): number {
    return 1000 + this.random.below(12) - this.random.below(12);
  }
}
