import { foldLog, type ReadableLog } from '../read-models.js';
import type { ModelCheckpoints } from './checkpoints.js';
import { ReadModel } from './read-model.js';

/** Where models of a shard come from: the nearest checkpoint, and the log from there on. */
export class Models {
  constructor(
    private readonly log: ReadableLog,
    private readonly checkpoints: Pick<ModelCheckpoints, 'nearest'>,
  ) {}

  /**
   * The model of the nearest checkpoint at or before a position (`foldedTo` says where it stands), or an empty one at 0: to be folded on
   * from there. It is the caller's own.
   */
  async openModel(atMost: number, suits?: (model: ReadModel) => boolean): Promise<ReadModel> {
    return (await this.checkpoints.nearest(this.log, atMost, suits)) ?? new ReadModel();
  }

  /** The model at exactly this position, which is within the log. */
  async modelAt(position: number): Promise<ReadModel> {
    const model = await this.openModel(position);
    await foldLog(this.log, [model], { from: model.foldedTo, until: position });
    return model;
  }
}
