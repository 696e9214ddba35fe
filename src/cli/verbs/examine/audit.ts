import type { Command } from 'commander';
import { auditLog } from '../../../../projections/audit/audit-log.js';
import { LogLostError, type ShardLog } from '../../../log/port.js';
import { anchorsOf, type NamedAnchor } from '../../../app/anchors/anchors.js';
import { anchorOption } from '../../options/anchor-option.js';
import { AuditPrinter, type AuditedShard, type Medium } from '../../reports/audit-report.js';
import { judge } from '../../../app/logs/judge.js';
import type { LogTarget } from '../../../app/logs/log-target.js';
import { type ReadMarket } from '../../../app/logs/market.js';
import { readingMarket } from '../../options/logs/with-market.js';
import { NoLogError } from '../../../app/logs/no-log.js';
import { repairsTold } from '../../reports/repairs.js';
import { formatOf, type OutputOptions } from '../../options/options.js';
import { usage } from '../../../app/exit.js';
import type { Format } from '../../terminal/rows.js';
import { withPlainReasons } from '../../system-errors.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface AuditOptions extends OutputOptions {
  readonly expect?: readonly string[];
}

export function auditVerb(terminal: Terminal): Command {
  return new Verb('audit')
    .description(
      'Checks frames, digests, streams, the protocol and its invariants over the whole log, and prints each finding with its position; ' +
        'of several shards, one report after the other. A violation makes the exit code 3; damage, and a log that does not hold what ' +
        'its own claims, snapshots or query stores know of, make it 4; notes, such as a tail torn by a crash, do not. The anchor that ' +
        'it prints is to be kept elsewhere: with --expect it finds out later whether the log was rolled back or replaced, which the ' +
        'log itself cannot show.',
    )
    .addOption(
      anchorOption(
        '--expect <anchor|file>',
        'what the log must hold: [SHARD/]POSITION:DIGEST, or a file of such lines',
      ),
    )
    .logOptions()
    .outputOptions('each finding as a JSON object, then one with the summary')
    .examples(
      ['parley audit', 'prints what it finds, and a summary'],
      ['parley audit --log kafka --brokers localhost:9092 --shard 1', 'of a log in Kafka'],
      ['parley audit --expect anchors.txt', 'holds the log against anchors that were kept'],
      [`parley audit --json | jq 'select(.kind == "finding")'`, 'for a program'],
    )
    .action(async (options: AuditOptions, command: Command) => {
      const anchors = anchorsOf(options.expect ?? [], (text) => terminal.warn(text));
      terminal.exitCode = await readingMarket(terminal, command, (market) =>
        auditMarket(terminal, market, anchors, formatOf(options)),
      );
    });
}

/** Audits and prints shard after shard. Returns the worst exit code. */
async function auditMarket(
  terminal: Terminal,
  market: ReadMarket,
  anchors: readonly NamedAnchor[],
  as: Format,
): Promise<number> {
  const [first = 0] = market.shards;
  const shardOf = ({ shard }: NamedAnchor): number => shard ?? (market.isSharded ? 0 : first);
  const elsewhere = anchors.filter((anchor) => !market.shards.includes(shardOf(anchor)));
  if (!market.isWhole && elsewhere.length > 0 && elsewhere.length === anchors.length) {
    throw usage(`none of the anchors is of shard ${first}, which is all that is read`);
  }
  const printer = new AuditPrinter(terminal.out, as);
  const audited: AuditedShard[] = [];
  let missing: NoLogError | undefined;
  for (const shard of market.shards) {
    const own = anchors.filter((anchor) => shardOf(anchor) === shard);
    const target = await market.target(shard);
    const found = await auditShard(terminal, target, own);
    if (found instanceof NoLogError) {
      missing ??= found;
      continue;
    }
    audited.push(found);
    await printer.writeShard(found, { shard: market.isSharded ? shard : undefined, shown: market.shown(shard) });
  }
  if (audited.length === 0 && missing !== undefined) throw missing;
  const all = { shards: market.shards, audited, elsewhere, isWhole: market.isWhole, shardOf };
  return printer.writeAll(all);
}

/** NoLogError where there is nothing, and nothing is known of what there was. */
async function auditShard(
  terminal: Terminal,
  target: LogTarget,
  anchors: readonly NamedAnchor[],
): Promise<AuditedShard | NoLogError> {
  const { shard } = target.settings;
  const opened = await existing(target);
  if (opened instanceof NoLogError && anchors.length === 0) return opened;
  const log = opened instanceof Error ? await target.log() : opened;
  const gone = opened instanceof LogLostError ? [{ position: 0, message: opened.message }] : [];
  const { lost, notJudged } = opened instanceof Error ? { lost: [], notJudged: [] } : await judge(target, log, true);
  const medium = await inspected(target, log);
  const told = lost.map(({ position, source, says }) => ({ position, message: `${source} knows that ${says}` }));
  const report = await terminal.withProgress('auditing', 'events', (update) =>
    auditLog(log, {
      ...{ anchors, lost: [...gone, ...told], repairs: repairsTold(medium.repairs) },
      onProgress: (position) => update(position, medium.head),
      // Of files, what is read at one moment need not be so at the next: a writer that opens may hide their end for a while.
      ...(medium.isSeenFromOutside === true ? { head: medium.head } : {}),
    }),
  );
  return { shard, report, medium, notJudged: [...notJudged, ...report.notJudged].map(withPlainReasons) };
}

async function existing(target: LogTarget): Promise<ShardLog | NoLogError | LogLostError> {
  try {
    return await target.existingLog();
  } catch (error) {
    if (error instanceof NoLogError || error instanceof LogLostError) return error;
    throw error;
  }
}

/** A medium that another program looks after shows no frames. */
async function inspected(target: LogTarget, log: ShardLog): Promise<Medium> {
  const shown = await target.inspect();
  const nothing = { segments: [], tornTails: [], repairs: [], damage: undefined };
  return shown ?? { isSeenFromOutside: true, head: await log.head(), ...nothing };
}
