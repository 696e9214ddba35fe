/** What a log is made of, for tools: nothing is changed, and damage is part of the answer. */
import { DamagedLogError } from '../../src/log/port.js';
import { readChain, type Segment } from './segments/segments.js';
import { HEADER_BYTES } from './format.js';
import { type NotedRepair, repairsIn } from './claims/noted-repairs.js';
import type { Frame } from './segments/segment-reader.js';
import type { TornTail } from './segments/tail.js';
import { readFrames, type LogReaderOptions } from './log-reader.js';

export interface SegmentReport {
  readonly file: string;
  readonly epoch: number;
  readonly firstPosition: number;
  /** Of the whole frames that count for the log. */
  frames: number;
  events: number;
  /** Bytes of the header and of all whole frames. */
  bytes: number;
  /** Of whole frames left by a writer that had been fenced: no part of the log. */
  ignoredFrames: number;
  ignoredEvents: number;
}

/** Whole frames that no reader is shown yet: a newer writer has claimed the log, and has still to decide where it ends. */
export interface WaitingFrames {
  readonly frames: number;
  readonly events: number;
  /** Headers included. */
  readonly bytes: number;
  /** That of the newest claim. */
  readonly epoch: number;
}

export interface LogReport {
  readonly shard: number;
  /** Position after the last event before the end or the damage. */
  readonly head: number;
  /** The newest epoch that has been claimed; 0 where there is none. */
  readonly epoch: number;
  /** Of those segments that could be read, in the order of the log. */
  readonly segments: readonly SegmentReport[];
  /** What a crash left: at most one of them at the head, which the next writer cuts back, others behind a fenced writer's frames. */
  readonly tornTails: readonly TornTail[];
  readonly waiting: WaitingFrames | undefined;
  /** What the claims note of repairs, the oldest first. */
  readonly repairs: readonly NotedRepair[];
  /** The first damage; what comes after it was not read. */
  readonly damage: DamagedLogError | undefined;
}

/** Reads and checks everything. */
export async function inspectLog(options: Omit<LogReaderOptions, 'from' | 'signal' | 'ignored'>): Promise<LogReport> {
  const reports = new Map<string, SegmentReport>();
  const tornTails: TornTail[] = [];
  let head = 0;
  let epoch = 0;
  let waiting: WaitingFrames | undefined;
  let damage: DamagedLogError | undefined;
  try {
    const chain = readChain(options.files, options.folder);
    epoch = chain.epoch;
    for (const segment of chain.segments) reports.set(segment.file, emptyReport(segment));
    const onTorn = (tail: TornTail): unknown => tornTails.push(tail);
    const onUndecided = ({ count: events, frameBytes: bytes }: Frame): void => {
      waiting = { frames: 1, events, bytes, epoch };
    };
    for await (const frame of readFrames({ ...options, from: 0, ignored: true, onTorn, onUndecided })) {
      const report = reports.get(frame.file);
      if (report !== undefined) count(report, frame);
      if (!frame.ignored) head = frame.firstPosition + frame.count;
    }
  } catch (error) {
    if (!(error instanceof DamagedLogError)) throw error;
    damage = error;
  }
  const repairs = repairsIn(options.files, options.folder);
  return { shard: options.shard, head, epoch, segments: [...reports.values()], tornTails, waiting, repairs, damage };
}

function emptyReport({ file, epoch, firstPosition }: Segment): SegmentReport {
  const none = { frames: 0, events: 0, bytes: HEADER_BYTES, ignoredFrames: 0, ignoredEvents: 0 };
  return { file, epoch, firstPosition, ...none };
}

function count(report: SegmentReport, frame: Frame): void {
  report.bytes += frame.frameBytes;
  if (frame.ignored) {
    report.ignoredFrames++;
    report.ignoredEvents += frame.count;
  } else {
    report.frames++;
    report.events += frame.count;
  }
}
