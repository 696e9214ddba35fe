import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { auditLog } from '../../../../projections/audit/audit-log.js';
import { BookFold } from '../../../../projections/book/book.js';
import { DirectoryFold } from '../../../../projections/directory/directory.js';
import { readChart } from '../../../../projections/handshake/read-chart.js';
import { renderMermaid } from '../../../../projections/handshake/render-mermaid.js';
import { renderSvg } from '../../../../projections/handshake/render-svg.js';
import { renderText } from '../../../../projections/handshake/render-text.js';
import { LedgerFold } from '../../../../projections/ledger/ledger.js';
import { positionView } from '../../../../projections/ledger/postings.js';
import { foldLog } from '../../../../projections/read-models.js';
import { QueryStore } from '../../../../projections/store/database/query-store.js';
import { TapeFold } from '../../../../projections/tape/tape.js';
import { explain } from '../../../../projections/why/explain.js';
import { explanationJson } from '../../../../projections/why/explanation-json.js';
import { explanationText } from '../../../../projections/why/explanation-text.js';
import { shardOf } from '../../../../src/domain/ids.js';
import { Side } from '../../../../src/domain/terms.js';
import type { Event } from '../../../../src/events/event.js';
import { ShardNetwork } from '../../../support/shards/shard-network.js';
import { eventsOf, kept } from '../../../support/log/batches.js';
import type { MemoryLog } from '../../../support/log/memory-log.js';
import { removeFolder, temporaryFolder } from '../../../support/log/temporary-folder.js';
import { runs } from '../../../support/property/runs.js';
import { NaiveProjections } from '../naive-projections.js';

const folder = temporaryFolder();
afterAll(() => {
  removeFolder(folder);
});
let files = 0;

const step = fc.record({
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant('post') },
    { weight: 5, arbitrary: fc.constant('announce') },
    { weight: 12, arbitrary: fc.constant('deliver') },
    { weight: 5, arbitrary: fc.constantFrom('copy', 'lose', 'deadline', 'withdraw', 'reduce', 'crash') },
  ),
  shard: fc.constantFrom(0, 1),
  pick: fc.nat(),
  other: fc.nat(),
  /** Most buyers are in one shard and most sellers in the other, so that they deal with each other. */
  isContrary: fc.constantFrom(false, false, false, true),
  priceTicks: fc.integer({ min: 99, max: 101 }),
  lots: fc.integer({ min: 1, max: 20 }),
  /** What it does is not yet durable when the next step is taken. */
  isHasty: fc.boolean(),
} as const);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

interface Posted {
  readonly id: number;
  readonly side: number;
}

async function take(market: ShardNetwork, posted: Posted[], given: Step): Promise<void> {
  const { kind, shard, pick, priceTicks, lots } = given;
  const side = (shard === 0) === given.isContrary ? Side.Buy : Side.Sell;
  const message = pick % Math.max(1, market.messages.length);
  const one = posted[pick % Math.max(1, posted.length)];
  switch (kind) {
    case 'post':
      posted.push({ id: market.postNow(shard, `trader ${pick % 3}`, side, priceTicks, lots), side });
      break;
    case 'announce': {
      const others = posted.filter(({ id, side }) => shardOf(id) !== shardOf(one?.id ?? 0) && side !== one?.side);
      const other = others[given.other % Math.max(1, others.length)];
      if (one !== undefined && other !== undefined) market.announceLater(one.id, other.id);
      break;
    }
    case 'deliver':
      market.deliverNow(message);
      break;
    case 'copy':
      market.deliverNow(message, true);
      break;
    case 'lose':
      market.messages.splice(message, 1);
      break;
    case 'deadline':
      market.time.passToNext();
      break;
    case 'withdraw':
      if (one !== undefined) market.withdrawNow(one.id);
      break;
    case 'reduce':
      if (one !== undefined) market.reduceNow(one.id, lots);
      break;
    case 'crash':
      await market.start(shard);
      return;
  }
  if (!given.isHasty) await market.settle();
}

