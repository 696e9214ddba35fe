import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { makeFolders, nodeFiles, syncFolder } from '../../../../infra/embedded/files.js';
import { DataFolder } from '../../../app/logs/data-folder.js';
import { EventImport, type ImportReport } from '../../../app/importing/event-import.js';
import { readLines } from '../../../flow/lines.js';
import { NewLogTarget, type ImportTarget, ResumedLogTarget } from '../../../app/importing/import-target.js';
import type { LogTarget } from '../../../app/logs/log-target.js';
import { GRACE_MS, withTarget } from '../../../app/logs/targets.js';
import { dataOption, jsonOption, type JsonOptions } from '../../options/options.js';
import { failure } from '../../../app/exit.js';
import { grouped } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

const STAGING = 'importing';

export function logImportVerb(terminal: Terminal): Command {
  return new Verb('import')
    .summary('makes a log of exported JSON lines')
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

/**
 * Builds the log beside where it is to be, and moves it there once it is whole, the file with position 0 last: until then the folder
 * holds no log that anybody would take for one.
 */
async function importIntoFolder(terminal: Terminal, { folder, settings }: LogTarget, file: string): Promise<Imported> {
  const { shard } = settings;
  await mustBeEmpty(folder, []);
  const made = makeFolders(nodeFiles, folder.path);
  const staging = new DataFolder(join(folder.path, STAGING), shard);
  try {
    const report = await terminal.interruptible(buildIn(terminal, staging, shard, file));
    await mustBeEmpty(folder, [STAGING]);
    const names = (await readdir(staging.path)).sort().reverse();
    for (const name of names) await rename(join(staging.path, name), join(folder.path, name));
    await rmdir(staging.path);
    await syncFolder(nodeFiles, folder.path);
    return { ...report, eventsThere: 0 };
  } catch (error) {
    await rm(staging.path, { recursive: true, force: true });
    for (const each of made.reverse()) await rmdir(each);
    throw error;
  }
}

async function mustBeEmpty(folder: DataFolder, but: readonly string[]): Promise<void> {
  const [found] = (await folder.names()).filter((name) => !but.includes(name));
  if (found !== undefined) throw failure(`${folder.path} is not empty: it holds ${found}`);
}

async function buildIn(terminal: Terminal, folder: DataFolder, shard: number, file: string): Promise<ImportReport> {
  const writer = await folder.log().open();
  try {
    return await importLines(terminal, new NewLogTarget(writer), shard, file);
  } finally {
    await writer.close();
  }
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
