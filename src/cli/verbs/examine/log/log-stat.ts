import type { Command } from 'commander';
import type { LogReport } from '../../../../../infra/embedded/inspection.js';
import { catalogue } from '../../../../events/catalogue.js';
import type { ShardLog } from '../../../../log/port.js';
import type { LogTarget } from '../../../../app/logs/log-target.js';
import { readingMarket } from '../../../options/logs/with-market.js';
import { wholeLog } from '../../../../app/logs/whole-log.js';
import { eventLines } from '../../../reports/event-lines.js';
import { formatOf, type OutputOptions } from '../../../options/options.js';
import type { Output } from '../../../terminal/output.js';
import { RowWriter } from '../../../terminal/rows.js';
import { positionText } from '../../../../log/position-text.js';
import { grouped } from '../../../../app/grouped.js';
import { writeFields, writeTable } from '../../../terminal/table.js';
import { damagedAt } from '../../../reports/audit-report.js';
import { waitingOf, waitingText } from '../../../../app/logs/waiting.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';

export function logStatVerb(terminal: Terminal): Command {
  return new Verb('stat')
    .description(
      'Reads and checks every frame of the log, and tells what it is made of, shard after shard where there are several. Exit code 4 if ' +
        'it is damaged.',
    )
    .logOptions()
    .outputOptions('one JSON object a shard')
    .examples(['parley log stat', 'segments, frames, events by type'])
    .action(async (options: OutputOptions, command: Command) => {
      const as = formatOf(options);
      const records = new RowWriter(terminal.out, as, { columns: [], fields });
      await readingMarket(terminal, command, async (market) => {
        let isFirst = true;
        for await (const log of market.all()) {
          const [contents, medium] = await examine(terminal, await market.target(log.shard), log);
          if (as !== 'table') await records.write([{ ...contentsJson(contents), ...mediumJson(medium) }]);
          else {
            if (!isFirst) await terminal.out.line();
            await writeReport(terminal, contents, medium, market.shown(log.shard));
          }
          if (medium?.damage !== undefined) throw medium.damage;
          isFirst = false;
        }
      });
    });
}

async function examine(
  terminal: Terminal,
  target: LogTarget,
  log: ShardLog,
): Promise<[Contents, LogReport | undefined]> {
  const medium = await target.inspect();
  const contents = await countEvents(terminal, log, medium?.head ?? (await log.head()));
  return [{ ...contents, epoch: medium?.epoch ?? contents.epoch }, medium];
}

/** What any log is made of. */
interface Contents {
  readonly shard: number;
  readonly head: number;
  readonly batches: number;
  /** The newest writer's; of one that never wrote, only some media know. */
  readonly epoch: number;
  readonly byType: ReadonlyMap<string, number>;
}

/** Counts up to the head or the damage. */
function countEvents(terminal: Terminal, log: ShardLog, head: number): Promise<Contents> {
  return terminal.withProgress('counting events', 'events', async (update) => {
    const byType = new Map<string, number>();
    let batches = 0;
    let epoch = 0;
    for await (const batch of head === 0 ? [] : wholeLog(log, head).read(0)) {
      for (const line of eventLines(batch, log.shard)) {
        byType.set(line.type, (byType.get(line.type) ?? 0) + 1);
        if (line.type === 'ShardStarted') epoch = line.epoch;
      }
      batches++;
      update(batch.firstPosition, head);
      if (batch.firstPosition + batch.count >= head) break;
    }
    return { shard: log.shard, head, batches, epoch, byType };
  });
}

function totalsOf({ segments }: LogReport) {
  const sum = (of: 'frames' | 'bytes' | 'ignoredFrames'): number =>
    segments.reduce((total, segment) => total + segment[of], 0);
  return { frames: sum('frames'), bytes: sum('bytes'), ignoredFrames: sum('ignoredFrames') };
}

function contentsJson({ shard, head, batches, epoch, byType }: Contents): object {
  return { shard, head, events: head, batches, epoch, eventsByType: Object.fromEntries(byType) };
}

/** Of a record: each type of event has its own, and so has each segment’s and torn tail’s part. */
const fields = [
  ...['shard', 'head', 'events', 'batches', 'epoch', 'frames', 'bytes', 'ignoredFrames'],
  ...catalogue.map(({ type }) => `eventsByType.${type}`),
  ...['file', 'epoch', 'firstPosition', 'frames', 'events', 'bytes'].map((name) => `segments.${name}`),
  ...['file', 'frame', 'byte', 'bytes', 'why'].map((name) => `tornTails.${name}`),
  ...['frames', 'events', 'bytes', 'epoch'].map((name) => `waiting.${name}`),
  ...['file', 'frame', 'byte', 'message'].map((name) => `damage.${name}`),
];

function mediumJson(report: LogReport | undefined): object {
  if (report === undefined) return {};
  const { segments, tornTails, damage } = report;
  const waiting = waitingOf(report);
  return {
    ...totalsOf(report),
    ...{ segments, tornTails, ...(waiting === undefined ? {} : { waiting }) },
    damage: damage === undefined ? null : { ...damagedAt(damage), message: damage.message },
  };
}

async function writeReport(
  { out }: Terminal,
  contents: Contents,
  medium: LogReport | undefined,
  shown: number | undefined,
): Promise<void> {
  const { shard, head, batches, epoch, byType } = contents;
  await writeFields(out, [
    ['shard', String(shard)],
    ['positions', head === 0 ? 'none' : `${positionText(0, shown)} to ${positionText(head - 1, shown)}`],
    ['events', grouped(head)],
    ['batches', grouped(batches)],
    ...(medium === undefined ? [] : mediumFields(medium)),
    ['newest epoch', String(epoch)],
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
  if (medium !== undefined) await writeSegments(out, medium);
}

function mediumFields(medium: LogReport): readonly (readonly [string, string | undefined])[] {
  const { frames, bytes, ignoredFrames } = totalsOf(medium);
  const { segments, tornTails } = medium;
  const waiting = waitingOf(medium);
  return [
    ['frames', grouped(frames)],
    ['bytes', grouped(bytes)],
    ['segments', grouped(segments.length)],
    ['ignored frames', `${grouped(ignoredFrames)}${ignoredFrames > 0 ? ', left by fenced writers' : ''}`],
    ['waiting', waiting === undefined ? undefined : waitingText(waiting)],
    ['torn tails', tornTails.length === 0 ? 'none' : undefined],
    ...tornTails.map(({ file, byte, bytes: torn, why }) => {
      return ['torn tail', `${file} at byte ${byte}, ${torn} bytes: ${why}`] as const;
    }),
  ];
}

async function writeSegments(out: Output, { segments }: LogReport): Promise<void> {
  await out.line();
  await writeTable(
    out,
    [
      { head: 'segment', value: ({ file }) => file },
      { head: 'epoch', value: ({ epoch: number }) => String(number), align: 'right' },
      { head: 'first position', value: ({ firstPosition }) => String(firstPosition), align: 'right' },
      { head: 'frames', value: (segment) => grouped(segment.frames), align: 'right' },
      { head: 'events', value: (segment) => grouped(segment.events), align: 'right' },
      { head: 'bytes', value: (segment) => grouped(segment.bytes), align: 'right' },
    ],
    segments,
  );
}
