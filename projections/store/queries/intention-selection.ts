import type { SqlValue } from '../database/database.js';
import { Status } from '../database/schema.js';

/** A SELECT of intentions in the order of their ids, with its values. */
export interface IntentionSelection {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

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

/** What is no longer open. */
const closedStatuses = Object.values(Status).filter((status) => status !== Status.Open);

/**
 * Walks along a participant's states, along the open intentions of all participants, or else along the ids of all. An instrument or a
 * side is looked at on the way: it costs a walk past those that have another.
 */
export function selectIntentions(wanted: WantedIntentions): IntentionSelection {
  if (wanted.participantId !== undefined) return ofParticipant(wanted, wanted.participantId);
  return wanted.status === Status.Open ? openOnes(wanted) : ofAll(wanted);
}

/** So many of each status, in order, and then the first of these. */
function ofParticipant(wanted: WantedIntentions, participantId: number): IntentionSelection {
  const { after, limit, status } = wanted;
  const terms = termsOf(wanted);
  const from =
    terms.sql === ''
      ? 'intention_states AS state'
      : 'intention_states AS state CROSS JOIN intentions AS intention USING (intention_id)';
  const any = wanted.closedBefore === undefined ? Object.values(Status) : closedStatuses;
  const statuses = status === undefined ? any : [status];
  const ids = statuses.map(
    () => `SELECT * FROM (SELECT state.intention_id AS intention_id FROM ${from}
      WHERE state.participant_id = ? AND state.status = ? AND state.intention_id > ? ${terms.sql}
      ORDER BY state.intention_id LIMIT ?)`,
  );
  return {
    sql: `SELECT intentions.* FROM (${ids.join(' UNION ALL ')}) AS key JOIN intentions USING (intention_id)
      ORDER BY intention_id LIMIT ?`,
    values: [...statuses.flatMap((each) => [participantId, each, after, ...terms.values, limit]), limit],
  };
}

/** By the states of each participant, so that no intention that is closed is looked at. */
function openOnes({ after, limit, ...wanted }: WantedIntentions): IntentionSelection {
  const terms = termsOf(wanted);
  return {
    sql: `SELECT intention.* FROM participants CROSS JOIN intention_states AS state USING (participant_id)
      CROSS JOIN intentions AS intention ON intention.intention_id = state.intention_id
      WHERE state.status = ? AND state.intention_id > ? ${terms.sql} ORDER BY state.intention_id LIMIT ?`,
    values: [Status.Open, after, ...terms.values, limit],
  };
}

function ofAll({ status, after, limit, ...wanted }: WantedIntentions): IntentionSelection {
  const terms = termsOf(wanted);
  const ofStatus = status === undefined ? [] : [status];
  return {
    sql: `SELECT intention.* FROM intentions AS intention WHERE intention.intention_id > ? ${terms.sql}
      ${ofStatus.length === 0 ? '' : 'AND intention.status = ?'} ORDER BY intention.intention_id LIMIT ?`,
    values: [after, ...terms.values, ...ofStatus, limit],
  };
}

type Terms = Pick<WantedIntentions, 'instrumentId' | 'side' | 'closedBefore' | 'upTo'>;

function termsOf({ instrumentId, side, closedBefore, upTo }: Terms): IntentionSelection {
  const terms = Object.entries({
    'instrument_id =': instrumentId,
    'side =': side,
    'intention_id <=': upTo,
    // No position of an event is 0 that closes something: it is what stands there for an open one.
    'closed_position > 0 AND intention.closed_position <': closedBefore,
  }).filter(([, value]) => value !== undefined);
  return {
    sql: terms.map(([term]) => `AND intention.${term} ?`).join(' '),
    values: terms.map(([, value]) => value as number), // what is undefined was left out
  };
}
