import { Command, Option } from 'commander';
import type { ChartSubject } from '../../projections/handshake/chart.js';
import { parseSubject, readChart } from '../../projections/handshake/read-chart.js';
import { renderMermaid } from '../../projections/handshake/render-mermaid.js';
import { renderSvg } from '../../projections/handshake/render-svg.js';
import { renderText } from '../../projections/handshake/render-text.js';
import { shardOfIntention } from '../../projections/store/places.js';
import { endOf, homeOf, readUpTo, unreadNote } from './history.js';
import { addLogOptions } from './log-target/log-options.js';
import { readingMarket } from './log-target/market.js';
import { wholeLog } from './log-target/whole-log.js';
import { atOption, type AtOptions, dataOption, type DataOptions, examples } from './options.js';
import { ExitCode, Failure } from './terminal/exit.js';
import type { Terminal } from './terminal/terminal.js';

const renderers = { text: renderText, mermaid: renderMermaid, svg: renderSvg } as const;

interface ChartOptions extends DataOptions, AtOptions {
  readonly format: keyof typeof renderers;
}

export function chartVerb(terminal: Terminal): Command {
  return addLogOptions(new Command('chart'))
    .summary('draws the handshakes of a deal or an intention')
    .description(
      'Draws the message sequence chart of a deal, or of an intention and all its deals, from the log. Of several shards, the one where ' +
        'the intention, or the deal’s initiator, was posted is read, which the id tells.',
    )
    .argument('<deal|intention>', 'a deal’s id (12-3) or an intention’s (12)')
    .addOption(new Option('--format <format>', 'what to draw it as').choices(Object.keys(renderers)).default('text'))
    .addOption(dataOption())
    .addOption(atOption())
    .addHelpText(
      'after',
      examples(
        ['parley chart 12-3', 'the third deal that intention 12 proposed'],
        ['parley chart 12 --format mermaid', 'for a page that draws Mermaid'],
        ['parley chart 12-3 --format svg > deal.svg', 'a picture'],
      ),
    )
    .action(async (subject: string, options: ChartOptions, command: Command) => {
      await terminal.out.write(await draw(terminal, command, subject, options));
    });
}

async function draw(terminal: Terminal, command: Command, text: string, { at, format }: ChartOptions): Promise<string> {
  const subject = parseSubject(text);
  if (subject === undefined) {
    throw new Failure(ExitCode.Usage, `${JSON.stringify(text)} is neither a deal’s id (12-3) nor an intention’s (12)`);
  }
  const unknown = 'deal' in subject ? 'UNKNOWN_DEAL: there is no deal' : 'UNKNOWN_INTENTION: there is no intention';
  return readingMarket(terminal, command, async (market) => {
    const shard = homeOf(market, shardOfIntention(String(postedId(subject))), `${unknown} ${text}`);
    const log = await market.log(shard);
    const until = await endOf(log, at);
    const found = await readUpTo(terminal, until, (reading) => readChart(wholeLog(log, until), subject, reading));
    if (found === undefined) throw new Failure(ExitCode.Failure, `${unknown} ${text} before position ${until}`);
    const note = unreadNote(market, shard);
    if (note !== undefined) terminal.note(note);
    return renderers[format](found.chart, found.names);
  });
}

function postedId(subject: ChartSubject): number {
  return 'deal' in subject ? subject.deal.initiatorId : subject.intentionId;
}
