import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stateDigest } from '../../src/exchange/recovery/state-digest.js';
import type { ShardLog } from '../../src/log/port.js';
import { MemoryLog } from '../support/log/memory-log.js';
import { runs } from '../support/property/runs.js';
import { describeWith } from '../support/needs/suite.js';
import { play as playDay, recordedDays } from '../support/orderflow/recorded-day.js';
import { Random } from '../support/random.js';
import { Dealer, type Session, sessions } from '../support/reference/arbitrary-steps.js';
import { ExchangeHarness } from '../support/reference/exchange-harness.js';
import { byMessages } from '../support/reference/faults.js';
import { EngineTwin, type Sent } from '../support/twins/engine-twin.js';
import { drawCommand, listing } from '../support/twins/twin-commands.js';

/** Of what has left for other shards, so much is still answered. */
const ANSWERED = 6;
const DIGEST_EACH = 16;

/** Over all runs: what was compared, and that it was not always the same way that was compared with itself. */
const seen = { commands: 0, deals: 0, fused: 0, besideDealsInFlight: 0, refused: 0, failed: 0, remote: 0 };

/** Two engines that differ in nothing but whether they fuse handshakes. */
class Twins {
  private readonly fusing = new EngineTwin(true);
  private readonly messaging = new EngineTwin(false);
  private readonly sent: Sent[] = [];
  private commands = 0;

  /** `hasStrangers`: whether anybody in another shard deals with those here. */
  constructor(private readonly hasStrangers: boolean) {}

  /** Gives both a command, and compares all that can be seen of them. False when both have failed. */
  take(random: Random): boolean {
    const { fusing, messaging, sent } = this;
    const dealt = fusing.market.dealsConfirmed;
    const fused = fusing.fused;
    const command = this.commands < 3 ? listing(random) : drawCommand(random, this.hasStrangers ? sent : undefined);
    const result = fusing.take(command);
    expect(result).toEqual(messaging.take(command));
    expect(fusing.seen()).toEqual(messaging.seen());
    expect(fusing.sent).toEqual(messaging.sent);
    expectSame(fusing.newBytes(), messaging.newBytes());
    expectSame(fusing.rows(), messaging.rows());
    if (this.commands++ % DIGEST_EACH === 0) this.compareDigests();
    sent.push(...fusing.sent);
    sent.splice(0, sent.length - ANSWERED);
    expect(messaging.fused).toBe(0);
    seen.fused += fusing.fused - fused;
    this.count(fusing.market.dealsConfirmed - dealt, result);
    return typeof result !== 'string' || !result.startsWith('failed');
  }

  compareDigests(): void {
    expect(this.fusing.digest()).toBe(this.messaging.digest());
  }

  private count(deals: number, result: unknown): void {
    const { market } = this.fusing;
    seen.commands++;
    seen.deals += deals;
    seen.remote += this.fusing.sent.length;
    if (deals > 0 && market.deals.size > 0) seen.besideDealsInFlight++;
    if (typeof result !== 'string') return;
    if (result.startsWith('failed')) seen.failed++;
    else seen.refused++;
  }
}

function expectSame(one: Uint8Array, other: Uint8Array): void {
  if (Buffer.compare(one, other) !== 0)
    expect(Buffer.from(one).toString('hex')).toBe(Buffer.from(other).toString('hex'));
}

interface Came {
  readonly answers: readonly unknown[];
  readonly batches: readonly string[];
  readonly digest: string;
}

/** Plays a session into a whole shard: every answer, every batch of its log with its seal, and the state it ends with. */
async function play(session: Session, fusesHandshakes: boolean): Promise<Came> {
  const log: ShardLog = new MemoryLog();
  const options = fusesHandshakes ? {} : byMessages;
  const harness = await ExchangeHarness.open(log, { ...options, commit: 'asked', clientIdsSeed: 7 });
  const dealer = new Dealer();
  const answers: unknown[] = [];
  for (const each of session.listings) await harness.play({ kind: 'list', listing: each });
  for (const [index, what] of session.drawn.entries()) {
    if (what.kind === 'wait') harness.advance(what.byMs);
    const step = dealer.step(what, harness.nowMs);
    if (step === undefined) continue;
    const { intentionsPosted } = harness.market;
    answers.push((await harness.ask(step, index % 3 === 0 ? 'durable' : 'recorded')).answer);
    if (step.kind === 'post' && harness.market.intentionsPosted > intentionsPosted) dealer.taken(step);
  }
  await harness.quiet();
  const digest = stateDigest(harness.market);
  await harness.close();
  const batches: string[] = [];
  for await (const { bytes } of log.read(0)) batches.push(Buffer.from(bytes).toString('hex'));
  return { answers, batches, digest };
}

describe('a fused handshake', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  afterAll(() => {
    if (process.env.PARLEY_RUNS !== undefined) process.stdout.write(`${JSON.stringify(seen)}\n`);
    expect(Object.entries(seen).filter(([what, count]) => count === 0 && what !== 'failed')).toEqual([]);
  });

  it('A fused handshake leaves the same bytes, rows, state, answers and messages as one that goes by messages, after each command of any market', () => {
    const draws = fc.array(fc.noShrink(fc.nat(0x7fff_ffff)), { minLength: 20, maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(draws, fc.boolean(), (seeds, hasStrangers) => {
        const twins = new Twins(hasStrangers);
        for (const seed of seeds) if (!twins.take(new Random(seed))) break;
        twins.compareDigests();
      }),
      runs(60),
    );
  });

  it('A fused handshake leaves the same batches with the same seals, and a shard answers alike', async () => {
    await fc.assert(
      fc.asyncProperty(sessions(60), async (session) => {
        expect(await play(session, true)).toEqual(await play(session, false));
      }),
      runs(60),
    );
  });
});

await describeWith('orderflow', 'recorded order flow', () => {
  it.each(recordedDays)(
    'A fused handshake leaves the log that its messages leave, batch by batch, of recorded flow: %s',
    async (name) => {
      const batches = async (options: object): Promise<string[]> =>
        (await playDay(name, options)).batches.map(({ bytes }) => Buffer.from(bytes).toString('base64'));
      expect((await batches({})).join('\n') === (await batches(byMessages)).join('\n')).toBe(true);
    },
  );
});
