import type { Command } from 'commander';
import { EventImport, type ImportReport } from '../../../../app/importing/event-import.js';
import { readLines } from '../../../../flow/text/lines.js';
import { type ImportTarget, ResumedLogTarget } from '../../../../app/importing/import-target.js';
import { makeLogIn } from '../../../../app/importing/new-folder.js';
import type { LogTarget } from '../../../../app/logs/log-target.js';
import { GRACE_MS } from '../../../../app/logs/targets.js';
import { withTarget } from '../../../options/logs/with-target.js';
import { dataOption, jsonOption, type JsonOptions } from '../../../options/options.js';
import { grouped } from '../../../../app/grouped.js';
import type { Terminal } from '../../../terminal/terminal.js';
import { Verb } from '../../../options/verb.js';

export function logImportVerb(terminal: Terminal): Command {
  return new Verb('import')
    .description(
      'Makes a log of what `parley log export` wrote: the same positions, the same batches, the same digests. Each digest is ' +
        'computed again; where one differs, the import ends with exit code 3. An export that was cut short is taken as far as it goes, and ' +
        'its last events are sealed; what was in doubt there is settled when the exchange starts. The log must be empty. In Kafka and ' +
        'EventStoreDB it may also hold the beginning of the same export, because an earlier import was broken off: this one goes on ' +
        'from there. The embedded log comes to be as a whole or not at all.',
    )
    .argument('<file>', 'what was exported, gzip or not; `-` is stdin')
    .logOptions({ makes: true, data: dataOption('the folder to make the log in; empty, or not there yet') })
    .addOption(jsonOption())
    .examples(
      ['parley log import backup.jsonl --data ./restored', 'from a file'],
      ['ssh other parley log export | parley log import - --data ./copy', 'from another machine'],
      ['parley log export | parley log import - --log kafka --brokers localhost:9092', 'into Kafka'],
    )
    .action((file: string, options: JsonOptions, command: Command) =>
      withTarget(terminal, command, async (target) => {
        const isFolder = target.settings.kind === 'embedded';
        const report = await (isFolder ? importIntoFolder(terminal, target, file) : importInto(terminal, target, file));
        await writeImport(terminal, report, options);
      }),
    );
}

/** What an import came to. */
interface Imported extends ImportReport {
  /** How many of the events were there already. */
  readonly eventsThere: number;
}

async function writeImport(terminal: Terminal, report: Imported, { json }: JsonOptions): Promise<void> {
  const { out } = terminal;
  const { events, batches, digest, eventsSealed, eventsThere } = report;
  if (json === true) await out.json(report);
  else await out.line(`imported ${grouped(events)} events in ${grouped(batches)} batches, digest ${digest}`);
  if (eventsThere > 0) terminal.note(`${grouped(eventsThere)} of these events were there already`);
  if (eventsSealed === 0) return;
  terminal.warn(`the export was cut short: its last ${grouped(eventsSealed)} events had no seal and got one`);
}

async function importIntoFolder(terminal: Terminal, target: LogTarget, file: string): Promise<Imported> {
  const report = await makeLogIn(target, (writing) =>
    terminal.interruptible(importLines(terminal, writing, target.settings.shard, file)),
  );
  return { ...report, eventsThere: 0 };
}

/** Straight into the log: what is appended before the import is broken off stays, and the same import goes on from there. */
async function importInto(terminal: Terminal, target: LogTarget, file: string): Promise<Imported> {
  const resumed = await terminal.interruptible(
    target.log().then((log) => ResumedLogTarget.begin(log, target.describe())),
  );
  const work = async (): Promise<ImportReport> => {
    try {
      const report = await importLines(terminal, resumed, target.settings.shard, file);
      resumed.end(report.events);
      return report;
    } finally {
      await resumed.close();
    }
  };
  try {
    return { ...(await terminal.interruptible(work(), GRACE_MS)), eventsThere: resumed.head };
  } catch (error) {
    if (resumed.appended > 0) {
      const count = grouped(resumed.appended);
      terminal.note(`${count} batches were imported before that; the same import again goes on from there`);
    }
    throw error;
  }
}

function importLines(terminal: Terminal, target: ImportTarget, shard: number, file: string): Promise<ImportReport> {
  return terminal.withProgress('importing', 'bytes', async (update) => {
    const importing = new EventImport(target, shard);
    for await (const chunk of readLines(file, { mark: 'kept' })) {
      terminal.throwIfStopped();
      for (const [index, line] of chunk.lines.entries()) {
        if (line.trim() !== '') await importing.add(line, `${chunk.file}:${chunk.firstLineNumber + index}`);
      }
      update(chunk.bytesRead, chunk.totalBytes);
    }
    return importing.finish();
  });
}
