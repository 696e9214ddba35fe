/** Checks an exchange that has come to rest, and its whole log: each check has a message of its own. */
import type { Shard } from '../../../src/exchange/shard/shard.js';
import type { RecordedEvent } from '../../../src/events/event.js';
import { auditLog } from '../../../projections/audit/audit-log.js';
import type { ShardLog } from '../../../src/log/port.js';
import { expectLedgerBalances, expectNothingReserved, expectReplayGives } from '../../support/reference/checks.js';
import { eventsIn } from '../../support/reference/exchange-harness.js';
import { SimulationFailure } from './failure.js';

/** The audit cannot tell an auction that ended short, and that no command has followed yet, from one that is under way. */
const stopped: ReadonlySet<string> = new Set(['AUCTION_DISTURBED', 'AUCTION_UNDER_WAY', 'FILL_OR_KILL_BROKEN']);

/** I7 and I11: it has come to rest, and its log says how it stands. */
export async function checkAtRest(shard: Shard, log: ShardLog): Promise<void> {
  if (!shard.admission.isServing)
    throw new SimulationFailure('an arrival, an auction or a rebuilding is still under way');
  if (shard.head !== shard.durable)
    throw new SimulationFailure(`durable to ${shard.durable}, recorded to ${shard.head}`);
  expectNothingReserved(shard.market);
  await expectReplayGives(shard.market, log);
}

/**
 * I3 and I6, and all that the audit checks. `parked`: whether a negotiator was, in which case an auction or a fill-or-kill may have had
 * to stop half-way.
 */
export async function checkLog(log: ShardLog, parked: boolean): Promise<readonly RecordedEvent[]> {
  await checkAudit(log, parked);
  await expectLedgerBalances(log);
  const events = await eventsIn(log);
  checkOnce(events, 'a deal was decided twice', ({ event }) =>
    event.type === 'DealConfirmed' || event.type === 'DealAborted'
      ? `${event.initiatorId}-${event.dealNumber}`
      : undefined,
  );
  checkOnce(events, 'a client id was posted twice', ({ event }) =>
    event.type === 'IntentionPosted' ? `${event.participantId} ${event.clientIntentionId}` : undefined,
  );
  return events;
}

async function checkAudit(log: ShardLog, parked: boolean): Promise<void> {
  const { findings } = await auditLog(log);
  const [unexpected] = findings.filter(
    ({ code, severity }) => !parked || severity === 'violation' || !stopped.has(code),
  );
  if (unexpected !== undefined) throw new SimulationFailure(`the audit finds ${unexpected.code}`, findings);
}

/** No two events may have the same key. */
function checkOnce(
  events: readonly RecordedEvent[],
  what: string,
  keyOf: (recorded: RecordedEvent) => string | undefined,
): void {
  const seen = new Map<string, number>();
  for (const recorded of events) {
    const key = keyOf(recorded);
    if (key === undefined) continue;
    const before = seen.get(key);
    if (before !== undefined) {
      throw new SimulationFailure(`${what}: ${key}, at positions ${before} and ${recorded.position}`);
    }
    seen.set(key, recorded.position);
  }
}
