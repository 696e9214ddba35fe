import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import { Exchange } from '../exchange/exchange.js';
import type { ShardLog } from '../log/port.js';
import { openBytes } from './flow/bytes.js';
import { FlowClock, reproducible } from './flow/flow-clock.js';
import { FlowPlayer, type PlayOptions } from './flow/player.js';
import { addLogOptions } from './log-target/log-options.js';
import type { LogTarget } from './log-target/log-target.js';
import { inTarget } from './log-target/targets.js';
import { settingsOf } from './log-target/read-settings.js';
import { examples, jsonOption, type JsonOptions, LOG_GROUP, parseFolder, parsePosition } from './options.js';
import { recoveryNotes } from './recovery-notes.js';
import { measureRun, type RunReport, writeRun } from './run-report.js';
import { ExitCode, Failure } from './terminal/exit.js';
import type { Terminal } from './terminal/terminal.js';

interface RunOptions extends JsonOptions {
  readonly data?: string;
  readonly format: 'auto' | 'script' | 'lobster';
  readonly instrument?: string;
  readonly mismatches: number;
}

export function runVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('run'), { makes: true })
    .summary('plays recorded order flow and checks what it expects')
    .description(
      'Plays recorded order flow through the real exchange into a log, and holds every expectation of the flow against that log. Prints ' +
        'how many of each kind held, and the first that did not, with their line numbers. Prices and sizes are the file’s own integers. ' +
        'The same flow makes the same log each time, digests and all: its time is not the wall’s, but begins in the year 2000, or ' +
        'where the log stands, and every command is a millisecond later than the one before.',
    )
    .argument('<file...>', 'order flow, gzip or not; `-` is stdin')
    .addOption(
      new Option('--data <dir>', 'the log’s folder, fresh or not; a temporary one unless given')
        .argParser(parseFolder)
        .helpGroup(LOG_GROUP),
    )
    .addOption(
      new Option('--format <format>', 'what the files are').choices(['auto', 'script', 'lobster']).default('auto'),
    )
    .option('--instrument <symbol>', 'play on this instrument, not on the one that the file suggests')
    .option('--mismatches <count>', 'how many mismatches to show', parsePosition, 10)
    .addOption(jsonOption('one JSON object a file'))
    .addHelpText(
      'after',
      examples(
        ['parley run flow.txt.gz', 'in a temporary log'],
        ['parley run morning.txt afternoon.txt --data ./day', 'one after the other, in a log that is kept'],
        ['zcat flow.txt.gz | parley run -', 'from a pipe'],
        ['parley run flow.txt --log kafka --brokers localhost:9092 --topic day', 'in Kafka'],
      ),
    )
    .action(async (files: readonly string[], options: RunOptions, command: Command) => {
      const settings = settingsOf(command, terminal.env);
      await mustBeReadable(files);
      const play = (place: LogTarget): Promise<void> => runInto(terminal, place, files, options);
      if (settings.kind !== 'embedded' || settings.data !== '') return inTarget(settings, play);
      const folder = await mkdtemp(join(tmpdir(), 'parley-run-'));
      terminal.note('the log is a temporary one and will be removed; --data DIR keeps it');
      try {
        await inTarget({ ...settings, data: folder }, play);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
}

/** Before a log is opened for writing, which changes it. A pipe can be opened but once. */
async function mustBeReadable(files: readonly string[]): Promise<void> {
  for (const file of files.filter((name) => name !== '-')) {
    const found = await stat(file).catch(() => undefined);
    const isPlain = found === undefined || found.isFile() || found.isDirectory();
    if (isPlain) (await openBytes(file)).stream.destroy();
  }
}

async function runInto(
  terminal: Terminal,
  place: LogTarget,
  files: readonly string[],
  options: RunOptions,
): Promise<void> {
  const logger = recoveryNotes(terminal);
  const log = await place.log({ log: logger });
  const clock = new FlowClock();
  const opening = Exchange.open(log, { logger, ...reproducible(clock) });
  const exchange = await (place.settings.kind === 'embedded' ? opening : terminal.interruptible(opening));
  clock.startAt(exchange.shard.nowMs());
  try {
    for (const file of files) {
      const report = await playFile(terminal, { exchange, log, clock }, file, options);
      await (options.json === true ? terminal.out.json(report) : writeRun(terminal.out, report));
      await terminal.out.flush();
      if (report.failed > 0) terminal.exitCode = ExitCode.Violated;
    }
  } finally {
    await exchange.close();
  }
}

/** What flows are played on. */
interface Venue {
  readonly exchange: Exchange;
  readonly log: ShardLog;
  readonly clock: FlowClock;
}

async function playFile(
  terminal: Terminal,
  { exchange, log, clock }: Venue,
  file: string,
  options: RunOptions,
): Promise<RunReport> {
  const progress = terminal.progress(file === '-' ? 'stdin' : basename(file), 'bytes');
  const { format, instrument, mismatches } = options;
  const play: PlayOptions = {
    clock,
    format: format === 'auto' ? undefined : format,
    instrument,
    mismatchLimit: mismatches,
    onProgress: (bytesRead, totalBytes) => {
      terminal.throwIfStopped();
      progress.update(bytesRead, totalBytes);
    },
  };
  try {
    return await terminal.interruptible(measureRun(exchange, () => new FlowPlayer(exchange, log, play).play(file)));
  } catch (error) {
    const { state, reason } = exchange.status();
    if (state !== 'stopped') throw error;
    throw new Failure(ExitCode.Failure, `the exchange stopped: ${reason ?? 'it was closed'}`, { cause: error });
  } finally {
    progress.stop();
  }
}
