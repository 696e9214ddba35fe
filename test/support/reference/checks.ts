/** What must hold of every exchange and its log, for tests and programs alike: each throws an AssertionError that says what does not hold. */
import assert from 'node:assert/strict';
import type { NegotiatorRow } from '../../../src/domain/negotiators/negotiator-table.js';
import type { Market } from '../../../src/domain/market.js';
import { foldBatch } from '../../../src/events/fold.js';
import { rebuildNegotiator } from '../../../src/exchange/recovery/rebuild.js';
import { replay } from '../../../src/exchange/recovery/recovery.js';
import { stateDigest } from '../../../src/exchange/recovery/state-digest.js';
import type { ShardLog } from '../../../src/log/port.js';
import { auditLog } from '../../../projections/audit/audit-log.js';
import { LedgerFold } from '../../../projections/ledger/ledger.js';
import { eventsIn } from './exchange-harness.js';

/** The negotiators that live, by id. */
export function negotiatorsOf(market: Market): Map<number, NegotiatorRow> {
  const rows = new Map<number, NegotiatorRow>();
  market.placeArriving();
  market.negotiators.forEachRow((row) => {
    rows.set(market.negotiators.id(row), market.negotiators.describe(row));
  });
  return new Map([...rows].sort(([one], [other]) => one - other));
}

/** The same without positions, which move when a crash adds events between; the order of places is seen in the books. */
export function negotiatorsBarPlaces(market: Market): unknown[] {
  return [...negotiatorsOf(market).values()].map(({ placePosition: _place, postedPosition: _posted, ...row }) => row);
}

/** I7: replaying the log gives the live state, and replaying it once more the same. */
export async function expectReplayGives(market: Market, log: ShardLog): Promise<void> {
  const once = await replay(log);
  const twice = await replay(log);
  assert.deepEqual(
    negotiatorsOf(once.state.market),
    negotiatorsOf(market),
    'replayed negotiators differ from live ones',
  );
  assert.equal(stateDigest(once.state.market), stateDigest(market), 'the digest of the replayed state differs');
  assert.equal(stateDigest(twice.state.market), stateDigest(once.state.market), 'two replays differ');
}

/** I7, intention by intention: each open negotiator, after all that it remembered has been spoilt, is rebuilt from its stream. */
export async function expectEachIsRebuiltFromItsStream(market: Market, log: ShardLog): Promise<void> {
  const { state } = await replay(log);
  const events = await eventsIn(log);
  for (const [intentionId, live] of negotiatorsOf(market)) {
    const row = state.market.negotiators.rowOf(intentionId);
    const spoilt = {
      limitTicks: 7,
      quantityLots: 77,
      filledLots: 777,
      reservedLots: 7_777,
      proposals: 77_777,
      revision: 0,
    };
    state.market.negotiators.restore(row, spoilt);
    const own = events.filter(({ stream }) => stream === `intention-${intentionId}`).map(({ event }) => event);
    rebuildNegotiator(state.market, intentionId, own);
    assert.deepEqual(
      state.market.negotiators.describe(row),
      live,
      `intention ${intentionId} is not what its stream says`,
    );
  }
}

/** I6, by the ledger. */
export async function expectLedgerBalances(log: ShardLog): Promise<void> {
  const ledger = new LedgerFold();
  for await (const batch of log.read(0)) foldBatch(batch, ledger);
  for (const balance of ledger.balances()) {
    const { netLots, cashTurnover } = balance;
    assert.deepEqual({ netLots, cashTurnover }, { netLots: 0n, cashTurnover: 0n }, 'the ledger does not balance');
  }
}

/** The audit finds nothing, or only what is expected, by its codes. */
export async function expectAuditFinds(log: ShardLog, codes: readonly string[] = []): Promise<void> {
  const { findings } = await auditLog(log);
  const unexpected = findings.filter(({ code }) => !codes.includes(code));
  assert.deepEqual(unexpected, [], 'the audit has findings');
}

/** I11: nothing is reserved and no deal is in flight. */
export function expectNothingReserved(market: Market): void {
  assert.equal(market.deals.size, 0, 'deals are in flight');
  for (const [id, row] of negotiatorsOf(market))
    assert.equal(row.reservedLots, 0, `intention ${id} holds a reservation`);
}
