import { Command } from 'commander';
import type { LogReport } from '../../infra/embedded/inspection.js';
import type { AuditReport } from '../../projections/audit/audit-fold.js';
import { auditLog } from '../../projections/audit/audit-log.js';
import type { Finding } from '../../projections/audit/findings.js';
import type { ShardLog } from '../log/port.js';
import { addLogOptions } from './log-place/log-options.js';
import { readingPlace } from './log-place/place.js';
import { dataOption, type DataOptions, examples, jsonOption, type JsonOptions } from './options.js';
import { ExitCode } from './terminal/exit.js';
import { grouped, printable, writeFields } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

interface AuditOptions extends DataOptions, JsonOptions {}

export function auditVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('audit'))
    .summary('checks the whole log')
    .description(
      'Checks frames, digests, streams, the protocol and its invariants over the whole log, and prints each finding with its position. ' +
        'A violation makes the exit code 3, damage makes it 4; notes, such as a tail torn by a crash, do not.',
    )
    .addOption(dataOption())
    .addOption(jsonOption('each finding as a JSON object, then one with the summary'))
    .addHelpText(
      'after',
      examples(
        ['parley audit', 'prints what it finds, and a summary'],
        ['parley audit --log kafka --brokers localhost:9092 --shard 1', 'of a log in Kafka'],
        ['parley audit --json | jq select(.kind=="finding")', 'for a program'],
      ),
    )
    .action(async (options: AuditOptions, command: Command) => {
      const { report, medium } = await readingPlace(terminal, command, async (place) => {
        const log = await place.existingLog();
        const shown = (await place.inspect()) ?? (await seenFromOutside(log));
        return { report: await auditWithProgress(terminal, log, shown.head), medium: shown };
      });
      await (options.json === true ? writeJson(terminal, report, medium) : writeText(terminal, report, medium));
      terminal.exitCode = exitCodeOf(report, medium);
    });
}

/** What the medium shows of itself, as far as this verb goes. */
type Medium = Pick<LogReport, 'head' | 'segments' | 'tornTails' | 'damage'>;

/** A medium that another program looks after shows no frames. */
async function seenFromOutside(log: ShardLog): Promise<Medium> {
  return { head: await log.head(), segments: [], tornTails: [], damage: undefined };
}

async function auditWithProgress(terminal: Terminal, log: ShardLog, head: number): Promise<AuditReport> {
  const progress = terminal.progress('auditing', 'events');
  try {
    const onProgress = (position: number): void => {
      terminal.throwIfStopped();
      progress.update(position, head);
    };
    return await auditLog(log, { onProgress });
  } finally {
    progress.stop();
  }
}

function exitCodeOf(report: AuditReport, medium: Medium): number {
  if (report.isDamaged || medium.damage !== undefined) return ExitCode.Damaged;
  return report.violationCount > 0 ? ExitCode.Violated : ExitCode.Fine;
}

/** What the files themselves show: remains of crashes and of fenced writers, and damage among what does not count. */
function notesOf({ tornTails, segments, damage }: Medium, { isDamaged }: AuditReport): string[] {
  const notes = tornTails.map(({ file, byte, frame, bytes, why }) => {
    return `torn tail: ${file}: frame ${frame} at byte ${byte}: ${why} (${bytes} bytes; the next writer cuts it back)`;
  });
  for (const { file, ignoredFrames, ignoredEvents } of segments) {
    if (ignoredFrames > 0)
      notes.push(`ignored: ${file}: ${ignoredFrames} frames, ${ignoredEvents} events of a fenced writer`);
  }
  if (damage !== undefined && !isDamaged) notes.push(`damaged: ${damage.message}`);
  return notes;
}

function summaryOf(report: AuditReport, medium: Medium): object {
  const { countByCode, violationCount, noteCount, eventCount, batchCount, intentionCount, confirmedDealCount } = report;
  const { damage } = medium;
  return {
    ...{ events: eventCount, batches: batchCount, intentions: intentionCount, deals: confirmedDealCount },
    ...{ violations: violationCount, notes: noteCount, digest: report.digest },
    countByCode: Object.fromEntries(countByCode),
    damaged: report.isDamaged || damage !== undefined,
    damage: damage === undefined ? null : { file: damage.file, frame: damage.frame, byte: damage.byte },
    tornTails: medium.tornTails,
  };
}

async function writeJson({ out }: Terminal, report: AuditReport, medium: Medium): Promise<void> {
  for (const finding of report.findings) await out.json({ kind: 'finding', ...finding });
  await out.json({ kind: 'summary', ...summaryOf(report, medium) });
}

async function writeText({ out }: Terminal, report: AuditReport, medium: Medium): Promise<void> {
  for (const finding of report.findings) await out.line(findingLine(out.colors, finding));
  for (const [code, count] of report.countByCode) {
    const kept = report.findings.filter((finding) => finding.code === code).length;
    if (count > kept) await out.line(`and ${grouped(count - kept)} more ${code}`);
  }
  for (const note of notesOf(medium, report)) await out.line(note);
  await writeFields(out, [
    ['events', grouped(report.eventCount)],
    ['batches', grouped(report.batchCount)],
    ['intentions', grouped(report.intentionCount)],
    ['deals confirmed', grouped(report.confirmedDealCount)],
    ['batch digest', report.digest],
    ['violations', grouped(report.violationCount)],
    ['notes', grouped(report.noteCount)],
    ['result', resultOf(report, medium)],
  ]);
}

function findingLine(colors: Terminal['out']['colors'], finding: Finding): string {
  const { position, severity, code, invariant, message } = finding;
  const colored = severity === 'violation' ? colors.red(severity) : colors.yellow(severity);
  const broken = invariant === undefined ? '' : ` (${invariant})`;
  return `position ${position}: ${colored} ${code}${broken}: ${printable(message)}`;
}

function resultOf(report: AuditReport, medium: Medium): string {
  switch (exitCodeOf(report, medium)) {
    case ExitCode.Damaged:
      return 'the log is damaged';
    case ExitCode.Violated:
      return 'the log breaks its rules';
    default:
      return 'all is well';
  }
}
