/** Requests of two participants in the same market: good commands, disguised or plain, and nonsense between them. */
import fc from 'fast-check';
import type { Listing, PostStep, Step } from '../reference/steps.js';
import { type Body, disguised, spoilt } from './hostile/hostile-json.js';

export type Who = 'alice' | 'bob';

/** The one instrument: as the market of the HTTP tests lists it. */
export const listing: Listing = {
  ...{ symbol: 'ACME', tickSize: '0.01', lotSize: '1', minTicks: 100, maxTicks: 10_000 },
  ...{ priceRule: 'standing', selfTrade: 'allow' },
};

/** A command as it is drawn. Ids are small numbers, so that each uses the other's: intentions' ids and client ids. */
export interface Command {
  readonly who: Who;
  readonly step: Step;
  /** What is sent, for a command with a body. */
  readonly bytes: Buffer | undefined;
}

/** A post that means nothing, by somebody. */
export interface Spoilt {
  readonly who: Who;
  readonly bytes: Buffer;
}

const who = fc.constantFrom<Who>('alice', 'bob');
const decimal = (hundredths: number): string => (hundredths / 100).toFixed(2);

/** The body of a post; the key says whose it is. */
function bodyOf({ clientId, side, priceTicks = 0, lots, timeInForce }: PostStep): Body {
  return {
    ...{ clientIntentionId: clientId, instrument: 'ACME', side, price: decimal(priceTicks), quantity: String(lots) },
    timeInForce,
  };
}

const posts: fc.Arbitrary<PostStep> = fc.record({
  kind: fc.constant('post' as const),
  clientId: fc.nat(11).map((number) => `c-${number}`),
  participant: who,
  instrument: fc.constant('ACME'),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  // One tick below the band and one above it, too.
  priceTicks: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 998, max: 1_003 }) }, fc.constantFrom(99, 10_001)),
  lots: fc.integer({ min: 1, max: 6 }),
  timeInForce: fc.constantFrom('gtc' as const, 'gtc' as const, 'ioc' as const, 'fok' as const),
  postOnly: fc.constant(false),
  expiresAtMs: fc.constant(0),
});

const about = { id: fc.integer({ min: 1, max: 12 }), participant: who };
const changes: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('withdraw' as const), ...about }),
  fc.record({ kind: fc.constant('reduce' as const), ...about, byLots: fc.integer({ min: 1, max: 6 }) }),
  fc.record({
    kind: fc.constant('replace' as const),
    ...about,
    priceTicks: fc.integer({ min: 998, max: 1_003 }),
    openLots: fc.integer({ min: 1, max: 6 }),
  }),
);

const disguisedPosts = posts.chain((step) =>
  disguised(bodyOf(step)).map((bytes): Command => ({ who: step.participant as Who, step, bytes })),
);

const disguisedChanges = changes.chain((step): fc.Arbitrary<Command> => {
  const by = (step as { participant: Who }).participant; // all changes have one
  if (step.kind === 'reduce')
    return disguised({ reduceBy: String(step.byLots) }).map((bytes) => ({ who: by, step, bytes }));
  if (step.kind === 'replace') {
    const body = { price: decimal(step.priceTicks), quantity: String(step.openLots) };
    return disguised(body).map((bytes) => ({ who: by, step, bytes }));
  }
  return fc.constant({ who: by, step, bytes: undefined });
});

const spoiltPosts: fc.Arbitrary<Spoilt> = fc
  .tuple(who, posts)
  .chain(([by, step]) => spoilt(bodyOf(step), ['timeInForce']).map((bytes) => ({ who: by, bytes })));

/** One command while others send nonsense; two commands at the same time; or a stream of posts, good and bad, on one connection. */
export type Move =
  | { readonly kind: 'one'; readonly command: Command; readonly nonsense: readonly Spoilt[] }
  | { readonly kind: 'two'; readonly commands: readonly [Command, Command] }
  | {
      readonly kind: 'stream';
      readonly who: Who;
      readonly lines: readonly (Command | Spoilt)[];
      readonly isEnded: boolean;
    };

const commands = fc.oneof({ weight: 3, arbitrary: disguisedPosts }, disguisedChanges);
const streams = who.chain((by) => {
  const own = disguisedPosts.map((command) => ({
    ...command,
    who: by,
    step: { ...command.step, participant: by } as Step,
  }));
  const lines = fc.array(fc.oneof({ weight: 2, arbitrary: own }, spoiltPosts), { minLength: 1, maxLength: 8 });
  return lines.chain((some) =>
    fc.record({
      kind: fc.constant('stream' as const),
      who: fc.constant(by),
      lines: fc.constant(some),
      isEnded: fc.boolean(),
    }),
  );
});

export const moves: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    kind: fc.constant('one' as const),
    command: commands,
    nonsense: fc.array(spoiltPosts, { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('two' as const), commands: fc.tuple(commands, commands) }),
  streams,
);
