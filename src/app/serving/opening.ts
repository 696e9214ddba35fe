/** Opens the exchange of a process that serves alone: once as it starts, and again whenever the log has failed. */
import type { Logger } from '../../resilience/logger.js';
import { Exchange } from '../../exchange/exchange.js';
import type { OpenOptions } from '../../exchange/recovery/recovery.js';
import type { SnapshotStore } from '../../exchange/snapshots/snapshots.js';
import { type Evidence, LogLostError, type ShardLog } from '../../log/port.js';
import { mustBeOneChain } from '../../log/whole-log.js';
import { loggedEvidence } from '../logs/evidence.js';
import type { LogTarget } from '../logs/log-target.js';
import type { CommonServingOptions } from './common-serving.js';
import { anchorsIn, tellOfFirst } from '../anchors/kept-anchors.js';
import type { ShardOptions } from '../../exchange/shard/shard-options.js';
import { ExitCode, Interrupted } from '../exit.js';
import type { Console } from '../console.js';

/** What a shard's time is told by. */
export type ShardTime = Pick<OpenOptions, 'clock' | 'scheduler' | 'lookEachMs'>;

export interface OpeningOptions extends Pick<CommonServingOptions, 'losses' | 'maxClockAheadMs' | 'anchor'> {
  readonly takeOver: boolean;
  readonly logger: Logger;
  /** Negotiators that are made to fail. */
  readonly faults?: ShardOptions['faults'];
  /** What this process knows of the log from an opening before; it is not the first one then. */
  readonly known?: KnownLog | undefined;
  /** Another time than the machine's. */
  readonly time?: ShardTime | undefined;
  /** Whether the process is to end: what is being opened then comes to nothing. */
  readonly isEnding: () => boolean;
}

/** What the exchange before knew of the log when it stopped, and the epoch of its writer. */
export interface KnownLog {
  readonly evidence: Evidence;
  readonly epoch: number;
}

/**
 * 1. What was asked for at the start (to take over, to accept a loss) goes for the first opening alone: a process that is fenced later does
 *    not fence back, and what is lost later has been accepted by nobody.
 * 2. Each opening knows what the exchange before it knew of the log.
 */
export class Opening {
  private log: ShardLog | undefined;
  private known: KnownLog | undefined;
  private isFirst: boolean;
  private snapshots: SnapshotStore | undefined;

  constructor(
    private readonly console: Pick<Console, 'progress'>,
    private readonly place: LogTarget,
    private readonly options: OpeningOptions,
  ) {
    this.known = options.known;
    this.isFirst = options.known === undefined;
  }

  /** Where the newest snapshot stands that is one of this log; 0 where none is. */
  async latestSnapshot(): Promise<number> {
    const { place, options, snapshots } = this;
    const log = this.log ?? (await place.log({ log: options.logger }));
    return snapshots?.usableLatest(log) ?? 0;
  }

  /** A folder that somebody has moved away must not be made again in its place. */
  private async mustBeThere(): Promise<void> {
    const { folder, settings } = this.place;
    if (settings.kind !== 'embedded' || (await folder.names()).length > 0) return;
    throw new LogLostError(`${folder.path} was removed, moved or emptied from outside`);
  }

  private async evidence(shard: number, anchors: readonly Evidence[]): Promise<readonly Evidence[]> {
    const { place, known, options } = this;
    const derived = await loggedEvidence(place, shard, options.logger);
    return [...derived, ...anchors, ...(known === undefined ? [] : [known.evidence])];
  }

  async open(): Promise<Exchange> {
    const { place, known, options, isFirst } = this;
    const { logger, takeOver, losses, maxClockAheadMs, anchor, time, faults } = options;
    if (!isFirst) await this.mustBeThere();
    this.log ??= await place.log({ takeOver: takeOver && isFirst, log: logger });
    const { log } = this;
    const held = anchorsIn(anchor?.place, log.shard);
    this.snapshots ??= await place.snapshots(logger);
    const progress = this.console.progress('replaying', 'events');
    try {
      const exchange = await Exchange.open(log, {
        ...time,
        faults,
        logger,
        snapshots: this.snapshots,
        // Logs that another program keeps are its concern.
        check: place.settings.kind === 'embedded' ? mustBeOneChain : undefined,
        evidence: () => this.evidence(log.shard, held),
        lastEpoch: known?.epoch,
        acceptLoss: isFirst ? losses.get(log.shard) : undefined,
        maxClockAheadMs,
        onReplay: (position, head) => {
          if (options.isEnding()) throw new Interrupted(ExitCode.Interrupted);
          progress.update(position, head);
        },
      });
      if (isFirst) tellOfFirst({ place: anchor?.place, held }, log.shard, exchange.log.writerEpoch, logger);
      this.isFirst = false;
      if (takeOver && isFirst) this.log = undefined;
      exchange.log.onStopped(() => {
        this.known = { evidence: exchange.log.evidence, epoch: exchange.log.writerEpoch };
      });
      return exchange;
    } finally {
      progress.stop();
    }
  }
}
