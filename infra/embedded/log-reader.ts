/**
 * One walk over a log: from a position on, frame by frame, through its segments, up to the head, or on as the log grows.
 *
 * Owns: the open segment. `take` gives the next frame that is at hand and never waits; `advance` does what must come before the
 * one after it: reads the disk, goes to the next segment, waits for growth, or finds that this is the end.
 *
 * 1. Frames come in the order of the log, each one once, each one whole; every payload that is given out matches its CRC.
 * 2. Where this process has the writer, nothing past its durable head is given out or even looked at.
 * 3. Where another process has it, whole frames are given out, but not one at the very end of the file while a newer epoch's claim
 *    is there that does not note where its writer went on: it may have been written after that claim, unseen by the newer writer.
 *    Whatever that writer decides, all before this one frame is in the log, for a writer begins no frame once it can see a newer claim
 *    (writer.ts).
 * 4. A walk that follows a log finds out when what it has given out is no longer there, as soon as it looks for more in vain.
 * 5. A segment that is not the last must reach its end exactly. What follows there is what a fenced writer left (whole frames, then
 *    perhaps a torn one), or damage.
 */
import { DamagedLogError, LogLostError } from '../../src/log/port.js';
import { readChain, segmentFor, type Chain, type Segment } from './segments/segments.js';
import { isBeingDecided } from './claims/claim.js';
import { errorCode } from '../../src/log/message-of.js';
import { LogWatcher } from './log-watcher.js';
import { SPACING_BYTES } from './segments/sparse-index.js';
import type { LogPlace } from './log-place.js';
import { liveWriter, type LiveWriter } from './claims/live-writers.js';
import { SegmentReader, type Frame, type Step } from './segments/segment-reader.js';
import { examineTail, type TornTail } from './segments/tail.js';

export interface LogReaderOptions extends LogPlace {
  readonly from: number;
  /** Goes on as the log grows, until aborted. */
  readonly signal?: AbortSignal;
  /** Gives out what fenced writers left too, marked as ignored. */
  readonly ignored?: boolean;
  /** Looks at all there is, durable and decided or not: for the writer that is being opened and decides. */
  readonly opening?: boolean;
  /** Hears of a frame that is not given out because a newer writer has still to decide on it (invariant 3). */
  readonly onUndecided?: (frame: Frame) => void;
  /** Hears of torn tails: a fenced writer's, or that of a log which no writer has opened since the crash. */
  readonly onTorn?: (tail: TornTail) => void;
}

/** Whole frames, the first one that which holds `from`. Throws DamagedLogError when it comes to damage. */
export async function* readFrames(options: LogReaderOptions): AsyncGenerator<Frame, void, void> {
  const { signal } = options;
  const state = new LogReader(options);
  try {
    do {
      for (let frame = state.take(); frame !== undefined; frame = state.take()) {
        yield frame;
        if (signal?.aborted === true) return;
      }
    } while ((await state.advance()) && signal?.aborted !== true);
  } finally {
    state.close();
  }
}

class LogReader {
  private readonly options: LogReaderOptions;
  private readonly growth: LogWatcher | undefined;
  private chain: Chain;
  private scan: SegmentReader | undefined;
  /** What the chain says of the open segment now; its end may have come since it was opened. */
  private segment: Segment | undefined;
  /** What ends before this position is not wanted, or has been given out. */
  private from: number;
  /** Where to stop in the open segment: its end when `sealed`, else the head as far as that is known. */
  private until = 0;
  private sealed = false;
  /** Behind the segment's end, among what a fenced writer left. */
  private ignoring = false;
  private stopped: Exclude<Step, 'frame'> | 'undecided' = 'short';
  private nextNoteByte = 0;
  /** Where the frame ends that was last found undecided. */
  private undecidedEnd = 0;
  /** What was seen of the file's end when the walk last rested there: twice its byte, and one more where a frame has been begun. */
  private seen = 0;

