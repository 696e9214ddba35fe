import fc from 'fast-check';
import type { Listing, PostStep, Step } from './steps.js';

/** A step as it is drawn: which earlier post it is about is said by a number, and times are from now. */
export type Drawn =
  | (Omit<PostStep, 'kind' | 'clientId' | 'expiresAtMs'> & { readonly kind: 'post'; readonly livesMs: number })
  | { readonly kind: 'again'; readonly pick: number; readonly otherwise: boolean }
  | { readonly kind: 'withdraw'; readonly pick: number; readonly stranger: boolean }
  | { readonly kind: 'reduce'; readonly pick: number; readonly byLots: number }
  | { readonly kind: 'replace'; readonly pick: number; readonly priceTicks: number; readonly openLots: number }
  | { readonly kind: 'list'; readonly listing: Listing }
  | { readonly kind: 'phase'; readonly instrument: string; readonly phase: 'continuous' | 'call' }
  | { readonly kind: 'uncross'; readonly instrument: string }
  | { readonly kind: 'wait'; readonly byMs: number };

const symbols = ['ACME', 'BOLT'];
const participants = ['alice', 'bob', 'carol'];

const priceTicks = fc.integer({ min: 1, max: 14 });
const lots = fc.integer({ min: 1, max: 12 });
const pick = fc.nat(1_000);
const instrument = fc.constantFrom(...symbols);

export const listings = (symbol: string): fc.Arbitrary<Listing> =>
  fc.record({
    symbol: fc.constant(symbol),
    tickSize: fc.constant(symbol === 'ACME' ? '0.05' : '2'),
    lotSize: fc.constant(symbol === 'ACME' ? '10' : '0.001'),
    minTicks: fc.integer({ min: 1, max: 3 }),
    maxTicks: fc.integer({ min: 11, max: 14 }),
    priceRule: fc.constantFrom('standing', 'seller', 'midpoint'),
    selfTrade: fc.constantFrom('allow', 'refuseArriving', 'withdrawStanding'),
  });

const anyPost = fc.record({
  kind: fc.constant('post' as const),
  participant: fc.constantFrom(...participants),
  instrument,
  side: fc.constantFrom('buy' as const, 'sell' as const),
  priceTicks,
  lots,
  timeInForce: fc.constantFrom(
    'gtc' as const,
    'gtc' as const,
    'gtc' as const,
    'ioc' as const,
    'fok' as const,
    'gtd' as const,
  ),
  postOnly: fc.nat(9).map((dice) => dice === 0),
  livesMs: fc.integer({ min: -5, max: 60 }),
});

const marketPost = fc.record({
  kind: fc.constant('post' as const),
  participant: fc.constantFrom(...participants),
  instrument,
  side: fc.constantFrom('buy' as const, 'sell' as const),
  priceTicks: fc.constant(undefined),
  lots,
  timeInForce: fc.constantFrom('ioc' as const, 'fok' as const),
  postOnly: fc.constant(false),
  livesMs: fc.constant(0),
});

const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  { weight: 60, arbitrary: anyPost },
  { weight: 8, arbitrary: marketPost },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('again' as const), pick, otherwise: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), pick, stranger: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('reduce' as const), pick, byLots: lots }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('replace' as const), pick, priceTicks, openLots: lots }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('list' as const), listing: fc.oneof(...symbols.map(listings)) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('phase' as const),
      instrument,
      phase: fc.constantFrom('continuous', 'call'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('uncross' as const), instrument }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), byMs: fc.integer({ min: 1, max: 40 }) }) },
);

/** A session: how both instruments are listed at first, and what is done then. */
export interface Session {
  readonly listings: readonly Listing[];
  readonly drawn: readonly Drawn[];
}

export const sessions = (maxLength: number, minLength = 1): fc.Arbitrary<Session> =>
  fc.record({
    listings: fc.tuple(...symbols.map(listings)),
    drawn: fc.array(drawn, { minLength, maxLength, size: 'max' }),
  });

/** Turns what was drawn into steps, as they come: which posts were taken is known only while they are played. */
export class Dealer {
  private readonly posts: PostStep[] = [];
  private drawnPosts = 0;

  /** The step; undefined for a wait, or where there is nothing yet to be about. */
  step(what: Drawn, nowMs: number): Step | undefined {
    switch (what.kind) {
      case 'post': {
        const { livesMs, ...terms } = what;
        const expiresAtMs = what.timeInForce === 'gtd' ? nowMs + livesMs : 0;
        const postOnly = what.postOnly && what.timeInForce !== 'ioc' && what.timeInForce !== 'fok';
        return { ...terms, postOnly, expiresAtMs, clientId: `c-${this.drawnPosts++}` };
      }
      case 'again': {
        const post = this.picked(what.pick);
        if (post === undefined) return undefined;
        return what.otherwise ? { ...post, lots: post.lots + 1 } : post;
      }
      case 'withdraw': {
        // One past the last is about nobody at all.
        const id = 1 + (what.pick % (this.posts.length + 1));
        return { kind: 'withdraw', id, participant: what.stranger ? 'mallory' : this.ownerOf(id) };
      }
      case 'reduce':
      case 'replace': {
        const id = 1 + (what.pick % Math.max(1, this.posts.length));
        const { pick: _pick, ...terms } = what;
        return { ...terms, id, participant: this.ownerOf(id) };
      }
      case 'list':
      case 'phase':
      case 'uncross':
        return what;
      case 'wait':
        return undefined;
    }
  }

  /** Receives each post that was taken for the first time. */
  taken(post: PostStep): void {
    this.posts.push(post);
  }

  private picked(pick: number): PostStep | undefined {
    return this.posts.length === 0 ? undefined : this.posts[pick % this.posts.length];
  }

  private ownerOf(id: number): string {
    return this.posts[id - 1]?.participant ?? 'alice';
  }
}
