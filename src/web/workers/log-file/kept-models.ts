import type { Dump } from '../../../../projections/model/dump.js';
import { leastMissed } from '../../../../projections/model/least-missed.js';
import { ReadModel } from '../../../../projections/model/read-model.js';

interface Kept {
  readonly position: number;
  readonly bytes: number;
  readonly dump: Dump;
}

const EVERY_EVENTS = 50_000;
/** A checkpoint takes as long as folding some events for each intention that is open; so many events must lie between two of them. */
const EVENTS_AN_INTENTION = 4;
const MOST_KEPT = 48;
const MOST_BYTES = 128e6;

/** Models of a log at moments of its past, in memory: they shorten the way to any moment. */
export class KeptModels {
  private readonly kept: Kept[] = [];
  private last = 0;

  /** `everyEvents`: how far apart they are at least. */
  constructor(private readonly everyEvents = EVERY_EVENTS) {}

  /** To be called at the end of each batch, with a model that stands there. */
  consider(model: ReadModel): void {
    const { foldedTo, intentions } = model;
    if (foldedTo - this.last < Math.max(this.everyEvents, EVENTS_AN_INTENTION * intentions.size)) return;
    this.last = foldedTo;
    const dump = model.dump();
    const bytes = Object.values(dump.columns).reduce((sum, { byteLength }) => sum + byteLength, 0);
    this.kept.push({ position: foldedTo, bytes, dump });
    this.thin();
  }

  /** The newest one at or before a position, as far as `suits` says that it will do; undefined where there is none. It is the caller's own. */
  nearest(
    _log: unknown,
    atMost: number,
    suits: (model: ReadModel) => boolean = () => true,
  ): Promise<ReadModel | undefined> {
    const before = this.kept.filter(({ position }) => position <= atMost).reverse();
    for (const { dump } of before) {
      const model = ReadModel.load(structuredClone(dump));
      if (suits(model)) return Promise.resolve(model);
    }
    return Promise.resolve(undefined);
  }

  private thin(): void {
    const { kept } = this;
    let bytes = kept.reduce((sum, each) => sum + each.bytes, 0);
    while (kept.length > 1 && (kept.length > MOST_KEPT || bytes > MOST_BYTES)) {
      const [removed] = kept.splice(leastMissed(kept.map(({ position }) => position)), 1);
      bytes -= removed?.bytes ?? 0;
    }
  }
}
