import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { ParleyError } from '../../../client/index.js';
import { connect } from '../../options/connection.js';
import { readsLog } from '../../options/where-it-looks.js';
import { formatOf, type LookOptions, parseCount } from '../../options/options.js';
import { parseSymbol } from '../../options/values.js';
import { usage } from '../../../app/exit.js';
import { bookFields, bookLines, type FoundBook } from '../../reports/book-lines.js';
import { bookOfLog } from '../../reports/log/book-of-log.js';
import { BookWatch } from '../../reports/book-watch.js';
import { writeRecord } from '../../terminal/rows.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

interface BookOptions extends LookOptions {
  readonly depth: number;
  readonly watch?: true;
}

export function bookVerb(terminal: Terminal): Command {
  return new Verb('book')
    .description(
      'Shows an instrument’s book: of the running exchange, or with --data, --log or --at from the log alone. Of several shards, that ' +
        'of the one that lists the instrument; --at is a position of that one. With --watch it is shown again whenever it has changed: ' +
        'in its place on a terminal, one after the other anywhere else. The running exchange is asked four times a second, so what ' +
        'changes faster is shown together.',
    )
    .argument('<symbol>', 'the instrument', parseSymbol)
    .option('--depth <levels>', 'how many levels of each side', parseCount, 10)
    .option('-w, --watch', 'go on showing it as it changes, until it is interrupted')
    .lookOptions()
    .examples(
      ['parley book ACME', 'of the running exchange'],
      ['parley book ACME --watch --depth 5', 'its best five levels, as they change'],
      ['parley book ACME --data ./parley-data --at 1200', 'as it stood before position 1200'],
    )
    .action(async (symbol: string, options: BookOptions, command: Command) => {
      if (options.watch === true && options.at !== undefined) {
        throw usage('--watch goes on from now, and --at looks at the past: give one or the other');
      }
      const watch = options.watch === true ? new BookWatch(terminal, formatOf(options)) : undefined;
      const sink = watch ?? { show: (book: () => FoundBook) => writeBook(terminal, options, book()) };
      if (readsLog(terminal, command, options)) await bookOfLog(terminal, command, { ...options, symbol }, sink);
      else if (watch !== undefined) await watchServer(terminal, symbol, options, watch);
      else await writeBook(terminal, options, await askFor(terminal, symbol, options));
      terminal.throwIfStopped();
    });
}

async function writeBook({ out }: Terminal, options: BookOptions, found: FoundBook): Promise<void> {
  await writeRecord(out, formatOf(options), found.book, {
    fields: bookFields,
    write: async () => {
      for (const line of bookLines(found, out)) await out.line(line);
    },
  });
}

async function askFor({ signal }: Terminal, symbol: string, options: BookOptions): Promise<FoundBook> {
  const book = await connect(options).book(symbol, { depth: options.depth, signal });
  return { book, shown: book.shard };
}

const ASKED_EACH_MS = 250;

/** Once it was there, an exchange that does not answer is waited for, and the watch says so. */
async function watchServer(terminal: Terminal, symbol: string, options: BookOptions, watch: BookWatch): Promise<void> {
  let book = await askFor(terminal, symbol, options);
  let isAway = false;
  for (;;) {
    const shown = book;
    if (!isAway) await watch.show(() => shown);
    await terminal.interruptible(sleep(ASKED_EACH_MS));
    try {
      book = await askFor(terminal, symbol, options);
      isAway = false;
    } catch (error) {
      if (!(error instanceof ParleyError && error.isTransient)) throw error;
      if (!isAway) await watch.trouble(error.message);
      isAway = true;
    }
  }
}
