import { Command, Option } from 'commander';
import { parseSubject, readChart } from '../../projections/handshake/read-chart.js';
import { renderMermaid } from '../../projections/handshake/render-mermaid.js';
import { renderSvg } from '../../projections/handshake/render-svg.js';
import { renderText } from '../../projections/handshake/render-text.js';
import { endOf, readUpTo } from './history.js';
import { addLogOptions } from './log-place/log-options.js';
import { readingPlace } from './log-place/place.js';
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
    .description('Draws the message sequence chart of a deal, or of an intention and all its deals, from the log.')
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
  const { found, until } = await readingPlace(terminal, command, async (place) => {
    const log = await place.existingLog();
    const end = await endOf(log, at);
    return { found: await readUpTo(terminal, end, (reading) => readChart(log, subject, reading)), until: end };
  });
  if (found !== undefined) return renderers[format](found.chart, found.names);
  const what = 'deal' in subject ? 'UNKNOWN_DEAL: there is no deal' : 'UNKNOWN_INTENTION: there is no intention';
  throw new Failure(ExitCode.Failure, `${what} ${text} before position ${until}`);
}
