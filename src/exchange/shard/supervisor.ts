import { Index } from '../../domain/ids.js';
import type { Turns } from '../../domain/turns.js';
import type { DealInFlight } from '../../domain/handshake/deals.js';
import { MessageKind } from '../../domain/negotiators/mailbox.js';
import { AbortReason, outcomeNames, WithdrawReason } from '../../domain/terms.js';
import type { Event } from '../../events/event.js';
import type { ShardLog } from '../../log/port.js';
import { rebuildNegotiator } from '../recovery/rebuild.js';
import type { ShardOptions } from './shard-options.js';

type SupervisionOptions = Pick<ShardOptions, 'logger' | 'maxRestarts' | 'restartWindowMs'>;

interface Failures {
  count: number;
  sinceMs: number;
}

/**
 * Watches over the negotiators. One that throws is discarded, rebuilt from its stream and told that it was restarted; so are, by a
 * message of their own, the partners of its deals in flight. One that fails again and again is parked: its deals are settled, its
 * rest is withdrawn, and the operator is told.
 *
 * 1. A rebuilt negotiator knows what its stream says and nothing else.
 * 2. Parking runs none of the negotiator's own code.
 */
export class Supervisor {
  private readonly failures = new Map<number, Failures>();
  private doubts: { readonly deal: DealInFlight; readonly id: string; readonly known: string }[] = [];
  /** How often a negotiator has been rebuilt. */
  rebuilt = 0;
  /** How many negotiators have been parked. */
  parked = 0;

  constructor(
    private readonly turns: Turns,
    private readonly log: ShardLog,
    private readonly options: SupervisionOptions,
  ) {}

  /** Rebuilds or parks the negotiator that threw. `flushed` resolves when its whole stream is in the log. */
  async restart(intentionId: number, error: unknown, nowMs: number, flushed: () => Promise<void>): Promise<void> {
    const failures = this.count(intentionId, nowMs);
    const { logger, maxRestarts } = this.options;
    if (failures > maxRestarts) {
      logger.error({ err: error, intentionId, failures }, 'negotiator parked: it failed again and again');
      this.park(intentionId, nowMs);
      return;
    }
    logger.warn({ err: error, intentionId, failures }, 'negotiator failed and is rebuilt from its stream');
    await flushed();
    await this.rebuild(intentionId);
    this.tellPartners(intentionId);
    this.turns.askAgain();
  }

  /** One that failed after the last that it had to do is gone; then there is nothing to rebuild. */
  private async rebuild(intentionId: number): Promise<void> {
    const { market, mailbox } = this.turns;
    const row = market.negotiators.rowOf(intentionId);
    if (row === Index.None) return;
    const events: Event[] = [];
    const from = market.negotiators.postedPosition(row);
    for await (const { event } of this.log.readStream(`intention-${intentionId}`, from)) events.push(event);
    rebuildNegotiator(market, intentionId, events);
    this.rebuilt++;
    mailbox.send(mailbox.draft(MessageKind.Restarted, intentionId, row));
  }

  private count(intentionId: number, nowMs: number): number {
    const before = this.failures.get(intentionId);
    const isRecent = before !== undefined && nowMs - before.sinceMs <= this.options.restartWindowMs;
    const failures = isRecent ? before : { count: 0, sinceMs: nowMs };
    failures.count++;
    this.failures.set(intentionId, failures);
    return failures.count;
  }

  private tellPartners(intentionId: number): void {
    const { market, mailbox } = this.turns;
    const tell = (partnerId: number, partnerRow: number): void => {
      if (partnerRow === Index.None) return;
      mailbox.send(mailbox.draft(MessageKind.PartnerRestarted, partnerId, partnerRow));
    };
    market.deals.forEach(({ initiatorId, initiatorRow, responderId, responderRow }) => {
      if (responderId === intentionId) tell(initiatorId, initiatorRow);
      if (initiatorId === intentionId) tell(responderId, responderRow);
    });
  }

  private park(intentionId: number, nowMs: number): void {
    const { market, recorder } = this.turns;
    this.failures.delete(intentionId);
    this.parked++;
    market.deals.forEach((deal) => {
      if (deal.initiatorId === intentionId || deal.responderId === intentionId) this.settleFor(intentionId, deal);
    });
    const row = market.negotiators.rowOf(intentionId);
    if (row !== Index.None && !market.negotiators.isClosing(row)) {
      recorder.intentionWithdrawn(row, WithdrawReason.Parked, nowMs);
    }
    this.turns.askAgain();
  }

  /**
   * Settles a deal in the stead of a parked negotiator: aborts it if it is undecided, then does as decided. One that only another shard
   * may decide keeps its reservation until that shard's ledger has answered.
   */
  private settleFor(intentionId: number, deal: DealInFlight): void {
    if (deal.decision === Index.None && this.turns.market.isRemote(deal.initiatorId)) return;
    const { recorder, mailbox } = this.turns;
    const { initiatorId, responderId, initiatorRow, responderRow } = deal;
    if (deal.decision === Index.None) recorder.dealAborted(deal, AbortReason.Parked);
    const own = intentionId === initiatorId ? initiatorRow : responderRow;
    const partner = intentionId === initiatorId ? responderRow : initiatorRow;
    const partnerId = intentionId === initiatorId ? responderId : initiatorId;
    if (partner !== Index.None) {
      mailbox.send(mailbox.draft(MessageKind.PartnerRestarted, partnerId, partner));
    }
    if (own !== Index.None) recorder.dealSettled(own, deal);
  }

  /** Before recovery resumes: says which deals the log's end left in doubt. */
  reportDoubts(): void {
    this.doubts = [];
    this.turns.market.deals.forEach((deal) => {
      const known = deal.decision === Index.None ? 'undecided' : (outcomeNames[deal.decision] ?? '');
      const id = `${deal.initiatorId}-${deal.dealNumber}`;
      this.doubts.push({ deal, id, known });
      const accepted = deal.acceptedLots > 0 || deal.responderRow !== Index.None;
      const how = known === 'undecided' ? 'its handshake is resumed' : 'it is settled as the ledger says';
      this.options.logger.warn({ deal: id, known, accepted }, `deal in doubt: ${how}`);
    });
  }

  /** After recovery: says how each of them ended. */
  reportSettled(): void {
    for (const { deal, id, known } of this.doubts) {
      const outcome = outcomeNames[deal.decision] ?? 'undecided';
      const settled = deal.initiatorRow === Index.None && deal.responderRow === Index.None;
      const message = settled ? `deal in doubt is settled: ${outcome}` : 'deal in doubt waits for the other shard';
      this.options.logger.info({ deal: id, was: known, outcome, settled }, message);
    }
    this.doubts = [];
  }
}