/** Plays the steps on a fresh market, then checks it as it stands, and again once nothing is open any more. */
async function played(
  steps: readonly Step[],
  check: (market: ShardNetwork, isAtRest: boolean) => Promise<void>,
): Promise<void> {
  const market = await ShardNetwork.open();
  const posted: Posted[] = [];
  for (const given of steps) await take(market, posted, given);
  await market.settle();
  await check(market, false);
  await market.rest();
  await check(market, true);
}

async function historyOf(log: MemoryLog): Promise<Event[]> {
  const events: Event[] = [];
  for await (const batch of log.read(0)) events.push(...eventsOf(kept(batch), log.shard).map(({ event }) => event));
  return events;
}

/** Net lots and cash of each participant, from the settlements of its intentions. */
function naivePositions(history: readonly Event[]): Map<number, [net: bigint, cash: bigint]> {
  const posts = new Map<number, Extract<Event, { type: 'IntentionPosted' }>>();
  const positions = new Map<number, [bigint, bigint]>();
  for (const event of history) {
    if (event.type === 'IntentionPosted') posts.set(event.intentionId, event);
    if (event.type !== 'DealSettled' || event.outcome === 'aborted') continue;
    const { participantId = 0, side } = posts.get(event.intentionId) ?? {};
    const [net, cash] = positions.get(participantId) ?? [0n, 0n];
    const lots = BigInt(side === 'buy' ? event.quantityLots : -event.quantityLots);
    positions.set(participantId, [net + lots, cash - lots * BigInt(event.priceTicks)]);
  }
  return positions;
}

const sessions = fc.array(step, { minLength: 40, maxLength: 120 });

it('The audit finds nothing wrong in the log of either shard, wherever it ends', async () => {
  const property = fc.asyncProperty(sessions, fc.double({ min: 0, max: 1, noNaN: true }), async (steps, cut) => {
    await played(steps, async (market, isAtRest) => {
      for (const log of market.logs) {
        const { findings, notes } = await audited(log);
        expect(findings).toEqual([]);
        if (isAtRest) expect(notes).toEqual([]);
        const end = log.ends[Math.floor(cut * log.ends.length)] ?? 0;
        expect((await audited(log.truncateTo(end))).findings).toEqual([]);
      }
    });
  });
  await fc.assert(property, runs(30));
});

async function audited(log: MemoryLog): Promise<{ findings: unknown[]; notes: unknown[] }> {
  const { findings } = await auditLog(log);
  const notes = findings.filter(({ severity, code }) => severity === 'note' && code !== 'LATE_DECISION');
  return { findings: findings.filter(({ severity }) => severity === 'violation'), notes };
}

it('The book of either shard is that of its live board', async () => {
  const property = fc.asyncProperty(sessions, async (steps) => {
    await played(steps, async (market) => {
      for (const log of market.logs) {
        const { market: live } = market.shard(log.shard);
        live.placeArriving();
        const book = new BookFold();
        await foldLog(log, [book]);
        for (const side of [Side.Buy, Side.Sell]) {
          const levels: [number, number][] = [];
          const { bids, asks } = live.instrument(1).board;
          (side === Side.Buy ? bids : asks).visitLevels((priceTicks, lots) => levels.push([priceTicks, lots]) > 0);
          expect(book.levels(1, side).map(({ priceTicks, lots }) => [priceTicks, lots])).toEqual(levels);
        }
      }
    });
  });
  await fc.assert(property, runs(30));
});

it('Positions are what a shard’s own intentions filled, and those of both shards sum to zero', async () => {
  const property = fc.asyncProperty(sessions, async (steps) => {
    await played(steps, async (market, isAtRest) => {
      if (!isAtRest) return;
      const sums = { net: 0n, cash: 0n };
      for (const log of market.logs) {
        const [ledger, tape] = [new LedgerFold(), new TapeFold()];
        await foldLog(log, [ledger, tape]);
        const history = await historyOf(log);
        const positions = ledger.positions().map(({ participantId, netLots, cashTurnover }) => {
          sums.net += netLots;
          sums.cash += cashTurnover;
          return [participantId, [netLots, cashTurnover]] as const;
        });
        expect(new Map(positions)).toEqual(naivePositions(history));
        const decided = new NaiveProjections(history).deals.map(({ id }) => id);
        expect([...tape.deals()].map(({ initiatorId, dealNumber }) => `${initiatorId}-${dealNumber}`)).toEqual(decided);
        expect(decided.filter((id) => shardOf(Number.parseInt(id, 10)) !== log.shard)).toEqual([]);
        for (const fold of [ledger, tape]) expect(fold.openDeals.size).toBe(0);
      }
      expect(sums).toEqual({ net: 0n, cash: 0n });
    });
  });
  await fc.assert(property, runs(30));
});

