import { Readable } from 'node:stream';
import { setImmediate as nextRound } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FlowClock, reproducible } from '../../../../src/flow/play/flow-clock.js';
import { FlowPlayer, type FlowReport } from '../../../../src/flow/play/player.js';
import { Exchange } from '../../../../src/exchange/exchange.js';
import type { LogWriter } from '../../../../src/log/port.js';
import { eventsOfBatch } from '../../../../src/events/fold.js';
import { largeFlow, smallFlow } from '../../../support/cli/flows.js';
import { kept, type ReadBatch } from '../../../support/log/batches.js';
import { MemoryLog } from '../../../support/log/memory-log.js';

/** A stand-in for a log on a slow medium: each append takes as many rounds of the event loop as it says. */
class SlowLog extends MemoryLog {
  constructor(private readonly rounds: (append: number) => number) {
    super();
  }

  override async open(): Promise<LogWriter> {
    const writer = await super.open();
    const append = writer.append.bind(writer);
    let appends = 0;
    writer.append = async (batch) => {
      for (let left = this.rounds(appends++); left > 0; left--) await nextRound();
      letTheWallsClockGoOn();
      return append(batch);
    };
    return writer;
  }
}

function letTheWallsClockGoOn(): void {
  vi.setSystemTime(Date.now() + 7);
}

interface Played {
  readonly report: FlowReport;
  readonly digest: string;
  readonly batches: readonly ReadBatch[];
}

/** Plays a flow, once or more often, into a log; how its lines come in pieces is up to the caller. */
async function played(log: MemoryLog, pieces: readonly string[], clientIdsSeed: number): Promise<Played> {
  const clock = new FlowClock();
  const exchange = await Exchange.open(log, { ...reproducible(clock), clientIdsSeed });
  clock.startAt(exchange.recorded.nowMs);
  letTheWallsClockGoOn();
  const player = new FlowPlayer(exchange, log, { clock, mismatchLimit: 10, stdin: Readable.from(pieces) });
  const report = await player.play('-');
  const digest = exchange.recorded.digest();
  await exchange.close();
  const batches: ReadBatch[] = [];
  for await (const batch of log.read(0)) batches.push(kept(batch));
  return { report, digest, batches };
}

/** When the log's events of a type happened, in order. */
async function timesOf(log: MemoryLog, wanted: 'IntentionPosted' | 'IntentionExpired'): Promise<number[]> {
  const times: number[] = [];
  for await (const batch of log.read(0)) {
    for (const { event } of eventsOfBatch(batch)) if (event.type === wanted) times.push(event.atMs);
  }
  return times;
}

/** A log that was begun at a time, with an intention that expires at another. */
async function withExpiryAt(begunMs: number, expiresAtMs: number): Promise<MemoryLog> {
  const log = new MemoryLog();
  const exchange = await Exchange.open(log, { clock: () => begunMs });
  await exchange.list({ symbol: 'X', tickSize: '1', lotSize: '1' });
  const expiresAt = new Date(expiresAtMs).toISOString();
  const terms = { instrument: 'X', side: 'buy', price: '1', quantity: '1', timeInForce: 'gtd', expiresAt } as const;
  expect(await exchange.post({ clientIntentionId: 'a', participant: 'p', ...terms })).toMatchObject({ ok: true });
  await exchange.close();
  return log;
}

const flow = `${smallFlow}scenario three\n${largeFlow(2_000)}`;
const middle = Math.floor(flow.length / 3);
const inPieces = [flow.slice(0, middle), flow.slice(middle)];

describe('a flow that is played', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('A flow that is played makes the same log, byte for byte, and the same state, however fast the log is, however its lines arrive', async () => {
    const fast = await played(new MemoryLog(), [flow], 1);
    const slow = await played(new SlowLog((append) => (append * 7) % 30), inPieces, 2);
    expect(fast.report.tally.kinds.deal.failed + slow.report.tally.kinds.deal.failed).toBe(0);
    expect(fast.batches.length).toBeGreaterThan(3);
    expect(slow.batches).toEqual(fast.batches);
    expect(slow.digest).toBe(fast.digest);
    expect(slow.report).toEqual(fast.report);
  });

  it('A flow that is played goes on in the time of the log that it is played into, a millisecond a command', async () => {
    const log = new MemoryLog();
    const first = await played(log, [smallFlow], 1);
    const second = await played(log, [smallFlow], 1);
    const times = await timesOf(log, 'IntentionPosted');
    expect(times.slice(0, 2)).toEqual([Date.UTC(2000, 0, 1) + 3, Date.UTC(2000, 0, 1) + 4]);
    expect(times).toHaveLength(16);
    expect(new Set(times).size).toBe(16);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(second.batches.slice(0, first.batches.length)).toEqual(first.batches);
  });

  it('A flow that is played lets an intention from before it expire when its own time has come to that, and never by the clock on the wall', async () => {
    const begun = Date.UTC(2020, 0, 1);
    const log = await withExpiryAt(begun, begun + 500);
    await played(log, [largeFlow(200)], 1);
    expect(await timesOf(log, 'IntentionExpired')).toEqual([]);
    await played(log, [largeFlow(200)], 1);
    expect(await timesOf(log, 'IntentionExpired')).toEqual([begun + 500]);
  });

  it('A flow that is played lets what is overdue when the flow begins expire with its first command, not a moment of its own', async () => {
    const begun = Date.UTC(1990, 0, 1);
    const log = await withExpiryAt(begun, begun + 500);
    await played(log, [smallFlow], 1);
    expect(await timesOf(log, 'IntentionExpired')).toEqual([Date.UTC(2000, 0, 1) + 1]);
  });
});
