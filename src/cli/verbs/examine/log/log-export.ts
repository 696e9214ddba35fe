import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import { eventLines } from '../../../reports/event-lines.js';
import { positionAfter } from '../../../../log/position-after.js';
import { sinceOption } from '../../../options/event-range.js';
import { alwaysJson } from './event-printer.js';
import { type ReadMarket } from '../../../../app/logs/market.js';
import { inMarket } from '../../../options/logs/with-market.js';
import { GRACE_MS } from '../../../../app/logs/targets.js';
import { wholeLog } from '../../../../app/logs/whole-log.js';
import { Output } from '../../../terminal/output.js';
import { grouped } from '../../../../app/grouped.js';
import { cannotWrite, type Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';

/** Milliseconds since 1970. */
type Since = number | undefined;

interface ExportOptions {
  readonly since?: number;
}

export function logExportVerb(terminal: Terminal): Command {
  return new Verb('export')
    .description(
      'Writes every event of the log as JSON lines, so that `parley log import` makes the same log of them again: each batch ends ' +
        'with its BatchSealed. Compress it with gzip if you like; import reads that too. One export is of one shard: where there are ' +
        'several, --shard says which. With --since it begins with the batch that holds what happened then: a part of the log, to be ' +
        'read, which import does not take.',
    )
    .argument('[file]', 'where to write; must not exist yet; `-` is stdout', '-')
    .addOption(sinceOption())
    .logOptions()
    .addOption(alwaysJson())
    .examples(
      ['parley log export backup.jsonl', 'into a file'],
      ['parley log export | gzip > backup.jsonl.gz', 'through a pipe'],
      ['parley log export --log kafka --brokers localhost:9092', 'what Kafka keeps'],
      ['parley log export --since 1h today.jsonl', 'the last hour, to be read'],
    )
    .action((file: string, { since }: ExportOptions, command: Command) =>
      inMarket(terminal, command, async (market) => {
        market.mustBeOne('one export is of one shard');
        const toStdout = file === '-';
        const events = await (toStdout
          ? exportToStdout(terminal, market, since)
          : exportToFile(terminal, market, file, since));
        terminal.note(`exported ${grouped(events)} events`);
      }),
    );
}

async function exportToStdout(terminal: Terminal, market: ReadMarket, since: Since): Promise<number> {
  const events = await exportLog(terminal, market, terminal.out, since);
  await terminal.deliver();
  return events;
}

/** Resolves to how many events were written; whether they have arrived is known when `out` has been flushed, and not before. */
function exportLog(terminal: Terminal, market: ReadMarket, out: Output, since: Since): Promise<number> {
  return terminal.interruptible(exportEvents(terminal, market, out, since), GRACE_MS);
}

async function exportEvents(terminal: Terminal, market: ReadMarket, out: Output, since: Since): Promise<number> {
  const [shard = 0] = market.shards;
  const log = await market.log(shard);
  const head = await log.head();
  const from = since === undefined ? 0 : await positionAfter(log, since - 1);
  return terminal.withProgress('exporting', 'events', async (update) => {
    let exported = 0;
    for await (const batch of wholeLog(log, head).read(from)) {
      terminal.throwIfStopped();
      if (out.isGone) break;
      for (const line of eventLines(batch, log.shard)) await out.json(line);
      exported += batch.count;
      update(batch.firstPosition + batch.count, head);
    }
    return exported;
  });
}

/** Into a new file, which is gone again when it could not be finished: half an export would look like a whole one. */
async function exportToFile(terminal: Terminal, market: ReadMarket, file: string, since: Since): Promise<number> {
  const stream = createWriteStream(file, { flags: 'wx', flush: true });
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve()).once('error', (cause) => reject(cannotWrite(file, cause)));
  });
  let broken: Error | undefined;
  const out = new Output(stream, terminal.env, (error) => (broken = error));
  try {
    const events = await exportLog(terminal, market, out, since);
    await out.flush();
    await new Promise<void>((resolve) => stream.once('close', () => resolve()).end());
    if (broken !== undefined) throw cannotWrite(file, broken);
    return events;
  } catch (error) {
    stream.destroy();
    await rm(file, { force: true });
    throw error;
  }
}
