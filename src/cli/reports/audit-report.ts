/** What an audit says: of one shard as a text or as JSON lines, and of all of them. */
import type { LogReport } from '../../../infra/embedded/inspection.js';
import type { LogAudit } from '../../../projections/audit/audit-batches.js';
import type { Finding } from '../../../projections/audit/findings.js';
import { anchorText } from '../../log/anchor.js';
import { positionText } from '../../log/position-text.js';
import type { NamedAnchor } from '../../app/anchors/anchors.js';
import { ExitCode } from '../../app/exit.js';
import type { Output } from '../terminal/output.js';
import { printable } from '../terminal/printable.js';
import { type Format, RowWriter } from '../terminal/rows.js';
import { grouped } from '../../app/grouped.js';
import { writeFields } from '../terminal/table.js';
import { waitingOf, waitingText } from '../../app/logs/waiting.js';

/** What the medium shows of itself, as far as an audit goes. */
export type Medium = Pick<LogReport, 'head' | 'segments' | 'tornTails' | 'repairs' | 'damage'> & {
  readonly isSeenFromOutside?: true;
};

export interface AuditedShard {
  readonly shard: number;
  readonly report: LogAudit;
  readonly medium: Medium;
  readonly notJudged: readonly string[];
}

export function exitCodeOf({ report, medium }: AuditedShard): number {
  if (report.isDamaged || medium.damage !== undefined || isLost(report)) return ExitCode.Damaged;
  return report.violationCount > 0 ? ExitCode.Violated : ExitCode.Fine;
}

function isLost({ countByCode }: LogAudit): boolean {
  return countByCode.has('LOG_LOST');
}

/** What to keep elsewhere; undefined for a log of which nothing or not all is known. */
function anchorOf(audited: AuditedShard): string | undefined {
  const { shard, report } = audited;
  if (report.eventCount === 0 || exitCodeOf(audited) === ExitCode.Damaged) return undefined;
  return anchorText({ shard, position: report.eventCount, digest: report.digest });
}

/** What the files themselves show: remains of crashes and of fenced writers, and damage among what does not count. */
function notesOf({ medium, report, notJudged }: AuditedShard): string[] {
  const { tornTails, segments, damage } = medium;
  const notes = tornTails.map(({ file, byte, frame, bytes, why }) => {
    return `torn tail: ${file}: frame ${frame} at byte ${byte}: ${why} (${bytes} bytes; the next writer cuts it back)`;
  });
  for (const { file, ignoredFrames, ignoredEvents } of segments) {
    if (ignoredFrames > 0)
      notes.push(`ignored: ${file}: ${ignoredFrames} frames, ${ignoredEvents} events of a fenced writer`);
  }
  if (damage !== undefined && !report.isDamaged) notes.push(`damaged: ${damage.message}`);
  const waiting = waitingOf(medium);
  const unjudged = [...(waiting === undefined ? [] : [waitingText(waiting)]), ...notJudged];
  return [...notes, ...unjudged.map((what) => `not judged: ${what}`)];
}

function summaryOf(audited: AuditedShard): object {
  const { report, medium, notJudged } = audited;
  const { countByCode, violationCount, noteCount, eventCount, batchCount, intentionCount, confirmedDealCount } = report;
  const { damage } = medium;
  return {
    ...{ events: eventCount, batches: batchCount, intentions: intentionCount, deals: confirmedDealCount },
    ...{ violations: violationCount, notes: noteCount, digest: report.digest },
    countByCode: Object.fromEntries(countByCode),
    damaged: report.isDamaged || damage !== undefined,
    damage: damage === undefined ? null : damagedAt(damage),
    tornTails: medium.tornTails,
    lost: isLost(report),
    anchor: anchorOf(audited) ?? null,
    waiting: waitingOf(medium) ?? null,
    notJudged,
  };
}

/** Where damage is, as JSON shows it. */
export function damagedAt({ file, frame, byte }: NonNullable<Medium['damage']>): object {
  return { file, frame, byte };
}

/** Of all that an audit prints as a record, whatever its kind. */
const fields = [
  ...['kind', 'shard', 'position', 'severity', 'code', 'invariant', 'message'],
  ...['events', 'batches', 'intentions', 'deals', 'violations', 'notes', 'digest', 'countByCode', 'damaged'],
  ...['damage.file', 'damage.frame', 'damage.byte', 'tornTails', 'lost', 'anchor', 'waiting', 'notJudged'],
  ...['shards', 'empty', 'exitCode'],
];

/** Prints what audits have found, shard after shard, and then of all of them. */
export class AuditPrinter {
  private readonly records: RowWriter<object>;

  constructor(
    private readonly out: Output,
    private readonly as: Format,
  ) {
    this.records = new RowWriter(out, as, { columns: [], fields });
  }

  /** What was found in a shard, and its summary; `shard` is named where there are several, `shown` is what positions are shown with. */
  async writeShard(
    audited: AuditedShard,
    { shard, shown }: { readonly shard: number | undefined; readonly shown?: number | undefined },
  ): Promise<void> {
    if (this.as === 'table') return writeText(this.out, audited, shard, shown);
    const findings = audited.report.findings.map((finding) => ({ kind: 'finding', shard, ...finding }));
    await this.records.write([...findings, { kind: 'summary', shard, ...summaryOf(audited) }]);
  }

