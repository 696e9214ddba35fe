/**
 * The whole exchange as a model that fast-check walks through: every command of a participant or an operator, time, snapshots, restarts
 * and crashes. The model is the reference and what it was asked, in order; a crash takes back what the log has lost, and no more.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { SnapshotStore } from '../../../src/exchange/snapshots/snapshots.js';
import type { MemoryLog } from '../log/memory-log.js';
import { expectNothingReserved, expectReplayGives } from './checks.js';
import { goalOf, type Span } from './cut.js';
import { ReferenceExchange } from './reference-exchange.js';
import type { Listing, PostStep, Step, StepResult } from './steps.js';
import { dealsIn, eventsIn, OPENING_MS, ExchangeHarness } from './exchange-harness.js';

interface Taken {
  readonly step: Step;
  readonly atMs: number;
  span: Span;
}

export class Model {
  reference = new ReferenceExchange();
  nowMs = OPENING_MS;
  taken: Taken[] = [];
  /** Those that were accepted, by their ids less one. */
  posts: PostStep[] = [];

  take(step: Step): StepResult {
    const result = this.reference.take(step, this.nowMs);
    if (step.kind === 'post' && 'posted' in result && result.posted > this.posts.length) this.posts.push(step);
    return result;
  }

  /** Forgets all but the steps that are in the log up to this position. */
  goBackTo(position: number): void {
    const kept = this.taken.filter(({ span }) => span.until <= position);
    const { nowMs } = this;
    Object.assign(this, { reference: new ReferenceExchange(), posts: [], taken: kept });
    for (const { step, atMs } of kept) {
      this.nowMs = atMs;
      this.take(step);
    }
    this.nowMs = nowMs;
  }
}

export interface Real {
  harness: ExchangeHarness;
  log: MemoryLog;
  readonly snapshots: SnapshotStore;
}

type Command = fc.AsyncCommand<Model, Real>;

export const symbols = ['ACME', 'BOLT'] as const;

/** Every book is that of the reference. */
function expectBooks(model: Model, { harness }: Real): void {
  const listedOnes = symbols.filter((symbol) => harness.market.instrumentBySymbol(symbol) !== undefined);
  for (const symbol of listedOnes) expect(harness.book(symbol)).toEqual(model.reference.book(symbol));
}

/** A step that is made of what the model holds when its turn has come; undefined where there is nothing for it to be about. */
class Ask implements Command {
  constructor(
    private readonly says: string,
    private readonly make: (model: Readonly<Model>) => Step | undefined,
  ) {}

  check(model: Readonly<Model>): boolean {
    return this.make(model) !== undefined;
  }

  async run(model: Model, real: Real): Promise<void> {
    const step = this.make(model);
    if (step === undefined) return;
    const from = real.harness.shard.head;
    const expected = model.take(step);
    const result = await real.harness.play(step, 'durable');
    expect(result).toEqual(expected);
    model.taken.push({ step, atMs: model.nowMs, span: { from, until: real.harness.shard.head } });
    expectBooks(model, real);
  }

  toString(): string {
    return this.says;
  }
}

class Wait implements Command {
  constructor(private readonly byMs: number) {}
  check(): boolean {
    return true;
  }
  async run(model: Model, { harness }: Real): Promise<void> {
    model.nowMs += this.byMs;
    harness.advance(this.byMs);
  }
  toString(): string {
    return `${this.byMs} ms pass`;
  }
}

class MakeSnapshot implements Command {
  check(): boolean {
    return true;
  }
  async run(_model: Model, { log, snapshots }: Real): Promise<void> {
    expect(await snapshots.make(log)).toBe(await log.head());
  }
  toString(): string {
    return 'a snapshot is made';
  }
}

/** Opens the exchange on a log, and holds it against the model. */
async function reopen(model: Model, real: Real, log: MemoryLog, withSnapshots: boolean): Promise<void> {
  const options = { nowMs: model.nowMs, ...(withSnapshots ? { snapshots: real.snapshots } : {}) };
  real.log = log;
  real.harness = await ExchangeHarness.open(log, options);
  await real.harness.exchange.log.flushed();
  expectNothingReserved(real.harness.market);
  expect(dealsIn(await eventsIn(log))).toEqual(model.reference.deals);
  await expectReplayGives(real.harness.market, log);
}

class Restart implements Command {
  constructor(private readonly withSnapshots: boolean) {}
  check(): boolean {
    return true;
  }
  async run(model: Model, real: Real): Promise<void> {
    await real.harness.close();
    await reopen(model, real, real.log, this.withSnapshots);
    expectBooks(model, real);
  }
  toString(): string {
    return `a restart ${this.withSnapshots ? 'from the newest snapshot' : 'from the log alone'}`;
  }
}

class Crash implements Command {
  constructor(
    private readonly batchesLost: number,
    private readonly withSnapshots: boolean,
  ) {}
  check(): boolean {
    return true;
  }
  async run(model: Model, real: Real): Promise<void> {
    const { ends } = real.log;
    const first = model.taken[symbols.length - 1]?.span.until ?? 0;
    const left = Math.max(first, ends[Math.max(0, ends.length - 1 - this.batchesLost)] ?? 0);
    const goal = goalOf(
      left,
      model.taken.map(({ span }) => span),
      await eventsIn(real.log),
    );
    model.goBackTo(goal);
    await reopen(model, real, real.log.truncateTo(left), this.withSnapshots);
    const last = model.taken.at(-1);
    if (last !== undefined && last.span.until > left) last.span = { ...last.span, until: real.harness.shard.head };
    expectBooks(model, real);
  }
  toString(): string {
    return `a crash that loses ${this.batchesLost} batches, then the ${this.withSnapshots ? 'newest snapshot' : 'log alone'}`;
  }
}

