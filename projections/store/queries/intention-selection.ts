import type { OpenIds } from '../database/open-ids.js';
import type { Row } from '../database/database.js';
import { Status } from '../database/status.js';
import type { IntentionRows } from '../rows/intention-rows.js';

/** What intentions are asked for by; undefined: any. */
interface WantedIntentions {
  readonly participantId: number | undefined;
  readonly instrumentId: number | undefined;
  readonly side: number | undefined;
  /** A Status. */
  readonly status: number | undefined;
  /** Only those with a larger id. */
  readonly after: number;
  /** Only those that were closed before this position. */
  readonly closedBefore?: number;
  /** None with a larger id than this. */
  readonly upTo?: number;
  readonly limit: number;
}

/** Where they are looked for. */
interface Where {
  readonly rows: IntentionRows;
  readonly openIds: OpenIds | undefined;
}

/** What is no longer open. */
const closedStatuses = Object.values(Status).filter((status) => status !== Status.Open);

/**
 * Rows in the order of their ids. Walks along a participant's intentions of each status, along the open ones of all participants, or else
 * along the ids of all. An instrument or a side is looked at on the way: it costs a walk past those that have another.
 */
export function selectIntentions(where: Where, wanted: WantedIntentions): readonly Row[] {
  const found: Row[] = [];
  for (const row of candidates(where, wanted)) {
    if (wanted.upTo !== undefined && Number(row[0]) > wanted.upTo) break;
    if (isWanted(row, wanted) && found.push(row) === wanted.limit) break;
  }
  return found;
}

function candidates(
  { rows, openIds }: Where,
  { participantId, status, after, closedBefore }: WantedIntentions,
): Iterable<Row> {
  if (participantId === undefined) {
    return status === Status.Open ? rows.rows(openIds?.after(after) ?? []) : rows.after(after);
  }
  const isOpenWanted = status === undefined ? closedBefore === undefined : status === Status.Open;
  const open = isOpenWanted ? (openIds?.after(after, participantId) ?? []) : [];
  const closed = status === undefined ? closedStatuses : closedStatuses.filter((each) => each === status);
  return rows.rows(inOrder(open, rows.closedIds(participantId, closed, after)));
}

function isWanted(row: Row, { instrumentId, side, status, closedBefore }: WantedIntentions): boolean {
  if (instrumentId !== undefined && row[3] !== instrumentId) return false;
  if (side !== undefined && row[4] !== side) return false;
  if (status !== undefined && row[17] !== status) return false;
  if (closedBefore === undefined) return true;
  // No position of an event is 0 that closes something: it is what stands there for an open one.
  return Number(row[20]) > 0 && Number(row[20]) < closedBefore;
}

/** Both ascend. */
function* inOrder(one: Iterable<number>, other: Iterable<number>): Generator<number> {
  const [first, second] = [one[Symbol.iterator](), other[Symbol.iterator]()];
  let [low, high] = [first.next(), second.next()];
  while (low.done !== true || high.done !== true) {
    if (high.done === true || (low.done !== true && low.value < high.value)) {
      if (low.done !== true) yield low.value;
      low = first.next();
    } else {
      yield high.value;
      high = second.next();
    }
  }
}
