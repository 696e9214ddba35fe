import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { replay } from '../../src/exchange/recovery/recovery.js';
import { stateDigest } from '../../src/exchange/recovery/state-digest.js';
import { SnapshotStore } from '../../src/exchange/snapshots/snapshots.js';
import type { RecordedEvent } from '../../src/events/event.js';
import { MemoryLog } from '../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../support/log/temporary-folder.js';
import { runs } from '../support/property/runs.js';
import { expectAuditFinds, expectReplayGives } from '../support/reference/checks.js';
import { eventsIn, ExchangeHarness } from '../support/reference/exchange-harness.js';
import { type NaiveLimit, NaiveRisk } from '../support/reference/naive-risk.js';

/** I12 and I13, in any session. Lots are a tenth and two and a half. */
const instruments = [
  { symbol: 'ACME', lotSize: 0.1 },
  { symbol: 'BOLT', lotSize: 2.5 },
] as const;
const participants = ['alice', 'bob', 'carol'] as const;

const who = fc.nat(participants.length - 1);
const which = fc.nat(instruments.length - 1);
const lots = fc.integer({ min: 1, max: 8 });
const price = fc.integer({ min: 98, max: 102 });
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });

const posting = fc.record({
  ...{ kind: fc.constant('post' as const), who, which, price, lots },
  side: fc.constantFrom('buy' as const, 'sell' as const),
  timeInForce: fc.constantFrom('gtc' as const, 'gtc' as const, 'ioc' as const),
});
const step = fc.oneof(
  { weight: 12, arbitrary: posting },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replace' as const), pick: fc.nat(), price, lots }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), pick: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ kind: fc.constant('limits' as const), who, which: maybe(which) },
      ...{ openLots: maybe(fc.nat(20)), netLots: maybe(fc.nat(15)), perSecond: maybe(fc.integer({ min: 1, max: 3 })) },
      ...{ halted: fc.integer({ min: 0, max: 5 }).map((each) => each === 0), withdraw: fc.boolean() },
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ kind: fc.constant('switch' as const), who },
      withinMs: fc.constantFrom(0, 1_000, 1_500, 4_000),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(1_600) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), snapshot: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

/** Plays steps, and holds each answer against the naive model. */
class Play {
  private readonly folder = temporaryFolder();
  private events: readonly RecordedEvent[] = [];
  private readonly risk = new NaiveRisk(() => this.events);
  private readonly switches = new Map<number, number>();
  private posts = 0;
  refused = 0;
  lapsed = 0;

  private constructor(
    readonly log: MemoryLog,
    public harness: ExchangeHarness,
  ) {}

  static async begin(): Promise<Play> {
    const log = new MemoryLog();
    const play = new Play(log, await ExchangeHarness.open(log));
    for (const { symbol, lotSize } of instruments) {
      await play.harness.exchange.list({ symbol, tickSize: '1', lotSize: String(lotSize) });
    }
    // Everybody is known from the beginning, by numbers from 1 on.
    for (const participant of participants) {
      await play.harness.exchange.setSwitch({ participant, withinMs: 60_000 });
      await play.harness.exchange.setSwitch({ participant, withinMs: 0 });
    }
    await play.read();
    return play;
  }

  async read(): Promise<void> {
    await this.harness.quiet();
    this.events = await eventsIn(this.log);
  }

  /** Switches whose time has come lapse before the command, whatever it is. */
  private async lapse(): Promise<void> {
    const due = [...this.switches].filter(([, lapsesAtMs]) => lapsesAtMs <= this.harness.nowMs);
    await this.read();
    for (const [participant] of due) {
      this.switches.delete(participant);
      this.lapsed++;
      const left = [...this.risk.open().values()].filter(({ participantId }) => participantId === participant + 1);
      expect(left).toEqual([]);
    }
  }

  async step(step: Step): Promise<void> {
    await this.lapse();
    switch (step.kind) {
      case 'post':
        await this.post(step);
        break;
      case 'replace':
      case 'withdraw':
        await this.change(step);
        break;
      case 'limits':
        await this.limits(step);
        break;
      case 'switch': {
        const participant = participants[step.who] ?? '';
        const answer = await this.harness.exchange.setSwitch({ participant, withinMs: step.withinMs });
        expect(answer.ok).toBe(true);
        if (step.withinMs === 0) this.switches.delete(step.who);
        else this.switches.set(step.who, this.harness.nowMs + step.withinMs);
        break;
      }
      case 'wait':
        this.harness.advance(step.ms);
        break;
      case 'restart':
        await this.restart(step.snapshot);
        break;
    }
    await this.read();
  }

  private quantity(instrumentId: number, count: number): string {
    return String((count * ((instruments[instrumentId - 1]?.lotSize ?? 1) * 10)) / 10);
  }

