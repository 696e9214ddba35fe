import type { LimitsSet, SwitchSet } from '../../../src/domain/journal.generated.js';
import { isUnlimited } from '../queries/risk-views.js';
import type { SqlDatabase, SqlValue } from './database.js';

/** What a chunk of the log changes of switches and limits: of each the latest row, or that there is none any more. */
export class RiskRows {
  private readonly switches = new Map<number, readonly SqlValue[] | undefined>();
  private readonly limits = new Map<
    string,
    { readonly key: readonly number[]; readonly row: readonly SqlValue[] | undefined }
  >();

  switchSet({ participantId, withinMs, lapsesAtMs }: SwitchSet): void {
    this.switches.set(participantId, withinMs === 0 ? undefined : [participantId, withinMs, lapsesAtMs]);
  }

  switchGone(participantId: number): void {
    this.switches.set(participantId, undefined);
  }

  limitsSet({ participantId, instrumentId, ...limit }: LimitsSet): void {
    const { openQuantity, netPosition, intentionsPerSecond, halted } = limit;
    const key = [participantId, instrumentId];
    const row = isUnlimited(limit)
      ? undefined
      : [...key, openQuantity, netPosition, intentionsPerSecond, halted ? 1 : 0];
    this.limits.set(key.join(' '), { key, row });
  }

  /** To be called within a transaction. */
  write(database: SqlDatabase): void {
    for (const [participantId, row] of this.switches) {
      if (row !== undefined) database.run('INSERT OR REPLACE INTO switches VALUES (?, ?, ?)', row);
      else database.run('DELETE FROM switches WHERE participant_id = ?', [participantId]);
    }
    for (const { key, row } of this.limits.values()) {
      if (row !== undefined) database.run('INSERT OR REPLACE INTO limits VALUES (?, ?, ?, ?, ?, ?)', row);
      else database.run('DELETE FROM limits WHERE participant_id = ? AND instrument_id = ?', key);
    }
  }

  clear(): void {
    this.switches.clear();
    this.limits.clear();
  }
}
