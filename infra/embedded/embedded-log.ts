/** The embedded log: a shard is a folder of append-only segment files (format.ts). */
import type { RecordedEvent } from '../../src/events/event.js';
import type { EventBatch } from '../../src/events/fold.js';
import type { Admit, Evidence, FoundLog, LogWriter, ShardLog } from '../../src/log/port.js';
import { readChain } from './segments/segments.js';
import { claimEvidence } from './claims/claim-evidence.js';
import type { Repaired } from './claims/claim-notes.js';
import { nodeFiles, type LogFiles } from './files.js';
import type { LogHost } from './host.js';
import { inspectLog, type LogReport } from './inspection.js';
import { SparseIndex } from './segments/sparse-index.js';
import { liveWriter } from './claims/live-writers.js';
import { findEnd } from './segments/log-end.js';
import type { Logger } from '../../src/resilience/logger.js';
import { nodeHost } from './claims/lock.js';
import type { LogPlace } from './log-place.js';
import { openForWriting } from './opening.js';
import { repairLog } from './repair.js';
import type { Frame } from './segments/segment-reader.js';
import { eventsOfStream } from '../../src/log/stream-scan.js';
import { readFrames } from './log-reader.js';

const DEFAULT_SEGMENT_BYTES = 256 * 1024 * 1024;

export interface EmbeddedLogOptions {
  /** The shard's own folder; created when it is opened for writing. */
  readonly folder: string;
  /** Defaults to 0. */
  readonly shard?: number;
  /** A segment that would grow past this is followed by a new one. A batch is never split. Defaults to 256 MiB. */
  readonly segmentBytes?: number;
  /**
   * Where batches are written and synced: `overlapped` (the default) on libuv's threads, while this one goes on; `inline` on this
   * thread, which is quicker to durable but does nothing else meanwhile; or inline for frames of up to so many bytes.
   */
  readonly sync?: 'overlapped' | 'inline' | { readonly inlineUpToBytes: number };
  /**
   * Opens even though another live process may be writing: fences it, by its epoch alone. For taking over from a process that hangs
   * or cannot be reached.
   */
  readonly takeOver?: boolean;
  readonly log?: Logger;
  readonly files?: LogFiles;
  readonly host?: LogHost;
}

export class EmbeddedLog implements ShardLog {
  readonly shard: number;
  readonly folder: string;
  private readonly files: LogFiles;
  private readonly host: LogHost;
  private readonly index = new SparseIndex();
  private readonly ownEpochs = new Set<number>();

  constructor(private readonly options: EmbeddedLogOptions) {
    this.folder = options.folder;
    this.shard = options.shard ?? 0;
    this.files = options.files ?? nodeFiles;
    this.host = options.host ?? nodeHost;
  }

  /** Cuts back a torn tail and says so. What the disk says, a full one above all, is thrown as it is. */
  async open(admit?: Admit): Promise<LogWriter> {
    const { segmentBytes = DEFAULT_SEGMENT_BYTES, sync = 'overlapped', takeOver = false, log } = this.options;
    const inlineBytes = typeof sync === 'object' ? sync.inlineUpToBytes : sync === 'inline' ? Infinity : 0;
    return openForWriting({
      ...{ ...this.place, host: this.host, ownEpochs: this.ownEpochs, asFound: this.asWritten() },
      ...{ segmentBytes, inlineBytes, takeOver, log, admit },
    });
  }

  /**
   * The same log with all that stands in its files: also frames that no reader may see yet, because a newer writer has claimed the log
   * and has still to decide where it ends. For comparing logs; an exchange must not show them.
   */
  asWritten(): FoundLog['log'] {
    const { place } = this;
    return {
      shard: this.shard,
      head: async () => (await findEnd(place, undefined)).head,
      read: (from) => readFrames({ ...place, from, opening: true }),
    };
  }

  async evidence(): Promise<readonly Evidence[]> {
    return claimEvidence(this.files, this.folder);
  }

  async head(): Promise<number> {
    const last = readChain(this.files, this.folder).segments.at(-1);
    if (last === undefined) return 0;
    const own = liveWriter(this.files, this.folder);
    if (own?.epoch === last.epoch) return own.head;
    const from = this.index.before(last.file, Infinity)?.position ?? last.firstPosition;
    let head = from; // nothing may stand behind that place
    for await (const { firstPosition, count } of readFrames({ ...this.place, from })) head = firstPosition + count;
    return head;
  }

  read(from: number): AsyncIterable<EventBatch> {
    return readFrames({ ...this.place, from });
  }

  follow(from: number, signal: AbortSignal): AsyncIterable<EventBatch> {
    return readFrames({ ...this.place, from, signal });
  }

  readStream(stream: string, from = 0): AsyncIterable<RecordedEvent> {
    return eventsOfStream(this.read(from), stream, this.shard, from);
  }

  /** Every whole frame with its place, also what fenced writers left (`ignored`). Throws DamagedLogError when it comes to damage. */
  frames(): AsyncIterable<Frame> {
    return readFrames({ ...this.place, from: 0, ignored: true });
  }

  /** Reads and checks everything, changes nothing; damage is part of the report. */
  inspect(): Promise<LogReport> {
    return inspectLog(this.place);
  }

  /**
   * Ends the log before its first damage, which must be at this place; keeps what is cut off in `*.cut` files. `knownUntil`: how far the
   * log went, as far as that is known beside it.
   */
  repair(place: { readonly file: string; readonly byte: number }, knownUntil?: number): Promise<Repaired> {
    return repairLog({ ...this.place, host: this.host, knownUntil }, place);
  }

  private get place(): LogPlace {
    return { files: this.files, folder: this.folder, shard: this.shard, index: this.index };
  }
}
