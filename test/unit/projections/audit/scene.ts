import { AuditFold, type AuditReport } from '../../../../projections/audit/audit-fold.js';
import type { FindingCode, Severity } from '../../../../projections/audit/findings.js';
import type { EventBatch } from '../../../../src/events/fold.js';
import { nodeSha256 } from '../../../../src/log/node-sha256.js';
import { History } from '../../../support/history/history.js';

/** A market with two participants and one instrument, in which nothing has happened yet. */
export class Scene extends History {
  readonly alice = this.admit('alice');
  readonly bob = this.admit('bob');
  readonly acme = this.list('ACME', { maxPriceTicks: 5000 });

  sell(priceTicks: number | undefined, lots: number, more: Parameters<History['post']>[5] = {}): number {
    return this.post(this.bob, this.acme, 'sell', priceTicks, lots, more);
  }

  buy(priceTicks: number | undefined, lots: number, more: Parameters<History['post']>[5] = {}): number {
    return this.post(this.alice, this.acme, 'buy', priceTicks, lots, more);
  }

  /** A sell intention and a buy intention that crosses it. */
  pair(lots = 10): [number, number] {
    return [this.sell(1020, lots), this.buy(1025, lots)];
  }

  /** Like the rules of the scene's instrument, but changed. */
  rules(rules: Parameters<History['list']>[1]): void {
    this.list('ACME', { maxPriceTicks: 5000, ...rules, instrumentId: this.acme });
  }
}

/** A history that was tampered with, and what must be found in it, where. */
export interface Lie {
  readonly code: FindingCode;
  readonly how: string;
  readonly severity?: Severity;
  /** Something else is found earlier, too: what was done breaks more than one rule. */
  readonly isConsequence?: boolean;
  /** Tells the lie. Returns the position at which it must be found. */
  readonly tell: (scene: Scene) => number;
}

export function audit(batches: readonly EventBatch[]): AuditReport {
  const fold = new AuditFold(nodeSha256);
  for (const batch of batches) fold.auditBatch(batch);
  return fold.finish();
}
