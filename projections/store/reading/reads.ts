import { messageOf } from '../../../src/log/message-of.js';
import { positionText } from '../../../src/log/position-text.js';
import type { Logger } from '../../../src/resilience/logger.js';
import { within } from '../../../src/resilience/within.js';
import type { Look, LookedAt, Point } from '../../moments/look.js';
import { partsFor } from '../../moments/parts-for.js';
import { type Answer, type AnswerOf, QueryFailedError, type Question, type Share } from '../desk/protocol.js';
import type { QueryName } from '../desk/sharded-queries.js';
import type { FoundIn, Heads } from '../queries/found.js';
import type { StoreMoments } from '../queries/store-moment.js';
import type { Freshness } from './freshness.js';
import { lagOf, type ShardStores } from './shard-stores.js';

/** What is asked, with its values. */
export type Asking<Name extends QueryName> = Pick<Question<Name>, 'query' | 'values'>;

/** A question of a reader, and whose stores it is for. */
export interface Read<Name extends QueryName> extends Asking<Name> {
  readonly shards: readonly number[];
  /** On whose share it counts. */
  readonly share: Share;
  /** As of which moment; as of now unless it is given. */
  readonly point?: Point | undefined;
}

/** A look, at whose shards and on whose share. */
export interface Looking {
  readonly look: Look;
  readonly shards: readonly number[];
  readonly share: Share;
  readonly point?: Point | undefined;
}

/** There is no answer now; there may be one shortly. */
export interface NotNow {
  readonly ok: false;
  /** For people. */
  readonly why: string;
}

export type ReadAnswer<Name extends QueryName> = ({ readonly ok: true } & FoundIn<AnswerOf<Name>>) | NotNow;

export interface ReadsOptions {
  readonly stores: ShardStores;
  readonly freshness: Freshness;
  /** Who knows past moments. */
  readonly looks: LookedAt;
  readonly logger: Logger;
  /** How long a look at a past moment may take; 10,000 unless said otherwise. */
  readonly lookMs?: number | undefined;
  /** How long a read waits, for a log and for the stores together; 2,000 unless said otherwise. */
  readonly waitMs?: number | undefined;
  /** Called around each question while it is under way; its answer is what `ask` resolves to. */
  readonly whileAsked: (ask: () => Promise<Answer>) => Promise<Answer>;
}

const WAIT_MS = 2_000;
const LOOK_MS = 10_000;

/**
 * Reads that show all that was durable when they were asked for, the reader’s own writes among it.
 *
 * 1. How far the logs of the shards are durable is found out first: at once for a shard that is written here, else by asking its log.
 * 2. A question goes to the thread of the stores once, with the position of each shard that its answer must show, and is answered once:
 *    it waits there, for its store and for its turn.
 * 3. Each answer tells the position that its rows stand at, of each shard that was looked into: not what was waited for, which may be
 *    less.
 * 4. Nobody waits longer than `waitMs` for all of this, and nobody is shown less for having waited: what comes too late is refused.
 * 5. A read of a past moment first looks at what could change then, which may take up to `lookMs`; then the stores are asked as of it.
 */
export class Reads {
  /** How long a read waits. */
  readonly waitMs: number;

  constructor(private readonly options: ReadsOptions) {
    this.waitMs = options.waitMs ?? WAIT_MS;
  }

  /** Rejects with QueryFailedError for a question that makes no sense, and for one that the stores cannot answer in their state. */
  async read<Name extends QueryName>(read: Read<Name>): Promise<ReadAnswer<Name>> {
    if (read.point !== undefined) return this.readAt(read);
    const { query, values, shards, share } = read;
    const { stores, whileAsked } = this.options;
    const startMs = performance.now();
    const durable = await this.heads(shards);
    if (!durable.ok) return durable;
    const timeoutMs = Math.max(0, this.waitMs - (performance.now() - startMs));
    const { id, weight } = share;
    const question = { query, values, atLeast: durable.heads, timeoutMs, share: { id, weight } };
    const answer = await whileAsked(() => stores.answer(question));
    if (!answer.ok) return { ok: false, why: this.whyNot(answer, durable.heads) };
    return answer as ReadAnswer<Name>; // the desk answers each name with what belongs to it
  }