  constructor(options: LogReaderOptions) {
    this.options = options;
    this.from = options.from;
    this.growth = options.signal === undefined ? undefined : new LogWatcher(options.folder, options.signal);
    this.chain = readChain(options.files, options.folder);
  }

  take(): Frame | undefined {
    const { scan } = this;
    if (scan === undefined) return undefined;
    if (this.ignoring) return this.takeIgnored(scan);
    while (scan.nextPosition < this.until) {
      const step = scan.step(this.from);
      if (step !== 'frame') {
        this.stopped = step;
        return undefined;
      }
      if (this.isUndecided(scan)) {
        this.options.onUndecided?.(scan.current(false));
        this.undecidedEnd = scan.nextByte;
        scan.stepBack();
        this.stopped = 'undecided';
        return undefined;
      }
      if (scan.nextPosition > this.until) {
        scan.stepBack();
        throw damage(scan, `the frame goes past position ${this.until}`);
      }
      if (scan.nextByte >= this.nextNoteByte) this.noteInIndex(scan);
      if (scan.nextPosition > this.from) return scan.current(false);
    }
    return undefined;
  }

  /** False at the end. */
  async advance(): Promise<boolean> {
    const { scan } = this;
    if (scan === undefined) return this.start();
    if (!this.ignoring && scan.nextPosition >= this.until) return this.sealed ? this.endSegment(scan) : this.rest();
    if (this.stopped === 'undecided') return this.rest();
    if (this.stopped === 'short' && (await scan.fill()) > 0) return true;
    if (this.stopped === 'unwritten' && scan.isWritten()) return this.readAgain(scan);
    if (this.stopped === 'unwritten' && this.isAtHead && this.growth !== undefined) return this.rest();
    return this.endFile(scan);
  }

  close(): void {
    this.leave();
    this.growth?.close();
  }

  private takeIgnored(scan: SegmentReader): Frame | undefined {
    for (;;) {
      const step = scan.step();
      if (step === 'frame' && this.options.ignored === true) return scan.current(true);
      if (step === 'frame') continue;
      this.stopped = step;
      return undefined;
    }
  }

  /** Invariant 3. */
  private isUndecided(scan: SegmentReader): boolean {
    if (this.until !== Number.POSITIVE_INFINITY || !scan.isBufferUsedUp || this.options.opening === true) return false;
    const { files, folder } = this.options;
    return !scan.isWritten() && isBeingDecided(files, folder, scan.segment.epoch, scan.nextPosition);
  }

  private start(): boolean | Promise<boolean> {
    const { segments } = this.chain;
    const segment = this.options.ignored === true ? segments[0] : segmentFor(this.chain, this.from);
    return segment === undefined ? this.rest() : this.enter(segment);
  }

  /** The segment has been read up to its end. */
  private endSegment(scan: SegmentReader): boolean {
    if (this.segment?.empty === true || scan.nextByte === scan.fileBytes) return this.enterNext(scan.segment);
    if (this.segment?.fenced !== true) throw damage(scan, 'more follows, though the log goes on in another file');
    this.ignoring = true;
    return true;
  }

  /** The file holds no whole frame more, as yet. */
  private endFile(scan: SegmentReader): boolean | Promise<boolean> {
    const tail = examineTail(scan, this.ignoring);
    if (tail === 'whole') return this.readAgain(scan);
    if (tail !== undefined && (this.ignoring || this.growth === undefined)) this.options.onTorn?.(tail);
    if (this.ignoring) return this.enterNext(scan.segment);
    if (this.isAtHead) return this.rest();
    if (!this.sealed) this.refresh(); // the writer is past this place: it must have rolled to another file
    if (this.sealed && scan.nextPosition >= this.until) return true;
    throw damage(scan, tail?.why ?? `the positions from ${scan.nextPosition} to ${this.until - 1} are missing`);
  }

  /** Whether the walk is where the log goes on, as far as files tell. */
  private get isAtHead(): boolean {
    return !this.ignoring && !this.sealed && this.until === Number.POSITIVE_INFINITY;
  }

