import type { Option } from 'commander';
import { DirectoryFold } from '../../../../../projections/directory/directory.js';
import { directoryNames } from '../../../../../projections/handshake/names.js';
import { LineFold } from '../../../../../projections/log-lines/line-fold.js';
import type { ReadMarket } from '../../../../app/logs/market.js';
import { type EventBatch, foldBatch } from '../../../../events/fold.js';
import { FanOut } from '../../../../events/handlers.generated.js';
import type { ShardLog } from '../../../../log/port.js';
import {
  type EventRange,
  type FilterOptions,
  fromOption,
  sinceOption,
  streamOption,
  typeOption,
} from '../../../options/event-range.js';
import { jsonOption, type JsonOptions } from '../../../options/options.js';
import { Verb } from '../../../options/verb.js';
import { eventLines } from '../../../reports/event-lines.js';
import { LineWriter } from '../../../reports/line-writer.js';
import type { Terminal } from '../../../terminal/terminal.js';

/** How events are printed. */
export type PrintOptions = JsonOptions;

/** Which events of one log are printed, and how. */
export type PrintedEvents = EventRange & Pick<FilterOptions, 'stream' | 'type'> & PrintOptions;

/** Prints the events of one log that are wanted, batch by batch. */
export interface EventPrinter {
  /** Batches have to come from this position on. */
  readonly readsFrom: number;
  /** Prints so many at most. Resolves to how many. */
  print(batch: EventBatch, most: number): Promise<number>;
}

/** `cat` and `tail`, with the filters that they share. */
export function filteringVerb(name: 'cat' | 'tail'): Verb {
  return new Verb(name)
    .addOption(fromOption())
    .addOption(sinceOption())
    .addOption(streamOption())
    .addOption(typeOption())
    .addOption(jsonOption('JSON on a terminal too'));
}

/** What is printed is JSON in any case; scripts may say so all the same. */
export function alwaysJson(): Option {
  return jsonOption('as it always does').hideHelp();
}

/** For people on a terminal, unless they ask for JSON; otherwise as JSON lines. */
export function printerFor(terminal: Terminal, market: ReadMarket, log: ShardLog, events: PrintedEvents): EventPrinter {
  if (terminal.out.isTerminal && events.json !== true) return new LinePrinter(terminal, market, log, events);
  return new JsonPrinter(terminal, market, log, events);
}

/** Events as JSON, each with its shard where there are several. */
class JsonPrinter implements EventPrinter {
  readonly readsFrom: number;

  constructor(
    private readonly terminal: Terminal,
    private readonly market: ReadMarket,
    private readonly log: ShardLog,
    private readonly events: PrintedEvents,
  ) {
    this.readsFrom = events.from;
  }

  async print(batch: EventBatch, most: number): Promise<number> {
    const { out } = this.terminal;
    const { shard } = this.log;
    let count = 0;
    for (const line of eventLines(batch, shard, this.events)) {
      await out.json(this.market.isSharded ? { shard, ...line } : line);
      if (++count >= most) break;
    }
    return count;
  }
}

/** Events as lines for people. The names in them stand at the log’s beginning, so that it is read from there. */
class LinePrinter implements EventPrinter {
  readonly readsFrom = 0;
  private readonly lines: LineFold;
  private readonly folds: FanOut;
  private readonly writer: LineWriter;

  constructor(
    private readonly terminal: Terminal,
    market: ReadMarket,
    log: ShardLog,
    { from, until, stream, type }: PrintedEvents,
  ) {
    const directory = new DirectoryFold();
    const shown = market.shown(log.shard);
    const names = directoryNames(directory, shown);
    this.lines = new LineFold(log.shard, names, { from, until, stream, type: type && new Set(type) });
    this.folds = new FanOut([this.lines, directory]);
    this.writer = new LineWriter(terminal.out, names);
  }

  async print(batch: EventBatch, most: number): Promise<number> {
    this.terminal.throwIfStopped();
    foldBatch(batch, this.folds);
    const lines = this.lines.take().slice(0, most);
    for (const line of lines) await this.writer.write(line);
    return lines.length;
  }
}