  /** Looks at a past moment, or at the present one. Rejects with QueryFailedError for a moment that is not there yet. */
  async look<Value>({ look, shards, share, point }: Looking): Promise<({ ok: true } & FoundIn<Value>) | NotNow> {
    const durable = await this.heads(shards);
    if (!durable.ok) return durable;
    const { lookMs: timeoutMs = LOOK_MS, looks } = this.options;
    const { id, weight } = share;
    const answer = await looks.look({ look, heads: durable.heads, point, timeoutMs, share: { id, weight } });
    if (answer.ok) return { ok: true, value: answer.value as Value, heads: answer.heads }; // each look is answered with its own
    const { code, message } = answer;
    if (code === 'POSITION_AHEAD' || code === 'INVALID_QUERY') throw new QueryFailedError(code, message);
    if (code === 'LOOK_FAILED') this.options.logger.warn({ reason: message }, 'a past moment cannot be looked at');
    return { ok: false, why: code === 'LOOK_FAILED' ? 'the log cannot be read now; try again shortly' : message };
  }

  private async readAt<Name extends QueryName>(read: Read<Name>): Promise<ReadAnswer<Name>> {
    const { query, values, share } = read;
    const { stores, whileAsked } = this.options;
    const parts = partsFor(query, values, stores.shards.length === 1);
    const found = await this.look<StoreMoments>({ ...read, look: { kind: 'parts', parts } });
    if (!found.ok) return found;
    const { value: moments, heads: atLeast } = found;
    const { id, weight } = share;
    const question = { query, values, atLeast, moments, timeoutMs: this.waitMs, share: { id, weight } };
    const answer = await whileAsked(() => stores.answer(question));
    if (!answer.ok) return { ok: false, why: this.whyNot(answer, atLeast) };
    return answer as ReadAnswer<Name>; // the desk answers each name with what belongs to it
  }

  /** How far these shards are durable now. */
  async heads(shards: readonly number[]): Promise<{ readonly ok: true; readonly heads: Heads } | NotNow> {
    try {
      return { ok: true, heads: await this.headsWithin(shards, this.waitMs) };
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the log does not say how far it is durable');
      return { ok: false, why: 'the log does not say how far it is durable; try again shortly' };
    }
  }

  /** How many durable events each of these shards’ stores lacks. Rejects when a log does not tell within the time how far it is durable. */
  async lags(shards: readonly number[], mostMs: number): Promise<ReadonlyMap<number, number>> {
    const heads = await this.headsWithin(shards, mostMs);
    return new Map(shards.map((shard) => [shard, lagOf(this.options.stores, shard, heads.get(shard))]));
  }

  /**
   * Why reads do not keep up: a store has trouble or lacks more than `mostLagEvents`, or nobody knows how much; undefined while they do. A
   * log that did not tell how far it is durable is asked again, for nobody else may. One that does not tell this once is none.
   */
  async whyBehind(mostLagEvents: number, mostMs: number): Promise<string | undefined> {
    const { stores, freshness } = this.options;
    const [trouble] = stores.troubles;
    if (trouble !== undefined) return `reads are behind: shard ${trouble[0]}: ${trouble[1]}`;
    const hadTrouble = freshness.trouble !== undefined;
    try {
      for (const [shard, lag] of await this.lags(stores.shards, mostMs)) {
        if (lag > mostLagEvents) return `reads are behind: shard ${shard}: ${lag} events, ${mostLagEvents} at most`;
      }
    } catch (error) {
      if (hadTrouble) return freshness.trouble ?? messageOf(error);
    }
    return undefined;
  }

  private headsWithin(shards: readonly number[], mostMs: number): Promise<Heads> {
    return within(this.options.freshness.heads(shards), mostMs, 'asking the log for its head');
  }

  /** Throws QueryFailedError for what trying again does not help. */
  private whyNot({ code, message, shard }: Extract<Answer, { ok: false }>, heads: Heads): string {
    if (code === 'STORE_BEHIND' && shard !== undefined) {
      const position = positionText(heads.get(shard) ?? 0, this.options.stores.shards.length > 1 ? shard : undefined);
      return `the projections have not yet reached log position ${position}; try again shortly`;
    }
    if (code === 'STORE_SUSPENDED') return message;
    if (code === 'STORE_DAMAGED') return `${message}; try again shortly`;
    if (code === 'STORE_BUSY') return 'too many reads wait for their turn; try again shortly';
    throw new QueryFailedError(code, message, shard);
  }
}
