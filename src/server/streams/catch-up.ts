/**
 * Tells readers that have been away what happened since, until they have come to where it is told live. Owns a fold of its own, from a
 * position of the log on, and what it has encoded and not handed out.
 *
 * 1. A reader is told every message from its `from` on, in order; one without room is released at the message that it would get.
 * 2. It goes on only while it carries somebody, and what it has made is handed out.
 */
import type { ReadModel } from '../../../projections/model/read-model.js';
import type { StreamMessage } from '../../../projections/streams/messages.js';
import { StreamFold } from '../../../projections/streams/stream-fold.js';
import { foldBatch } from '../../events/fold.js';
import type { ShardLog } from '../../log/port.js';
import type { FeedPart, Framing } from '../feeds/feed-source.js';
import { OpenPart } from '../feeds/hub/open-part.js';
import type { WorkSlices } from '../feeds/hub/work-slices.js';
import { listenerFor } from './listener.js';
import type { StreamReader } from './stream-reader.js';

/** A model of the shard as it stood at the position or before, as near as `suits` lets it be; the caller’s own. */
export type StartingState = (atMost: number, suits?: (model: ReadModel) => boolean) => Promise<ReadModel>;

export interface FoldedLog {
  readonly log: ShardLog;
  readonly start: StartingState;
  /** Where there are several: what messages say of it. */
  readonly shownShard: number | undefined;
  /** The exchange’s, in milliseconds since 1970: which day a ticker is of. */
  readonly clock: () => number;
}

export interface CatchUpOptions extends FoldedLog {
  readonly slices: WorkSlices;
  readonly partBytes: number;
  /** Called whenever it has come further, between batches. */
  readonly onStep: (catchUp: CatchUp) => void;
  /** Receives a reader that has no room for what comes next. */
  readonly onReleased: (reader: StreamReader) => void;
}

export class CatchUp {
  private readonly carried = new Map<StreamReader, () => void>();
  private readonly closing = new AbortController();
  private readonly parts: Record<Framing, OpenPart>;
  private readonly lastAdded = new Map<Framing, StreamMessage>();
  private fold: StreamFold | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly first: StreamReader,
    private readonly options: CatchUpOptions,
  ) {
    this.parts = { sse: this.newPart('sse'), websocket: this.newPart('websocket') };
    this.carried.set(first, () => undefined);
  }

  /** All events before this position have been told; undefined before it has begun. */
  get foldedTo(): number | undefined {
    return this.fold?.foldedTo;
  }

  get readers(): Iterable<StreamReader> {
    return this.carried.keys();
  }

  get isClosed(): boolean {
    return this.closing.signal.aborted;
  }

  /** Resolves once it carries nobody any more; rejects when the log cannot be read. */
  async run(): Promise<void> {
    const { log, start, shownShard, slices, onStep } = this.options;
    const isOver = (): boolean => this.isClosed;
    const fold = new StreamFold(await start(this.first.from), shownShard);
    if (isOver()) return;
    this.fold = fold;
    this.carry(this.first);
    onStep(this);
    for await (const batch of log.follow(fold.foldedTo, this.closing.signal)) {
      while (!isOver() && (this.parts.sse.isFull || this.parts.websocket.isFull)) await this.change();
      await slices.turn();
      if (isOver()) return;
      foldBatch(batch, fold, fold.foldedTo);
      if (isOver()) return;
      onStep(this);
    }
  }

  /** Only once it has begun, and for one whose `from` it has not passed. */
  carry(reader: StreamReader): void {
    const unlisten = this.fold?.listen(listenerFor(reader.wish, (message) => this.say(reader, message)));
    if (unlisten !== undefined) this.carried.set(reader, unlisten);
  }

  /** Carries it no more. What it was handed goes out all the same. */
  letGo(reader: StreamReader): void {
    const unlisten = this.carried.get(reader);
    if (unlisten === undefined) return;
    unlisten();
    this.carried.delete(reader);
    if (this.carried.size === 0) this.close();
  }

  close(): void {
    this.closing.abort();
    this.wake();
  }

  /** What it has made since the last time. */
  seal(): FeedPart[] {
    const sealed = (['sse', 'websocket'] as const).flatMap((framing) => {
      const part = this.parts[framing].seal();
      this.parts[framing] = this.newPart(framing);
      this.lastAdded.delete(framing);
      return part === undefined ? [] : [part];
    });
    this.wake();
    return sealed;
  }

  private say(reader: StreamReader, message: StreamMessage): void {
    const { framing } = reader;
    const { position, type } = message;
    if (position < reader.from) return;
    if (!reader.hasRoom()) {
      reader.from = position;
      this.letGo(reader);
      this.options.onReleased(reader);
      return;
    }
    const part = this.parts[framing];
    if (this.lastAdded.get(framing) !== message) part.add({ position, type, json: JSON.stringify(message) });
    this.lastAdded.set(framing, message);
    part.give(reader);
  }

  private change(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private newPart(framing: Framing): OpenPart {
    return new OpenPart(0, this.options.partBytes, framing);
  }
}