const participants = ['alice', 'bob', 'carol'] as const;
const who = fc.constantFrom(...participants);
const symbol = fc.constantFrom(...symbols);
const ticks = fc.integer({ min: 1, max: 14 });
const lots = fc.integer({ min: 1, max: 9 });
const pick = fc.nat(30);

const posts = fc
  .record({
    ...{
      participant: who,
      instrument: symbol,
      clientNumber: fc.nat(40),
      lots,
      livesMs: fc.integer({ min: -5, max: 60 }),
    },
    side: fc.constantFrom('buy' as const, 'sell' as const),
    priceTicks: fc.option(ticks, { nil: undefined, freq: 9 }),
    timeInForce: fc.constantFrom(
      'gtc' as const,
      'gtc' as const,
      'gtc' as const,
      'gtd' as const,
      'ioc' as const,
      'fok' as const,
    ),
    postOnly: fc.nat(9).map((dice) => dice === 9),
  })
  .map(({ clientNumber, livesMs, postOnly, ...terms }) => {
    const isMarket = terms.priceTicks === undefined;
    const timeInForce = isMarket && terms.timeInForce !== 'fok' ? 'ioc' : terms.timeInForce;
    const rests = timeInForce === 'gtc' || timeInForce === 'gtd';
    const at = isMarket ? 'market' : String(terms.priceTicks);
    const flags = `${timeInForce}${timeInForce === 'gtd' ? ` ${livesMs} ms` : ''}${rests && postOnly ? ', post-only' : ''}`;
    const says = `${terms.participant}: ${terms.side} ${terms.lots} ${terms.instrument} at ${at}, ${flags}, as c-${clientNumber}`;
    return new Ask(says, ({ nowMs }) => ({
      ...{ kind: 'post', ...terms, timeInForce, postOnly: rests && postOnly, clientId: `c-${clientNumber}` },
      expiresAtMs: timeInForce === 'gtd' ? nowMs + livesMs : 0,
    }));
  });

/** About an intention that was posted, by its owner, or by a stranger. */
function about(says: string, stranger: boolean, number: number, make: (id: number, participant: string) => Step): Ask {
  return new Ask(`${says} (of all so far, number ${number}${stranger ? ', by a stranger' : ''})`, ({ posts: all }) => {
    const id = 1 + (number % Math.max(1, all.length));
    const owner = all[id - 1]?.participant;
    return owner === undefined ? undefined : make(id, stranger ? 'mallory' : owner);
  });
}

const isStranger = fc.nat(7).map((dice) => dice === 7);
const changes = fc.oneof(
  fc
    .tuple(pick, isStranger)
    .map(([number, stranger]) =>
      about('withdraw', stranger, number, (id, participant) => ({ kind: 'withdraw', id, participant })),
    ),
  fc.tuple(pick, isStranger, lots).map(([number, stranger, byLots]) =>
    about(`reduce by ${byLots}`, stranger, number, (id, participant) => ({
      kind: 'reduce',
      id,
      participant,
      byLots,
    })),
  ),
  fc.tuple(pick, isStranger, ticks, lots).map(([number, stranger, priceTicks, openLots]) =>
    about(`replace with ${openLots} at ${priceTicks}`, stranger, number, (id, participant) => ({
      ...{ kind: 'replace', id, participant, priceTicks, openLots },
    })),
  ),
  pick.map(
    (number) => new Ask(`post number ${number} again`, ({ posts: all }) => all[number % Math.max(1, all.length)]),
  ),
);

const operators = fc.oneof(
  fc
    .tuple(symbol, fc.constantFrom('call' as const, 'continuous' as const))
    .map(
      ([instrument, phase]) => new Ask(`${instrument} goes to ${phase}`, () => ({ kind: 'phase', instrument, phase })),
    ),
  symbol.map((instrument) => new Ask(`${instrument} is uncrossed`, () => ({ kind: 'uncross', instrument }))),
);

/** Lists an instrument: what every run begins with. */
export function listed(listing: Listing): Ask {
  return new Ask(`${listing.symbol} is listed: ${listing.priceRule}, ${listing.selfTrade}`, () => ({
    kind: 'list',
    listing,
  }));
}

/** The commands, likelier ones more than once. */
export const commands: fc.Arbitrary<Command>[] = [
  ...[posts, posts, posts, posts, posts, changes, changes, operators],
  fc.integer({ min: 1, max: 40 }).map((byMs) => new Wait(byMs)),
  fc.oneof(
    fc.constant(new MakeSnapshot()),
    fc.boolean().map((withSnapshots) => new Restart(withSnapshots)),
  ),
  fc.tuple(fc.nat(6), fc.boolean()).map(([batches, withSnapshots]) => new Crash(batches, withSnapshots)),
];