  /**
   * Writes what there is to say of anchors of shards that were not read, and of all shards together, where there are several. Returns the
   * exit code.
   */
  async writeAll(all: AuditedMarket): Promise<number> {
    const { out, as, records } = this;
    const { shards, audited, elsewhere, isWhole, shardOf } = all;
    for (const anchor of elsewhere) {
      const { position, source } = anchor;
      const shard = shardOf(anchor);
      const why = isWhole ? `there is no shard ${shard} among ${shards.length}` : `shard ${shard} is not read`;
      const message = `${why}, so not the anchor ${anchorText({ ...anchor, shard })} of ${source}`;
      const finding = { kind: 'finding', shard, code: 'ANCHOR_NOT_HELD', severity: 'violation', position, message };
      if (as !== 'table') await records.write([isWhole ? finding : { kind: 'notJudged', shard, message }]);
      else await out.line(`${isWhole ? 'violation ANCHOR_NOT_HELD' : 'not judged'}: ${message}`);
    }
    const exitCode = worstOf(all);
    if (shards.length === 1) return exitCode;
    const read = new Set(audited.map(({ shard }) => shard));
    const empty = shards.filter((shard) => !read.has(shard));
    const events = sum(all, 'eventCount');
    const violations = sum(all, 'violationCount') + (isWhole ? elsewhere.length : 0);
    const notes = sum(all, 'noteCount');
    if (as !== 'table')
      await records.write([{ kind: 'all', shards: shards.length, empty, events, violations, notes, exitCode }]);
    else {
      if (empty.length > 0) await out.line(`empty: ${empty.map((shard) => `shard ${shard}`).join(', ')}`);
      const counts = `${grouped(events)} events, ${grouped(violations)} violations, ${grouped(notes)} notes`;
      await out.line(`all ${shards.length} shards: ${counts}: ${verdict(all, exitCode)}`);
    }
    return exitCode;
  }
}

async function writeText(
  out: Output,
  audited: AuditedShard,
  shard: number | undefined,
  shown: number | undefined,
): Promise<void> {
  const { report } = audited;
  if (shard !== undefined) await out.line(out.colors.bold(`shard ${shard}`));
  for (const finding of report.findings) await out.line(findingLine(out.colors, finding, shown));
  for (const [code, count] of report.countByCode) {
    const kept = report.findings.filter((finding) => finding.code === code).length;
    if (count > kept) await out.line(`and ${grouped(count - kept)} more ${code}`);
  }
  for (const note of notesOf(audited)) await out.line(printable(note));
  await writeFields(out, [
    ['events', grouped(report.eventCount)],
    ['batches', grouped(report.batchCount)],
    ['intentions', grouped(report.intentionCount)],
    ['deals confirmed', grouped(report.confirmedDealCount)],
    ['batch digest', report.digest],
    ['violations', grouped(report.violationCount)],
    ['notes', grouped(report.noteCount)],
    ['anchor', anchorOf(audited)],
    ['result', resultOf(audited)],
  ]);
  if (shard !== undefined) await out.line();
}

function findingLine(colors: Output['colors'], finding: Finding, shown: number | undefined): string {
  const { position, severity, code, invariant, message } = finding;
  const colored = severity === 'violation' ? colors.red(severity) : colors.yellow(severity);
  const broken = invariant === undefined ? '' : ` (${invariant})`;
  return `position ${positionText(position, shown)}: ${colored} ${code}${broken}: ${printable(message)}`;
}

/** All is well with a log that was read whole, and where all that lies beside it could be judged. */
function resultOf(audited: AuditedShard): string {
  const { report, medium, notJudged } = audited;
  switch (exitCodeOf(audited)) {
    case ExitCode.Damaged:
      return report.isDamaged || medium.damage !== undefined ? 'the log is damaged' : 'something of the log is gone';
    case ExitCode.Violated: {
      const isAnchor = report.violationCount === (report.countByCode.get('ANCHOR_NOT_HELD') ?? 0);
      return isAnchor ? 'the log does not hold what was expected of it' : 'the log breaks its rules';
    }
    default:
      if (report.eventCount === 0) return 'there is nothing in the log';
      return waitingOf(medium) === undefined && notJudged.length === 0
        ? 'all is well'
        : 'nothing is wrong with what could be read';
  }
}

/** The audits of all shards. */
export interface AuditedMarket {
  /** That were read, empty ones among them. */
  readonly shards: readonly number[];
  readonly audited: readonly AuditedShard[];
  /** Anchors of shards that were not read. */
  readonly elsewhere: readonly NamedAnchor[];
  /** Whether those shards would have been read if they existed. */
  readonly isWhole: boolean;
  readonly shardOf: (anchor: NamedAnchor) => number;
}

function worstOf({ audited, elsewhere, isWhole }: AuditedMarket): number {
  const codes = audited.map(exitCodeOf);
  return Math.max(ExitCode.Fine, ...codes, isWhole && elsewhere.length > 0 ? ExitCode.Violated : ExitCode.Fine);
}

function sum({ audited }: AuditedMarket, of: 'eventCount' | 'violationCount' | 'noteCount'): number {
  return audited.reduce((total, { report }) => total + report[of], 0);
}

function verdict({ audited }: AuditedMarket, exitCode: number): string {
  if (exitCode === ExitCode.Fine) {
    const isAll = audited.every((each) => resultOf(each) === 'all is well');
    return isAll ? 'all is well' : 'nothing is wrong with what could be read';
  }
  const bad = audited.filter((each) => exitCodeOf(each) !== ExitCode.Fine);
  const told = bad.map((each) => `shard ${each.shard}: ${resultOf(each)}`);
  return told.length === 0 ? 'the log does not hold what was expected of it' : told.join('; ');
}
