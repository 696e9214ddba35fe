import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Command, Option } from 'commander';
import { Exchange } from '../../exchange/exchange.js';
import { openBytes } from '../../flow/text/bytes.js';
import { FlowClock, reproducible } from '../../flow/play/flow-clock.js';
import { type Form, formList } from '../../flow/script/forms.js';
import { FlowPlayer, type FlowReport } from '../../flow/play/player.js';
import type { LogTarget } from '../../app/logs/log-target.js';
import { inTarget } from '../../app/logs/targets.js';
import { mustNameShard } from '../options/logs/named-shard.js';
import { settingsOf } from '../options/logs/read-settings.js';
import { jsonOption, type JsonOptions, parseCountOrNone, parseFolder } from '../options/options.js';
import { parseSymbol } from '../options/values.js';
import { recoveryNotes } from '../reports/recovery-notes.js';
import { measureRun, type RunReport, writeRun } from '../reports/run-report.js';
import { ExitCode, failure } from '../../app/exit.js';
import type { Terminal } from '../terminal/terminal.js';
import { Verb } from '../options/verb.js';

interface RunOptions extends JsonOptions {
  readonly data?: string;
  readonly format: 'auto' | 'script' | 'lobster';
  readonly instrument?: string;
  readonly mismatches: number;
}

export function runVerb(terminal: Terminal): Command {
  return new Verb('run')
    .description(
      'Plays recorded order flow through the real exchange into a log, and holds every expectation of the flow against that log. Prints ' +
        'how many of each kind held, and the first that did not, with their line numbers; exits with 3 then. Of LOBSTER messages each ' +
        'execution is expected to be the deal that it names, and each new order to make none. Prices and sizes are the file’s own integers. ' +
        'The same flow makes the same log each time, digests and all: its time is not the wall’s, but begins in the year 2000, or ' +
        'where the log stands, and every command is a millisecond later than the one before, unless the flow says when.',
    )
    .argument('<file...>', 'order flow, gzip or not; `-` is stdin')
    .choice('--format <format>', 'what the files are', ['auto', 'script', 'lobster'], 'auto')
    .option('--instrument <symbol>', 'play on this instrument, not on the one that the file suggests', parseSymbol)
    .option('--mismatches <count>', 'how many mismatches to show', parseCountOrNone, 10)
    .addOption(jsonOption('one JSON object a file'))
    .logOptions({
      makes: true,
      data: new Option('--data <dir>', 'the log’s folder, fresh or not; a temporary one unless given').argParser(
        parseFolder,
      ),
    })
    .examples(
      ['parley run flow.txt.gz', 'in a temporary log'],
      ['parley run AAPL_2012-06-21_message_10.csv', 'LOBSTER messages, which are recognised'],
      ['parley run morning.txt afternoon.txt --data ./day', 'one after the other, in a log that is kept'],
      ['zcat flow.txt.gz | parley run -', 'from a pipe'],
      ['parley run flow.txt --log kafka --brokers localhost:9092 --topic day', 'in Kafka'],
    )
    .addHelpText('after', scriptHelp)
    .action(async (files: readonly string[], options: RunOptions, command: Command) => {
      const settings = settingsOf(command, terminal.env);
      await mustNameShard(command, settings);
      await mustBeReadable(files);
      const play = (target: LogTarget): Promise<void> => runInto(terminal, target, files, options);
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

/** The lines of a script, as the parser knows them. */
function scriptHelp(): string {
  const of = (is: Form['is']): string =>
    formList
      .filter((form) => form.is === is)
      .map((form) => `  ${form.syntax}`)
      .join('\n');
  return `\nLines of a script that command:\n${of('command')}\n\nand that expect something of the command before them:\n${of('expectation')}`;
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
  target: LogTarget,
  files: readonly string[],
  options: RunOptions,
): Promise<void> {
  const logger = recoveryNotes(terminal);
  const log = await target.log({ log: logger });
  const clock = new FlowClock();
  const opening = Exchange.open(log, { logger, ...reproducible(clock) });
  const exchange = await (target.settings.kind === 'embedded' ? opening : terminal.interruptible(opening));
  clock.startAt(exchange.recorded.nowMs);
  const { format, instrument, mismatches: mismatchLimit } = options;
  const play = { clock, format: format === 'auto' ? undefined : format, instrument, mismatchLimit };
  try {
    for (const file of files) {
      const report = await playFile(terminal, exchange, file, (onProgress) =>
        new FlowPlayer(exchange, log, { ...play, onProgress }).play(file),
      );
      await (options.json === true ? terminal.out.json(report) : writeRun(terminal.out, report));
      await terminal.out.flush();
      if (report.failed > 0) terminal.exitCode = ExitCode.Violated;
    }
  } finally {
    await exchange.close();
  }
}

async function playFile(
  terminal: Terminal,
  exchange: Exchange,
  file: string,
  play: (onProgress: (bytesRead: number, totalBytes: number | undefined) => void) => Promise<FlowReport>,
): Promise<RunReport> {
  try {
    return await terminal.withProgress(file === '-' ? 'stdin' : basename(file), 'bytes', (update) =>
      terminal.interruptible(measureRun(exchange, () => play(update))),
    );
  } catch (error) {
    const { state, reason } = exchange.status();
    if (state !== 'stopped') throw error;
    throw failure(`the exchange stopped: ${reason ?? 'it was closed'}`, error);
  }
}
