import type { DirectoryFold } from '../../directory/directory.js';
import { shownInstrument, timeText } from '../../directory/views.js';
import type { SqlDatabase, SqlValue } from '../database/database.js';

/** A dead man's switch as people see it. */
export interface SwitchView {
  readonly participant: string;
  readonly withinMs: number;
  readonly lapsesAt: string;
}

/** Limits as people see them: what is absent is not limited. */
export interface LimitsView {
  readonly participant: string;
  /** Absent where they hold in every instrument. */
  readonly instrument?: string;
  readonly openQuantity?: string;
  readonly netPosition?: string;
  readonly intentionsPerSecond?: number;
  readonly halted: boolean;
}

/** The switches that are set, by name; of one participant, where it is named. */
export function selectSwitches(database: SqlDatabase, participant: string | undefined): SwitchView[] {
  const rows = selectOf(database, 'name, within_ms, lapses_at_ms', 'switches', participant);
  return rows.map(([name, withinMs, lapsesAtMs]) => {
    return { participant: String(name), withinMs: Number(withinMs), lapsesAt: timeText(Number(lapsesAtMs)) };
  });
}

/** The limits that are set, by name, those for every instrument first. */
export function selectLimits(
  database: SqlDatabase,
  directory: DirectoryFold,
  participant: string | undefined,
): LimitsView[] {
  const columns = 'name, instrument_id, open_quantity, net_position, intentions_per_second, halted';
  return selectOf(database, columns, 'limits', participant, ', instrument_id').map((row) => {
    const [name, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted] = row;
    return {
      participant: String(name),
      ...(instrumentId === 0 ? {} : { instrument: shownInstrument(directory, Number(instrumentId)).symbol }),
      ...(openQuantity === '' ? {} : { openQuantity: String(openQuantity) }),
      ...(netPosition === '' ? {} : { netPosition: String(netPosition) }),
      ...(intentionsPerSecond === 0 ? {} : { intentionsPerSecond: Number(intentionsPerSecond) }),
      halted: halted === 1,
    };
  });
}

function selectOf(
  database: SqlDatabase,
  columns: string,
  table: string,
  participant: string | undefined,
  then = '',
): readonly (readonly SqlValue[])[] {
  const where = participant === undefined ? '' : 'WHERE name = ?';
  const values = participant === undefined ? [] : [participant];
  return database.rows(
    `SELECT ${columns} FROM ${table} JOIN participants USING (participant_id) ${where} ORDER BY name${then}`,
    values,
  );
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

/** Limits of several shards as one: those for every instrument stand in each. */
export function mergedLimits(lists: readonly (readonly LimitsView[])[]): LimitsView[] {
  const key = ({ participant, instrument = '' }: LimitsView): string => `${participant} ${instrument}`;
  const merged = new Map(lists.flat().map((limits) => [key(limits), limits]));
  return [...merged.values()].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
