import type { Engine } from '../../domain/engine.js';
import { IDS_PER_SHARD, Index } from '../../domain/ids.js';
import type { PostTerms } from '../../domain/post-terms.js';
import type { Refusal, RefusalCode } from '../../domain/refusal.js';
import type { ShardLog } from '../../log/port.js';
import { contentHash } from './idempotency-index.js';
import type { ShardState } from '../recovery/market-fold.js';
import { refuseLate } from '../posts/valid-until.js';
import type { SupervisedTurns } from './supervised-turns.js';

/**
 * The hot path: posts and withdrawals that run at once. To be called only while the shard serves at this time; answers may leave the
 * process only once what was recorded is durable.
 *
 * 1. A post under a known client id is the same post again, or refused; it never posts twice.
 */
export class IntentionPosts {
  constructor(
    private readonly state: ShardState,
    private readonly engine: Engine,
    private readonly turns: Pick<SupervisedTurns, 'run' | 'setTimer'>,
    /** Where it is read what came of earlier ones. */
    readonly log: Pick<ShardLog, 'read'>,
  ) {}

  /** Posts, unless it is too late, and returns the intention's id, 0 less the id of an earlier post that this one repeats, or why it is refused. */
  post(terms: PostTerms, atMs: number, validUntil?: string): number | RefusalCode | Refusal {
    const { market, clientIds } = this.state;
    const { participant, clientIntentionId, expiresAtMs } = terms;
    const participantId = market.participantIds.get(participant) ?? market.participants.length;
    const content = contentHash(terms);
    const known = clientIds.find(participantId, clientIntentionId);
    if (known !== 0) {
      return clientIds.hasContent(known, content) ? -(known + market.shard * IDS_PER_SHARD) : 'CLIENT_ID_REUSED';
    }
    const late = refuseLate(validUntil, atMs);
    if (late !== undefined) return late;
    if (expiresAtMs !== 0 && expiresAtMs <= atMs) return 'INVALID_EXPIRY';
    const row = this.engine.post(terms, participantId, atMs);
    if (typeof row !== 'number') return row;
    const { lastIntentionId: id, negotiators } = market;
    clientIds.add(content, negotiators.postedPosition(row));
    this.turns.run();
    if (expiresAtMs !== 0) this.turns.setTimer();
    return id;
  }

  /** The intention that a participant posted under this id; 0 where there is none. */
  idOf(participant: string, clientIntentionId: string): number {
    const { market, clientIds } = this.state;
    const participantId = market.participantIds.get(participant);
    const known = participantId === undefined ? 0 : clientIds.find(participantId, clientIntentionId);
    return known === 0 ? 0 : known + market.shard * IDS_PER_SHARD;
  }

  withdraw(intentionId: number, atMs: number): RefusalCode | undefined {
    const row = this.state.market.negotiators.rowOf(intentionId);
    return row === Index.None ? 'INTENTION_CLOSED' : this.engine.withdraw(row, atMs);
  }

  /** Before a group of posts, for each of them; then `flushPrefetch`. Saves time, changes nothing. */
  prefetch(clientIntentionId: string, participant: string): void {
    const { market, clientIds } = this.state;
    clientIds.prefetch(market.participantIds.get(participant) ?? 0, clientIntentionId);
  }

  /** Fetches from memory what looking up the client ids that were prefetched will need. */
  flushPrefetch(): void {
    this.state.clientIds.flushPrefetch();
  }

  /** Log position at which an intention was posted. */
  postedPosition(intentionId: number): number {
    return this.state.clientIds.position(intentionId);
  }
}
