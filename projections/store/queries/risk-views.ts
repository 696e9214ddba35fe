import type { LimitsSet } from '../../../src/domain/journal.generated.js';
import type { DirectoryFold } from '../../directory/directory.js';
import { shownInstrument, timeText } from '../../directory/views.js';
import type { SqlDatabase, SqlValue } from '../database/database.js';

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
  const rows = selectOf(database, participant, { columns: 'name, within_ms, lapses_at_ms', table: 'switches' });
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
  return selectOf(database, participant, { columns, table: 'limits', then: ', instrument_id' }).map((row) => {
    const [name, instrumentId, openQuantity, netPosition, intentionsPerSecond, halted] = row;
    const terms = {
      ...{ instrumentId: Number(instrumentId), openQuantity: String(openQuantity), netPosition: String(netPosition) },
      ...{ intentionsPerSecond: Number(intentionsPerSecond), halted: halted === 1 },
    };
    return { participant: String(name), ...limitTermsView(directory, terms) };
  });
}

interface Selected {
  readonly columns: string;
  readonly table: string;
  /** By what they are in order after the name. */
  readonly then?: string;
}

/** Rows of one participant, or of all, by name. */
function selectOf(
  database: SqlDatabase,
  participant: string | undefined,
  { columns, table, then = '' }: Selected,
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
