import { Command } from 'commander';
import type { LogReport } from '../../infra/embedded/inspection.js';
import type { EmbeddedLog } from '../../infra/embedded/embedded-log.js';
import { DataFolder } from './data-folder.js';
import { eventLines } from './event-lines.js';
import { dataOption, type DataOptions, examples, jsonOption, type JsonOptions } from './options.js';
import { grouped, writeFields, writeTable } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

interface StatOptions extends DataOptions, JsonOptions {}

export function logStatVerb(terminal: Terminal): Command {
  return new Command('stat')
    .summary('tells what the log is made of')
    .description('Reads and checks every frame of the log, and tells what it is made of. Exit code 4 if it is damaged.')
    .addOption(dataOption())
    .addOption(jsonOption('one JSON object'))
    .addHelpText('after', examples(['parley log stat', 'segments, frames, events by type']))
    .action(async (options: StatOptions) => {
      const log = await new DataFolder(options.data).existingLog();
      const report = await terminal.interruptible(log.inspect());
      const byType = await countEvents(terminal, log, report);
      if (options.json === true) await terminal.out.json(asJson(report, byType));
      else await writeReport(terminal, report, byType);
      if (report.damage !== undefined) throw report.damage;
    });
}

/** Events by type, up to the head or the damage. */
async function countEvents(
  terminal: Terminal,
  log: EmbeddedLog,
  { head }: LogReport,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const progress = terminal.progress('counting events', 'events');
  try {
    if (head === 0) return counts;
    for await (const batch of log.read(0)) {
      terminal.throwIfStopped();
      for (const { type } of eventLines(batch, log.shard)) counts.set(type, (counts.get(type) ?? 0) + 1);
      progress.update(batch.firstPosition, head);
      if (batch.firstPosition + batch.count >= head) break;
    }
    return counts;
  } finally {
    progress.stop();
  }
}

interface Totals {
  readonly frames: number;
  readonly bytes: number;
  readonly ignoredFrames: number;
}

function totalsOf({ segments }: LogReport): Totals {
  const sum = (of: 'frames' | 'bytes' | 'ignoredFrames'): number =>
    segments.reduce((total, segment) => total + segment[of], 0);
  return { frames: sum('frames'), bytes: sum('bytes'), ignoredFrames: sum('ignoredFrames') };
}

function asJson(report: LogReport, byType: ReadonlyMap<string, number>): object {
  const { shard, head, epoch, segments, tornTails, damage } = report;
  const { frames, bytes, ignoredFrames } = totalsOf(report);
  return {
    ...{ shard, head, events: head, frames, bytes, epoch, ignoredFrames },
    eventsByType: Object.fromEntries(byType),
    ...{ segments, tornTails },
    damage: damage === undefined ? null : { ...placeOf(damage), message: damage.message },
  };
}

function placeOf({ file, frame, byte }: NonNullable<LogReport['damage']>): object {
  return { file, frame, byte };
}

async function writeReport(terminal: Terminal, report: LogReport, byType: ReadonlyMap<string, number>): Promise<void> {
  const { out } = terminal;
  const { shard, head, epoch, segments, tornTails } = report;
  const { frames, bytes, ignoredFrames } = totalsOf(report);
  await writeFields(out, [
    ['shard', String(shard)],
    ['positions', head === 0 ? 'none' : `0 to ${grouped(head - 1)}`],
    ['events', grouped(head)],
    ['frames', grouped(frames)],
    ['bytes', grouped(bytes)],
    ['segments', grouped(segments.length)],
    ['newest epoch', String(epoch)],
    ['ignored frames', `${grouped(ignoredFrames)}${ignoredFrames > 0 ? ', left by fenced writers' : ''}`],
    ['torn tails', tornTails.length === 0 ? 'none' : undefined],
    ...tornTails.map(
      (tail) => ['torn tail', `${tail.file} at byte ${tail.byte}, ${tail.bytes} bytes: ${tail.why}`] as const,
    ),
  ]);
  await out.line();
  await writeTable(
    out,
    [
      { head: 'events by type', value: ([type]) => type },
      { head: 'count', value: ([, count]) => grouped(count), align: 'right' },
    ],
    [...byType].sort(([, one], [, other]) => other - one),
  );
  await out.line();
  await writeTable(
    out,
    [
      { head: 'segment', value: ({ file }) => file },
      { head: 'epoch', value: ({ epoch: number }) => String(number), align: 'right' },
      { head: 'first position', value: ({ firstPosition }) => grouped(firstPosition), align: 'right' },
      { head: 'frames', value: (segment) => grouped(segment.frames), align: 'right' },
      { head: 'events', value: (segment) => grouped(segment.events), align: 'right' },
      { head: 'bytes', value: (segment) => grouped(segment.bytes), align: 'right' },
    ],
    segments,
  );
}
