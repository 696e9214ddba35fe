/** Which deals were in doubt for longer than usual, and how they were settled, as the log tells. */
import type { RecordedEvent } from '../../client/types.js';
import type { Source } from '../source/source.js';
import { abortWords } from '../log/telling/reasons.js';
import { eventOf } from '../log/telling/names.js';

/** A deal that was settled by something else than the next word of its two sides. */
export interface Settled {
  readonly deal: string;
  readonly outcome: 'confirmed' | 'aborted';
  /** Of the decision. */
  readonly position: number;
  /** How it came to be settled. */
  readonly how: string;
}

/** Positions that are looked back over for aborted deals. */
const LOOKED_BACK = 20_000;
const PAGE = 1_000;
/** The latest starts that are looked at, and how many events after each. */
const MOST_STARTS = 3;
const AFTER_START = 300;
const MOST_SETTLED = 20;

export interface SettledLately {
  readonly settled: readonly Settled[];
  /** Aborted deals were looked for from here on. */
  readonly from: number;
}

/** What was settled lately by a deadline, a restart or a recovery; latest first. */
export async function settledLately(
  source: Pick<Source, 'events' | 'timeline'>,
  {
    shard,
    end,
    signal,
  }: { readonly shard: number | undefined; readonly end: number; readonly signal?: AbortSignal | undefined },
): Promise<SettledLately> {
  const first = Math.max(0, end - LOOKED_BACK);
  const found: Settled[] = [];
  for (let from = first; from < end;) {
    const page = await source.events({ shard, from, until: end, limit: PAGE, types: ['DealAborted'], signal });
    found.push(...abortedInDoubt(page.events));
    if (page.upTo <= from) break;
    from = page.upTo;
  }
  const { marks } = await source.timeline({ shard, until: end, buckets: 1, signal });
  const starts = marks.filter((mark) => mark.kind === 'restart' && mark.epoch > 1 && mark.position < end);
  for (const { position } of starts.slice(-MOST_STARTS)) {
    const { events } = await source.events({ shard, from: position, until: end, limit: AFTER_START, signal });
    found.push(...settledByStart(events));
  }
  const byPosition = new Map(found.filter(({ position }) => position < end).map((each) => [each.position, each]));
  const settled = [...byPosition.values()].sort((one, other) => other.position - one.position);
  return { settled: settled.slice(0, MOST_SETTLED), from: first };
}

/** Those whose sides did not agree that there is none: all but the ones that were declined. */
export function abortedInDoubt(events: readonly RecordedEvent[]): readonly Settled[] {
  return events.flatMap((recorded) => {
    const event = eventOf(recorded);
    if (event.type !== 'DealAborted' || event.reason === 'declined') return [];
    const deal = `${event.initiatorId}-${event.dealNumber}`;
    return [{ deal, outcome: 'aborted' as const, position: recorded.position, how: abortWords[event.reason] }];
  });
}

/** Decisions behind a start on what was proposed before it. `events`: from the ShardStarted on. */
export function settledByStart(events: readonly RecordedEvent[]): readonly Settled[] {
  const [first] = events;
  const start = first === undefined ? undefined : eventOf(first);
  if (start?.type !== 'ShardStarted') return [];
  const how = `the start of epoch ${start.epoch} found it undecided, and its handshake went on`;
  const proposedSince = new Set<string>();
  const settled: Settled[] = [];
  for (const recorded of events) {
    const event = eventOf(recorded);
    if (event.type === 'ProposalMade') proposedSince.add(`${event.intentionId}-${event.dealNumber}`);
    if (event.type !== 'DealConfirmed' && event.type !== 'DealAborted') continue;
    const deal = `${event.initiatorId}-${event.dealNumber}`;
    if (proposedSince.has(deal)) continue;
    const { position } = recorded;
    if (event.type === 'DealConfirmed') settled.push({ deal, outcome: 'confirmed', position, how });
    else settled.push({ deal, outcome: 'aborted', position, how: `${how}: ${abortWords[event.reason]}` });
  }
  return settled;
}
