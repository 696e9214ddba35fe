import { DamagedEventError } from '../../events/bytes.js';
import { type Contradiction, contradictions } from '../../log/evidence.js';
import { DamagedLogError, LogLostError, type ShardLog } from '../../log/port.js';
import { waitingOf } from './waiting.js';
import type { LogTarget } from './log-target.js';

/** What comparing a log with what lies beside it has found. */
export interface Judgement {
  readonly lost: readonly Contradiction[];
  /** What could not be judged, and why, for people. */
  readonly notJudged: readonly string[];
}

/** Compares a log with what lies beside it; `isThorough`: sees whether snapshots are of use, too. Changes and locks nothing. */
export async function judge(
  target: Pick<LogTarget, 'evidence' | 'inspect'>,
  log: ShardLog,
  isThorough = false,
): Promise<Judgement> {
  const notJudged: string[] = [];
  // Before the log’s end is looked for: whatever a store knows of is in the log by then.
  const evidence = await target.evidence((what) => notJudged.push(what), isThorough);
  if (evidence.length === 0) return { lost: [], notJudged };
  try {
    const head = await log.head();
    const found = await contradictions(log, head, evidence);
    const visible = found.every(({ position }) => position <= head) ? head : head + (await waitingEvents(target));
    const isWaiting = ({ position, missing }: Contradiction): boolean =>
      missing === undefined && position > head && position <= visible;
    for (const each of found.filter(isWaiting)) {
      notJudged.push(`${each.source}, of position ${each.position}: events up to there wait for their writer`);
    }
    return { lost: found.filter((each) => !isWaiting(each)), notJudged };
  } catch (error) {
    if (!isOfLog(error)) throw error;
    notJudged.push(`what lies beside the log: ${error.message}`);
    return { lost: [], notJudged };
  }
}

async function waitingEvents(target: Pick<LogTarget, 'inspect'>): Promise<number> {
  return waitingOf((await target.inspect()) ?? {})?.events ?? 0;
}

/** What every reader of the log finds as well, and reports. */
function isOfLog(error: unknown): error is Error {
  return error instanceof DamagedLogError || error instanceof DamagedEventError || error instanceof LogLostError;
}
