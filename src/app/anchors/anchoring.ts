import { nodeScheduler, type Scheduler } from '../../exchange/shard/scheduler.js';
import { anchorText } from '../../log/anchor.js';
import { digestBefore } from '../../log/evidence.js';
import type { Logger } from '../../resilience/logger.js';
import type { ShardLog } from '../../log/port.js';
import { anchorSink, type AnchorSink } from './anchor-sink.js';

/** Where `serve` is to write anchors, and how often. */
export interface AnchorTarget {
  /** A file or a URL. */
  readonly place: string;
  readonly everyMs: number;
}

export interface AnchoringOptions {
  readonly sink: AnchorSink;
  readonly everyMs: number;
  /** A shard's log, to be read. */
  readonly log: (shard: number) => Pick<ShardLog, 'read'>;
  readonly logger: Logger;
  readonly scheduler: Scheduler;
  /** In milliseconds since 1970. */
  readonly clock: () => number;
}

interface AnchoredShard {
  /** The end of the last batch that is known to be durable. */
  durable: number;
  /** Of the last anchor that was written. */
  anchored: number;
}

/** Begins to write anchors, if they are to be written; `log` is only ever read. */
export function startAnchoring(
  target: AnchorTarget | undefined,
  log: AnchoringOptions['log'],
  logger: Logger,
): Anchoring | undefined {
  if (target === undefined) return undefined;
  const { place, everyMs } = target;
  return new Anchoring({ sink: anchorSink(place), everyMs, log, logger, scheduler: nodeScheduler, clock: Date.now });
}

/**
 * Writes out anchors of the shards that are written here: at an interval, and at the end, one for each shard that has become longer.
 *
 * 1. An anchor is made of a batch that is durable, and its digest is read from the log.
 * 2. One attempt is under way at a time. What fails is tried again at the next interval, with whatever is durable then; a failure
 *    is logged once, and again after a success. Nothing here rejects, and nobody is stopped by it.
 */
export class Anchoring {
  private readonly shards = new Map<number, AnchoredShard>();
  private writing: Promise<void> = Promise.resolve();
  private hasFailed = false;
  private cancelNext: () => void = () => undefined;
  private isEnded = false;

  constructor(private readonly options: AnchoringOptions) {
    this.wait();
  }

  /** To be called after each commit of a shard, with the position up to which its log is durable: the end of a batch. */
  advance(shard: number, durable: number): void {
    const known = this.shards.get(shard);
    if (known === undefined) this.shards.set(shard, { durable, anchored: 0 });
    else known.durable = durable;
  }

  /** Writes what is durable by now, and ends. Resolves also where that fails. */
  async end(): Promise<void> {
    if (this.isEnded) return this.writing;
    this.isEnded = true;
    this.cancelNext();
    await this.writing;
    this.writing = this.write();
    await this.writing;
  }

  private wait(): void {
    const { scheduler, everyMs } = this.options;
    this.cancelNext = scheduler.after(everyMs, () => {
      this.writing = this.write().then(() => {
        if (!this.isEnded) this.wait();
      });
    });
  }

  private async write(): Promise<void> {
    const { sink, logger } = this.options;
    const due = [...this.shards].filter(([, { durable, anchored }]) => durable > anchored);
    if (due.length === 0) return;
    const made = await Promise.allSettled(due.map(([number, shard]) => this.made(number, shard)));
    const lines = made.filter((each) => each.status === 'fulfilled').map(({ value }) => value);
    const failures: unknown[] = made.filter((each) => each.status === 'rejected').map(({ reason }): unknown => reason);
    try {
      if (lines.length > 0) await sink.write(lines.map(({ line }) => line));
      for (const { shard, position } of lines) shard.anchored = position;
    } catch (error) {
      failures.push(error);
    }
    const [failure] = failures;
    if (failure === undefined && this.hasFailed) logger.info({ sink: sink.name }, 'anchors are written again');
    if (failure !== undefined && !this.hasFailed) {
      logger.warn({ err: failure, sink: sink.name }, 'an anchor could not be written; it is tried again');
    }
    this.hasFailed = failure !== undefined;
  }

  private async made(number: number, shard: AnchoredShard) {
    const position = shard.durable;
    const digest = await digestBefore(this.options.log(number), position);
    if (digest === '') throw new Error(`no batch of shard ${number} ends before position ${position}`);
    const at = new Date(this.options.clock()).toISOString();
    return { shard, position, line: `${anchorText({ shard: number, position, digest })} ${at}` };
  }
}