  /** The buffer was filled before the file had what it has now. */
  private readAgain(scan: SegmentReader): true {
    scan.goTo(scan.place);
    return true;
  }

  /** There is no more for now. */
  private async rest(): Promise<boolean> {
    if (this.growth === undefined) return false;
    const own = this.ownWriter(this.scan?.segment);
    if (this.noticeGrowth(own)) return true;
    await this.growth.wait(own);
    if (!this.noticeGrowth(own)) this.refresh();
    return true;
  }

  /** Whether the open file has more than when it was last looked at: cheaper to see than whether there are other files. */
  private noticeGrowth(own: LiveWriter | undefined): boolean {
    if (this.scan === undefined) return false;
    const before = own === undefined ? this.seen : this.until;
    if (own === undefined) this.seen = this.lookBehind(this.scan);
    else this.until = own.head;
    return before < (own === undefined ? this.seen : this.until);
  }

  private lookBehind(scan: SegmentReader): number {
    const end = Math.max(this.undecidedEnd, scan.nextByte);
    return 2 * end + (scan.isWritten(end) ? 1 : 0);
  }

  /** Looks again at what there is, after it may have grown. */
  private refresh(): void {
    this.mustStand();
    this.chain = readChain(this.options.files, this.options.folder);
    const file = this.scan?.segment.file;
    if (file === undefined) return;
    const segment = this.chain.segments.find((one) => one.file === file && !one.empty);
    if (segment === undefined) this.leave();
    else this.bound(segment);
  }

  /** What has been given out of the open segment must still be there, under its name. */
  private mustStand(): void {
    const { scan } = this;
    if (scan === undefined || scan.nextPosition === scan.segment.firstPosition) return;
    const { files } = this.options;
    const named = files.fileAt(scan.segment.path);
    if (named?.file === files.fileOf(scan.fd) && named.bytes >= scan.nextByte) return;
    throw new LogLostError(`${scan.segment.path} was removed, replaced or cut from outside while it was followed`);
  }

  private enterNext({ file }: Segment): boolean {
    const next = this.chain.segments[1 + this.chain.segments.findIndex((segment) => segment.file === file)];
    return next !== undefined && this.enter(next);
  }

  /** Opens a segment at the last place known there that is not past what is wanted. */
  private enter(segment: Segment): boolean {
    this.leave();
    try {
      this.scan = SegmentReader.open(this.options.files, segment, this.options.shard);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      this.chain = readChain(this.options.files, this.options.folder); // an empty one whose writer was fenced as it opened
      return true;
    }
    const place = this.options.index.before(segment.file, this.from);
    if (place !== undefined) this.scan.goTo(place);
    this.bound(segment);
    return true;
  }

  private bound(segment: Segment): void {
    this.segment = segment;
    this.sealed = segment.end !== undefined;
    this.until = segment.end ?? this.ownWriter(segment)?.head ?? Number.POSITIVE_INFINITY;
  }

  private ownWriter(segment: Segment | undefined): LiveWriter | undefined {
    if (this.options.opening === true) return undefined;
    const writer = liveWriter(this.options.files, this.options.folder);
    return segment === undefined || writer?.epoch === segment.epoch ? writer : undefined;
  }

  private noteInIndex(scan: SegmentReader): void {
    const { byte, frame, position } = scan.place;
    this.options.index.note(scan.segment.file, byte, frame, position);
    this.nextNoteByte = byte + SPACING_BYTES;
  }

  /** Closes the segment, having given out all of it up to where it stands. */
  private leave(): void {
    const { scan } = this;
    if (scan === undefined) return;
    const position = this.ignoring ? this.until : scan.nextPosition;
    if (this.segment?.empty !== true) this.from = Math.max(this.from, position);
    this.ignoring = false;
    this.nextNoteByte = 0;
    this.undecidedEnd = 0;
    this.seen = 0;
    this.scan = undefined;
    scan.close();
  }
}

function damage(scan: SegmentReader, what: string): DamagedLogError {
  return new DamagedLogError(what, { file: scan.segment.file, ...scan.place });
}
