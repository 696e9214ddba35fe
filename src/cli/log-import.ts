import { open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { makeFolders, nodeFiles } from '../../infra/embedded/files.js';
import type { ShardLog } from '../log/port.js';
import { DataFolder } from './data-folder.js';
import { EventImport, type ImportReport } from './event-import.js';
import { readLines } from './flow/lines.js';
import { dataOption, type DataOptions, examples, jsonOption, type JsonOptions } from './options.js';
import { ExitCode, Failure } from './terminal/exit.js';
import { grouped } from './terminal/table.js';
import type { Terminal } from './terminal/terminal.js';

interface ImportOptions extends DataOptions, JsonOptions {}

const STAGING = 'importing';

export function logImportVerb(terminal: Terminal): Command {
  return new Command('import')
    .summary('makes a log of exported JSON lines')
    .description(
      'Makes a log of what `parley log export` wrote: the same positions, the same batches, the same digests. Each digest is worked ' +
        'out anew; where one differs, nothing is kept and the exit code is 3. An export that was cut short is taken as far as it ' +
        'goes, and its last events are sealed; what was in doubt there is settled when the exchange starts.',
    )
    .argument('<file>', 'what was exported, gzip or not; `-` is stdin')
    .addOption(dataOption('the folder to make the log in; empty, or not there yet'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        ['parley log import backup.jsonl --data ./restored', 'from a file'],
        ['ssh other parley log export | parley log import - --data ./copy', 'from another machine'],
      ),
    )
    .action(async (file: string, options: ImportOptions) => {
      const { out } = terminal;
      const report = await importInto(terminal, new DataFolder(options.data), file);
      if (options.json === true) await out.json(report);
      else
        await out.line(
          `imported ${grouped(report.events)} events in ${grouped(report.batches)} batches, digest ${report.digest}`,
        );
      if (report.eventsSealed > 0) {
        terminal.warn(
          `the export was cut short: its last ${grouped(report.eventsSealed)} events had no seal and got one`,
        );
      }
    });
}

/**
 * Builds the log beside where it is to be, and moves it there once it is whole, the file with position 0 last: until then the folder
 * holds no log that anybody would take for one.
 */
async function importInto(terminal: Terminal, folder: DataFolder, file: string): Promise<ImportReport> {
  await mustBeEmpty(folder, []);
  const made = makeFolders(nodeFiles, folder.path);
  const staging = new DataFolder(join(folder.path, STAGING));
  try {
    const report = await terminal.interruptible(importLines(terminal, staging.log(), file));
    await mustBeEmpty(folder, [STAGING]);
    const names = (await readdir(staging.path)).sort().reverse();
    for (const name of names) await rename(join(staging.path, name), join(folder.path, name));
    await rmdir(staging.path);
    await syncFolder(folder.path);
    return report;
  } catch (error) {
    await rm(staging.path, { recursive: true, force: true });
    for (const each of made.reverse()) await rmdir(each);
    throw error;
  }
}

async function mustBeEmpty(folder: DataFolder, but: readonly string[]): Promise<void> {
  const [found] = (await folder.names()).filter((name) => !but.includes(name));
  if (found !== undefined) throw new Failure(ExitCode.Failure, `${folder.path} is not empty: it holds ${found}`);
}

async function importLines(terminal: Terminal, log: ShardLog, file: string): Promise<ImportReport> {
  const writer = await log.open();
  const progress = terminal.progress('importing', 'bytes');
  try {
    const importing = new EventImport(writer, log.shard);
    for await (const { file: name, firstLineNumber, lines, bytesRead, totalBytes } of readLines(file)) {
      terminal.throwIfStopped();
      for (const [index, line] of lines.entries()) {
        if (line.trim() !== '') await importing.add(line, `${name}:${firstLineNumber + index}`);
      }
      progress.update(bytesRead, totalBytes);
    }
    return await importing.finish();
  } finally {
    progress.stop();
    await writer.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
