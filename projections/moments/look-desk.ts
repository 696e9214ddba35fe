import { messageOf } from '../../src/log/message-of.js';
import { bookOf, changingOf, doubtsOf, positionsOf, topsOf } from '../model/views.js';
import type { ReadModel } from '../model/read-model.js';
import { QueryTurns } from '../store/desk/query-turns.js';
import type { Heads } from '../store/queries/found.js';
import { InvalidQueryError } from '../store/queries/query-terms.js';
import type { MomentParts, StoreMoment, StoreMoments } from '../store/queries/store-moment.js';
import { type Look, type LookAnswer, LookError, type LookedAt, type LookQuestion, type MomentAround } from './look.js';
import type { Moments } from './moments.js';
import { tellChart, tellWhy } from './telling.js';

/** A moment, as far as it is to be found out, and by when. */
interface Looking {
  readonly heads: Heads;
  /** How far the logs are durable. */
  readonly durable: Heads;
  readonly deadlineMs: number;
}

/**
 * Answers looks at past moments of all shards that a process reads.
 *
 * 1. Each look is answered, with where each shard stood that it is about, or with the reason why not, and no later than it allows.
 * 2. Looks take turns, by the share that they count on: one that folds for long is paid for by who asked for it.
 */
export class LookDesk implements LookedAt {
  private readonly turns = new QueryTurns();

  /** `shards` are all that there are. */
  constructor(private readonly shards: ReadonlyMap<number, Moments>) {}

  async look(question: LookQuestion): Promise<LookAnswer> {
    const deadlineMs = performance.now() + question.timeoutMs;
    try {
      return await this.turns.take(question.share, isShort(question.look), async () => {
        if (performance.now() > deadlineMs) throw new LookError('TOO_FAR', 'its turn did not come in time');
        const heads = await this.positionsOf(question);
        const looking = { heads, durable: question.heads, deadlineMs };
        return { ok: true, value: await this.lookAt(question.look, looking), heads };
      });
    } catch (error) {
      if (error instanceof InvalidQueryError) return { ok: false, code: 'INVALID_QUERY', message: error.message };
      const code = error instanceof LookError ? error.code : 'LOOK_FAILED';
      return { ok: false, code, message: messageOf(error) };
    }
  }

  private async positionsOf({ heads, point }: LookQuestion): Promise<Heads> {
    const found = [...heads].map(async ([shard, head]) => {
      return [shard, await this.of(shard).positionOf(point, head)] as const;
    });
    return new Map(await Promise.all(found));
  }

  private lookAt(look: Look, looking: Looking): Promise<unknown> {
    switch (look.kind) {
      case 'parts':
        return this.parts(look.parts, looking);
      case 'around':
        return this.first(looking, (moments, position, shard) =>
          around(moments, position, looking.durable.get(shard) ?? position),
        );
      case 'why':
        return this.first(looking, (moments, until, shard) =>
          tellWhy(moments, look, { until, deadlineMs: looking.deadlineMs, shard: this.shown(shard) }),
        );
      case 'chart':
        return this.first(looking, (moments, until, shard) =>
          tellChart(moments, look, { until, deadlineMs: looking.deadlineMs, shard: this.shown(shard) }),
        );
    }
  }

  private async parts(parts: MomentParts, { heads, deadlineMs }: Looking): Promise<StoreMoments> {
    const found = new Map<number, StoreMoment>();
    const isBare = Object.keys(parts).length === 0;
    for (const [shard, position] of heads) {
      const model = isBare ? undefined : await this.of(shard).modelAt(position, deadlineMs);
      found.set(shard, model === undefined ? { position, atMs: 0 } : momentOf(model, parts));
    }
    return found;
  }

  /** What the first shard has that has it. */
  private async first<Value>(
    { heads }: Looking,
    look: (moments: Moments, position: number, shard: number) => Promise<Value | undefined>,
  ): Promise<Value | undefined> {
    for (const [shard, position] of heads) {
      const value = await look(this.of(shard), position, shard);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** To be shown with positions, where there are several. */
  private shown(shard: number): number | undefined {
    return this.shards.size > 1 ? shard : undefined;
  }

  private of(shard: number): Moments {
    const moments = this.shards.get(shard);
    if (moments === undefined) throw new RangeError(`there is no shard ${shard}`);
    return moments;
  }
}

/** Whether no model is needed. */
function isShort(look: Look): boolean {
  return look.kind === 'around' || (look.kind === 'parts' && Object.keys(look.parts).length === 0);
}

async function around(moments: Moments, position: number, head: number): Promise<MomentAround> {
  return { head, ...(await moments.batchesAround(position, head)) };
}

function momentOf(model: ReadModel, { changing, positions, book, tops, doubts }: MomentParts): StoreMoment {
  return {
    ...{ position: model.foldedTo, atMs: model.atMs },
    ...(changing !== undefined && { changing: changingOf(model, changing) }),
    ...(positions !== undefined && { positions: positionsOf(model, positions) }),
    ...(book !== undefined && { book: bookOf(model, book.symbol, book.depth) }),
    ...(tops !== undefined && { tops: topsOf(model, tops.symbol) }),
    ...(doubts === true && { doubts: doubtsOf(model) }),
  };
}