it('The store shows the ledger’s positions and each intention as it is, opened again half-way', async () => {
  const property = fc.asyncProperty(sessions, async (steps) => {
    await played(steps, async (market) => {
      for (const log of market.logs) await expectStored(log);
    });
  });
  await fc.assert(property, runs(6));
});

async function expectStored(log: MemoryLog): Promise<void> {
  const file = path.join(folder, `${++files}.db`);
  const half = Math.floor((await log.head()) / 2);
  let store = new QueryStore(file);
  for await (const batch of log.read(0)) {
    store.add(batch);
    if (batch.firstPosition > half && store.checkpoint.position < half) {
      store.commit();
      store.close();
      store = new QueryStore(file);
    }
  }
  store.commit();
  const [ledger, directory] = [new LedgerFold(), new DirectoryFold()];
  await foldLog(log, [ledger, directory]);
  const terms = directory.instrument(1);
  if (terms === undefined) throw new Error('it was listed');
  const shown = ledger.positions().map((one) => positionView(terms, directory.participantName(one.participantId), one));
  expect(store.queries.positions()).toEqual(shown);
  for (const { id, quantity, filled, reserved, status } of new NaiveProjections(await historyOf(log)).intentions) {
    const reservedLots = [...reserved.values()].reduce((sum, lots) => sum + lots, 0);
    const expected = { quantity: String(quantity), filled: String(filled), reserved: String(reservedLots), status };
    expect(store.queries.intention(String(id))).toMatchObject(expected);
  }
  store.close();
}

it('Every chart and every explanation of two shards can be made, and accounts for all that was filled', async () => {
  const property = fc.asyncProperty(sessions, async (steps) => {
    await played(steps, async (market) => {
      for (const log of market.logs) {
        const { intentions, decided } = new NaiveProjections(await historyOf(log));
        for (const [initiatorId = 0, dealNumber = 0] of [...decided].map((id) => id.split('-').map(Number))) {
          const told = await readChart(log, { deal: { initiatorId, dealNumber } });
          expect(told?.chart.outcome?.state).not.toBe('open');
        }
        for (const { id, filled } of intentions) await expectTold(log, id, filled);
      }
    });
  });
  await fc.assert(property, runs(15));
});

async function expectTold(log: MemoryLog, intentionId: number, filled: number): Promise<void> {
  const read = await readChart(log, { intentionId });
  if (read === undefined) throw new Error('it was posted');
  for (const render of [renderText, renderMermaid, renderSvg]) expect(render(read.chart, read.names)).toContain('ACME');
  const settled = read.chart.rows.filter((row) => row.kind === 'event' && row.at === intentionId);
  const charted = settled.map((row) => (row.kind === 'event' && row.type === 'DealSettled' ? row.lots : 0));
  expect(charted.reduce((sum, lots) => sum + lots, 0)).toBe(filled);
  const why = await explain(log, intentionId);
  if (why === undefined) throw new Error('it was posted');
  const { reasons, filledLots } = why.explanation;
  expect(filledLots).toBe(filled);
  const dealt = reasons.map((reason) => (reason.kind === 'deal' ? reason.lots : 0));
  expect(dealt.reduce((sum, lots) => sum + lots, 0)).toBeGreaterThanOrEqual(filled);
  expect(explanationText(why.explanation, why.names)).toContain(String(intentionId));
  expect(explanationJson(why.explanation, why.names).reasons).toHaveLength(reasons.length);
}
