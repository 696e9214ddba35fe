import type { LimitsSet } from '../../../src/domain/journal.generated.js';
import type { DirectoryFold } from '../../directory/directory.js';
import { shownInstrument, timeText } from '../../directory/views.js';
import type { SqlDatabase } from '../database/database.js';
import type { LimitsQuery } from './query-terms.js';

/** A dead man's switch as people see it. */
export interface SwitchView {
  readonly participant: string;
  readonly withinMs: number;
  readonly lapsesAt: string;
}

/** What limits say: what is absent is not limited. */
export interface LimitTermsView {
  /** Absent where they hold in every instrument. */
  readonly instrument?: string;
  readonly openQuantity?: string;
  readonly netPosition?: string;
  readonly intentionsPerSecond?: number;
  readonly halted: boolean;
}

/** Limits as people see them. */
export interface LimitsView extends LimitTermsView {
  readonly participant: string;
}

/** As they are recorded: 0 and empty texts where nothing is limited. */
type RecordedTerms = Pick<
  LimitsSet,
  'instrumentId' | 'openQuantity' | 'netPosition' | 'intentionsPerSecond' | 'halted'
>;

/** Whether nothing is limited, so that there is no such entry any more. */
export function isUnlimited(terms: Omit<RecordedTerms, 'instrumentId'>): boolean {
  const { openQuantity, netPosition, intentionsPerSecond, halted } = terms;
  return openQuantity === '' && netPosition === '' && intentionsPerSecond === 0 && !halted;
}

export function limitTermsView(directory: DirectoryFold, terms: RecordedTerms): LimitTermsView {
  const { instrumentId, openQuantity, netPosition, intentionsPerSecond, halted } = terms;
  return {
    ...(instrumentId !== 0 && { instrument: shownInstrument(directory, instrumentId).symbol }),
    ...(openQuantity !== '' && { openQuantity }),
    ...(netPosition !== '' && { netPosition }),
    ...(intentionsPerSecond !== 0 && { intentionsPerSecond }),
    halted,
  };
}

/** The switches that are set, by name; of one participant, where it is named. */
export function selectSwitches(database: SqlDatabase, participant: string | undefined): SwitchView[] {
  const rows = database.rows(
    `SELECT name, within_ms, lapses_at_ms FROM switches JOIN participants USING (participant_id)
      ${participant === undefined ? '' : 'WHERE name = ?'} ORDER BY name`,
    participant === undefined ? [] : [participant],
  );
  return rows.map(([name, withinMs, lapsesAtMs]) => {
    return { participant: String(name), withinMs: Number(withinMs), lapsesAt: timeText(Number(lapsesAtMs)) };
  });
}

/** The limits that are set, in the order of LimitsQuery. */
export function selectLimits(
  database: SqlDatabase,
  directory: DirectoryFold,
  { participant, after, limit = Number.MAX_SAFE_INTEGER }: LimitsQuery,
): LimitsView[] {
  const rows = database.rows(
    `SELECT name, instrument_id, open_quantity, net_position, intentions_per_second, halted
      FROM limits JOIN participants USING (participant_id) LEFT JOIN instruments USING (instrument_id)
      WHERE ${participant === undefined ? '' : 'name = ? AND'} (name, ifnull(symbol, '')) > (?, ?)
      ORDER BY name, ifnull(symbol, '') LIMIT ?`,
    [...(participant === undefined ? [] : [participant]), after?.participant ?? '', after?.instrument ?? '', limit],
  );
  return rows.map((row) => {
    const [name, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted] = row;
    const terms = {
      ...{ instrumentId: Number(instrumentId), openQuantity: String(openQuantity), netPosition: String(netPosition) },
      ...{ intentionsPerSecond: Number(intentionsPerSecond), halted: halted === 1 },
    };
    return { participant: String(name), ...limitTermsView(directory, terms) };
  });
}

/** Switches of several shards as one: each shard has its own, and the first to lapse counts. */
export function mergedSwitches(lists: readonly (readonly SwitchView[])[]): SwitchView[] {
  const merged = new Map<string, SwitchView>();
  for (const found of lists.flat()) {
    const known = merged.get(found.participant);
    if (known === undefined || found.lapsesAt < known.lapsesAt) merged.set(found.participant, found);
  }
  return [...merged.values()].sort((one, other) => (one.participant < other.participant ? -1 : 1));
}

/** Limits of several shards as one, in the order of LimitsQuery: those for every instrument stand in each. */
export function mergedLimits(lists: readonly (readonly LimitsView[])[]): LimitsView[] {
  const key = ({ participant, instrument = '' }: LimitsView): string => `${participant} ${instrument}`;
  const merged = new Map(lists.flat().map((limits) => [key(limits), limits]));
  return [...merged.values()].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
