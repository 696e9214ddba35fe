import type { PostIntention } from '../../../src/exchange/commands.js';
import type { Listing, PostStep, Step } from '../../support/reference/steps.js';
import type { Profile } from '../profile.js';
import type { Random } from '../../support/random.js';

/** What no exchange takes, whatever its state, and the code of the refusal. */
export interface Junk {
  readonly kind: 'junk';
  readonly command: PostIntention;
  readonly code: string;
}

export type Request = Step | Junk;

const participants = ['alice', 'bob', 'carol', 'dave'] as const;

/** Steps never change once listed. */
export const steps: Readonly<Record<string, { readonly tickSize: string; readonly lotSize: string }>> = {
  ACME: { tickSize: '0.05', lotSize: '10' },
  BOLT: { tickSize: '2', lotSize: '0.001' },
};
export const symbols = Object.keys(steps);

/** Draws the requests that clients make, as often each as the profile says. */
export class RequestSource {
  /** Posts that were answered with an id, by that id. */
  private readonly taken = new Map<number, PostStep>();
  private posts = 0;

  constructor(
    private readonly random: Random,
    private readonly profile: Profile,
    private readonly nowMs: () => number,
  ) {}

  /** Receives each post that got its id. */
  answered(step: Step, id: number): void {
    if (step.kind === 'post') this.taken.set(id, step);
  }

  listing(symbol: string): Listing {
    const { random, profile } = this;
    return {
      symbol,
      tickSize: steps[symbol]?.tickSize ?? '1',
      lotSize: steps[symbol]?.lotSize ?? '1',
      minTicks: random.between(1, 2),
      maxTicks: profile.prices + random.between(0, 2),
      priceRule: random.pick(['standing', 'seller', 'midpoint']),
      selfTrade: random.pick(['allow', 'refuseArriving', 'withdrawStanding']),
    };
  }

  next(): Request {
    const { random } = this;
    const symbol = random.pick(symbols);
    const kind = random.weighted(this.profile.weights);
    switch (kind) {
      case 'post':
        return this.limitPost(symbol);
      case 'market':
        return { ...this.limitPost(symbol), priceTicks: undefined, ...this.marketTerms() };
      case 'again':
        return this.again() ?? this.limitPost(symbol);
      case 'withdraw':
        return { kind, ...this.someIntention() };
      case 'reduce':
        return { kind, ...this.someIntention(), byLots: random.between(1, this.profile.lots) };
      case 'replace':
        return { kind, ...this.someIntention(), priceTicks: this.price(), openLots: this.lots() };
      case 'list':
        return { kind, listing: this.changedListing(symbol) };
      case 'phase':
        return { kind, instrument: symbol, phase: random.pick(['continuous', 'call']) };
      case 'uncross':
        return { kind, instrument: symbol };
      case 'junk':
        return this.junk();
    }
  }

  private limitPost(instrument: string): PostStep {
    const { random } = this;
    const timeInForce = random.pick(['gtc', 'gtc', 'gtc', 'ioc', 'fok', 'gtd'] as const);
    const mayRest = timeInForce === 'gtc' || timeInForce === 'gtd';
    return {
      kind: 'post',
      clientId: `c-${++this.posts}`,
      participant: random.pick(participants),
      instrument,
      side: random.pick(['buy', 'sell']),
      priceTicks: this.price(),
      lots: this.lots(),
      timeInForce,
      postOnly: mayRest && random.chance(0.1),
      expiresAtMs: timeInForce === 'gtd' ? this.nowMs() + random.between(-5, 400) : 0,
    };
  }

  private marketTerms(): Pick<PostStep, 'timeInForce' | 'postOnly' | 'expiresAtMs'> {
    return { timeInForce: this.random.pick(['ioc', 'fok']), postOnly: false, expiresAtMs: 0 };
  }

  /** A post that was made before: the same, or another one under its client id. */
  private again(): PostStep | undefined {
    const post = this.taken.get(this.random.between(1, Math.max(1, this.taken.size)));
    if (post === undefined || this.random.chance(0.7)) return post;
    return { ...post, lots: post.lots + 1 };
  }

  /** Mostly somebody's own; sometimes a stranger's, or one that nobody has heard of. */
  private someIntention(): { readonly id: number; readonly participant: string } {
    const { random } = this;
    const latest = Math.max(1, this.taken.size);
    const id = random.chance(0.1) ? random.between(1, latest + 3) : Math.max(1, latest - random.below(30));
    const owner = this.taken.get(id)?.participant ?? random.pick(participants);
    return { id, participant: random.chance(0.1) ? 'mallory' : owner };
  }

  private changedListing(symbol: string): Listing {
    const listing = this.listing(symbol);
    return this.random.chance(0.2) ? { ...listing, tickSize: '0.25' } : listing;
  }

  private junk(): Junk {
    const command: PostIntention = {
      clientIntentionId: `junk-${this.random.below(1_000)}`,
      participant: 'alice',
      instrument: 'ACME',
      side: 'buy',
      price: '0.50',
      quantity: '10',
    };
    const [change, code] = this.random.pick([
      [{ instrument: 'NOWHERE' }, 'UNKNOWN_INSTRUMENT'],
      [{ clientIntentionId: '' }, 'INVALID_CLIENT_ID'],
      [{ participant: 'a b' }, 'INVALID_PARTICIPANT'],
      [{ quantity: '0' }, 'INVALID_QUANTITY'],
      [{ quantity: '15' }, 'QUANTITY_OFF_LOT'],
      [{ price: '0.51' }, 'PRICE_OFF_TICK'],
      [{ price: 'dear' }, 'INVALID_PRICE'],
      [{ type: 'market' }, 'INVALID_COMBINATION'],
      [{ timeInForce: 'gtd' }, 'INVALID_EXPIRY'],
    ] as const);
    return { kind: 'junk', command: { ...command, ...change }, code };
  }

  private price(): number {
    return this.random.between(1, this.profile.prices + 1);
  }

  private lots(): number {
    return this.random.between(1, this.profile.lots);
  }
}