  private async post({
    who: index,
    which: at,
    side,
    price: limit,
    lots: count,
    timeInForce,
  }: Step & { kind: 'post' }): Promise<void> {
    const [participantId, instrumentId] = [index + 1, at + 1];
    const wish = { participantId, instrumentId, side, moreLots: count, isPost: true, nowMs: this.harness.nowMs };
    const expected = this.risk.refusal(wish);
    const answer = await this.harness.exchange.post({
      clientIntentionId: `c-${++this.posts}`,
      participant: participants[index] ?? '',
      instrument: instruments[at]?.symbol ?? '',
      ...{ side, timeInForce, price: String(limit), quantity: this.quantity(instrumentId, count) },
    });
    expect(answer.ok ? undefined : answer.code).toBe(expected);
    if (expected !== undefined) this.refused++;
  }

  private async change(step: Step & { kind: 'replace' | 'withdraw' }): Promise<void> {
    const open = [...this.risk.open()];
    const [id, found] = open[step.pick % Math.max(1, open.length)] ?? [];
    if (id === undefined || found === undefined) return;
    const { exchange, nowMs } = this.harness;
    if (step.kind === 'withdraw') {
      expect((await exchange.withdraw({ id: String(id) })).ok).toBe(true);
      return;
    }
    const expected = this.risk.refusal({ ...found, moreLots: step.lots - found.lots, isPost: false, nowMs });
    const quantity = this.quantity(found.instrumentId, step.lots);
    const answer = await exchange.replace({ id: String(id), price: String(step.price), quantity });
    expect(answer.ok ? undefined : answer.code).toBe(expected);
  }

  private async limits(step: Step & { kind: 'limits' }): Promise<void> {
    const { openLots, netLots, perSecond, halted, withdraw } = step;
    const instrumentId = step.which === undefined ? undefined : step.which + 1;
    // A limit for every instrument is one decimal, which is other lots in each.
    const decimal = (count: number | undefined): string | undefined =>
      count === undefined ? undefined : this.quantity(instrumentId ?? 2, count);
    const answer = await this.harness.exchange.setLimits({
      participant: participants[step.who] ?? '',
      instrument: step.which === undefined ? undefined : instruments[step.which]?.symbol,
      openQuantity: decimal(openLots),
      netPosition: decimal(netLots),
      intentionsPerSecond: perSecond,
      halted,
      withdraw,
    });
    expect(answer.ok).toBe(true);
    await this.read();
    const participantId = step.who + 1;
    if (instrumentId !== undefined)
      this.risk.setLimit(participantId, String(instrumentId), instrumentId, { openLots, netLots, perSecond, halted });
    else this.setEverywhere(participantId, { openLots, netLots, perSecond, halted });
    if (!withdraw) return;
    const left = [...this.risk.open().values()].filter(
      (each) => each.participantId === participantId && (instrumentId ?? each.instrumentId) === each.instrumentId,
    );
    expect(left).toEqual([]);
  }

  /** In lots of the second instrument, of which one is 25 of the first. */
  private setEverywhere(participantId: number, { openLots, netLots, ...limit }: NaiveLimit): void {
    this.risk.setLimit(participantId, 'all', undefined, limit);
    for (const [index, scale] of [25, 1].entries()) {
      const scaled = (count: number | undefined): number | undefined =>
        count === undefined ? undefined : count * scale;
      const inLots = { openLots: scaled(openLots), netLots: scaled(netLots) };
      this.risk.setLimit(participantId, `all ${index}`, index + 1, inLots);
    }
  }

  private async restart(snapshot: boolean): Promise<void> {
    await this.harness.quiet();
    const snapshots = new SnapshotStore(this.folder);
    if (snapshot) await snapshots.make(this.log);
    const { nowMs } = this.harness;
    this.harness = await ExchangeHarness.open(this.log, { nowMs, snapshots });
  }

  async end(): Promise<void> {
    await this.lapse();
    await this.harness.quiet();
    await expectReplayGives(this.harness.market, this.log);
    const snapshots = new SnapshotStore(this.folder);
    await snapshots.make(this.log);
    const { state, events } = await replay(this.log, { snapshots });
    expect(events).toBe(0);
    expect(stateDigest(state.market)).toBe(stateDigest(this.harness.market));
    await expectAuditFinds(this.log);
    removeFolder(this.folder);
  }
}

describe('limits and switches in any session', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('Limits and switches in any session refuse and withdraw just what a naive model says, through restarts too', async () => {
    let refused = 0;
    let lapsed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        const play = await Play.begin();
        for (const each of steps) await play.step(each);
        await play.end();
        refused += play.refused;
        lapsed += play.lapsed;
      }),
      runs(100),
    );
    expect(Math.min(refused, lapsed)).toBeGreaterThan(10);
  });
});
