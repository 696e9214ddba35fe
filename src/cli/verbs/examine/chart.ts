import type { Command } from 'commander';
import { parseSubject, readChart } from '../../../../projections/handshake/read-chart.js';
import { renderMermaid } from '../../../../projections/handshake/render-mermaid.js';
import { renderSvg } from '../../../../projections/handshake/render-svg.js';
import { renderText } from '../../../../projections/handshake/render-text.js';
import { shardOfIntention } from '../../../../projections/store/places.js';
import { findInLog } from '../../reports/log/history.js';
import { atOption, type AtOptions } from '../../options/options.js';
import { usage } from '../../../app/exit.js';
import type { Terminal } from '../../terminal/terminal.js';
import { Verb } from '../../options/verb.js';

const renderers = { text: renderText, mermaid: renderMermaid, svg: renderSvg } as const;

interface ChartOptions extends AtOptions {
  readonly format: keyof typeof renderers;
}

export function chartVerb(terminal: Terminal): Command {
  return new Verb('chart')
    .description(
      'Draws the message sequence chart of a deal, or of an intention and all its deals, from the log. Of several shards, the one where ' +
        'the intention, or the deal’s initiator, was posted is read, which the id tells.',
    )
    .argument('<deal|intention>', 'a deal’s id (12-3) or an intention’s (12)')
    .choice('--format <format>', 'what to draw it as', Object.keys(renderers), 'text')
    .logOptions()
    .addOption(atOption())
    .examples(
      ['parley chart 12-3', 'the third deal that intention 12 proposed'],
      ['parley chart 12 --format mermaid', 'for a page that draws Mermaid'],
      ['parley chart 12-3 --format svg > deal.svg', 'a picture'],
    )
    .action(async (subject: string, options: ChartOptions, command: Command) => {
      await terminal.out.write(await draw(terminal, command, subject, options));
    });
}

async function draw(terminal: Terminal, command: Command, text: string, { at, format }: ChartOptions): Promise<string> {
  const subject = parseSubject(text);
  if (subject === undefined) {
    throw usage(`${JSON.stringify(text)} is neither a deal’s id (12-3) nor an intention’s (12)`);
  }
  const { found, note } = await findInLog(terminal, command, {
    shardOfId: shardOfIntention(String('deal' in subject ? subject.deal.initiatorId : subject.intentionId)),
    unknown:
      'deal' in subject ? `UNKNOWN_DEAL: there is no deal ${text}` : `UNKNOWN_INTENTION: there is no intention ${text}`,
    at,
    read: (log, reading, shown) => readChart(log, subject, { ...reading, shard: shown }),
  });
  if (note !== undefined) terminal.note(note);
  if (format !== 'text') return renderers[format](found.chart, found.names);
  const { columns } = terminal.out;
  const drawn = renderText(found.chart, found.names, { columns });
  const needed = Math.max(...drawn.split('\n').map((line) => line.length));
  if (columns !== undefined && needed > columns)
    terminal.note(`the chart needs ${needed} columns, and there are ${columns}`);
  return drawn;
}
