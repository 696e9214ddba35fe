import type { EventHandler } from '../../src/events/handlers.generated.js';
import { positionAfter } from '../../src/log/position-after.js';
import type { ShardLog } from '../../src/log/port.js';
import type { ModelCheckpoints } from '../model/checkpoints.js';
import { Models } from '../model/models.js';
import type { ReadModel } from '../model/read-model.js';
import { foldLog } from '../read-models.js';
import { LookError, type Point } from './look.js';
import { type BatchesAround, batchesAround } from './neighbours.js';

export interface MomentsOptions {
  /** How many events a look may fold; 20,000,000 unless said otherwise. */
  readonly mostEvents?: number;
  /** How many models are kept; 8 unless said otherwise. */
  readonly mostKept?: number;
  /** How many intentions those that are kept may have open together; 2,000,000 unless said otherwise. */
  readonly mostOpenKept?: number;
}

const defaults: Required<MomentsOptions> = { mostEvents: 20_000_000, mostKept: 8, mostOpenKept: 2_000_000 };

/** A model so far before the one that was asked for is kept too, so that stepping back is as quick as stepping on. */
const STEP_EVENTS = 10_000;

/** Where models come from that no checkpoint shortens the way to. */
export const noCheckpoints: Pick<ModelCheckpoints, 'nearest'> = { nearest: () => Promise.resolve(undefined) };

/**
 * The moments of one shard: a model of any of them, from the nearest checkpoint or a model that is still at hand.
 *
 * 1. Whoever asks for the same moment again gets the same model, which nobody may change.
 * 2. What is folded for one look is bounded, in events and by its deadline: LookError TOO_FAR.
 */
export class Moments {
  private readonly models: Models;
  private readonly options: Required<MomentsOptions>;
  /** The one that was used last at the end. */
  private readonly kept: ReadModel[] = [];

  constructor(
    private readonly log: Pick<ShardLog, 'read' | 'head'>,
    private readonly checkpoints: Pick<ModelCheckpoints, 'nearest'> = noCheckpoints,
    options: MomentsOptions = {},
  ) {
    this.models = new Models(log, checkpoints);
    this.options = { ...defaults, ...options };
  }

  /** The position that a moment is before. Rejects with LookError POSITION_AHEAD for one beyond the head. */
  async positionOf(point: Point | undefined, head: number): Promise<number> {
    if (point === undefined) return head;
    if ('atMs' in point) return Math.min(head, await positionAfter(this.log, point.atMs));
    if (point.position <= head) return point.position;
    throw new LookError('POSITION_AHEAD', `position ${point.position} lies beyond the log’s head, ${head}`);
  }

  /** The batches next to the moment before a position, of those that end no further than the head. */
  batchesAround(position: number, head: number): Promise<BatchesAround> {
    return batchesAround(this.log, position, head);
  }

  /** The model of the moment before a position that is durable. `deadlineMs` is of `performance.now()`. */
  async modelAt(position: number, deadlineMs: number): Promise<ReadModel> {
    const exact = this.kept.find((model) => model.foldedTo === position);
    if (exact !== undefined) {
      this.keep(exact);
      return exact;
    }
    const model = await this.baseFor(position);
    const before = position - STEP_EVENTS;
    if (model.foldedTo < before) {
      await this.foldOn(model, before, deadlineMs);
      this.keep(model.copy());
    }
    await this.foldOn(model, position, deadlineMs);
    this.keep(model);
    return model;
  }

  /** An unshared model of an earlier moment, none of whose deals is in flight: what to begin with to tell what came after it. */
  beginningBefore(position: number): Promise<ReadModel> {
    return this.models.openModel(position, ({ openDeals }) => openDeals.size === 0);
  }

  /** Folds what follows a position, up to another, or to the end of the first batch after which `isEnough`. Returns how far. */
  async foldFrom(
    folds: readonly EventHandler[],
    range: { readonly from: number; readonly until: number },
    deadlineMs: number,
    isEnough: (position: number) => boolean = () => false,
  ): Promise<number> {
    const { from, until } = range;
    const { mostEvents } = this.options;
    const most = Math.min(until, from + mostEvents);
    const onProgress = (position: number): boolean => {
      if (performance.now() > deadlineMs) throw tooFar(until - from, 'this took too long');
      return isEnough(position);
    };
    const { position } = await foldLog(this.log, folds, { from, until: most, onProgress });
    if (position < until && position >= most) throw tooFar(until - from, `a look reads ${mostEvents} at most`);
    return position;
  }

  private async foldOn(model: ReadModel, until: number, deadlineMs: number): Promise<void> {
    const position = await this.foldFrom([model], { from: model.foldedTo, until }, deadlineMs);
    if (position < until) throw new LookError('LOOK_FAILED', `the log ends at ${position}, before ${until}`);
  }

  /** An unshared model to go on from: of what is at hand, and what the checkpoints have, the latest. */
  private async baseFor(position: number): Promise<ReadModel> {
    const earlier = this.kept.filter(({ foldedTo }) => foldedTo <= position);
    const latest = earlier.reduce<ReadModel | undefined>(
      (best, model) => (best !== undefined && best.foldedTo > model.foldedTo ? best : model),
      undefined,
    );
    if (latest !== undefined && position - latest.foldedTo <= 2 * STEP_EVENTS) return latest.copy();
    const opened = await this.models.openModel(position);
    return latest !== undefined && latest.foldedTo > opened.foldedTo ? latest.copy() : opened;
  }

  private keep(model: ReadModel): void {
    const { kept } = this;
    const known = kept.indexOf(model);
    if (known >= 0) kept.splice(known, 1);
    kept.push(model);
    const { mostKept, mostOpenKept } = this.options;
    let open = kept.reduce((sum, { intentions }) => sum + intentions.size, 0);
    while (kept.length > 1 && (kept.length > mostKept || open > mostOpenKept))
      open -= kept.shift()?.intentions.size ?? 0;
  }
}

function tooFar(events: number, why: string): LookError {
  const what = `the nearest kept moment is ${events} events away`;
  return new LookError('TOO_FAR', `${what}, and ${why}: it is made while the log is followed; try again later`);
}
