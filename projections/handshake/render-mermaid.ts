import type { ChartRow, Lifeline, MessageRow, SequenceChart } from './chart.js';
import type { Names } from './names.js';
import { bannerText, eventText, headings, isFaint, messageText, partyText, titleText } from './wording.js';

/**
 * The chart as a Mermaid `sequenceDiagram`. Each note and arrow begins with the log position that it stands for. In the chart of
 * an intention, each counterparty is a participant of its own.
 */
export function renderMermaid(chart: SequenceChart, names: Names): string {
  const lines = [
    '---',
    `title: ${JSON.stringify(withoutTags(titleText(chart, names)))}`,
    '---',
    'sequenceDiagram',
    ...participants(chart, names).map((line) => `  ${line}`),
    ...chart.rows.map((row) => `  ${statement(row, chart, names)}`),
  ];
  if (chart.omittedDeals > 0) lines.push(`  ${across(chart)}: and ${chart.omittedDeals} more deals`);
  return `${lines.join('\n')}\n`;
}

/** The intention, the ledger, then the others in the order in which they come in. */
function participants(chart: SequenceChart, names: Names): string[] {
  const [left, ledger, right] = headings(chart, names);
  const declared = (id: Lifeline, label: readonly string[] = []): string =>
    `participant ${idOf(id)} as ${label
      .filter((line) => line !== '')
      .map(escaped)
      .join('<br/>')}`;
  const lines = [declared(chart.left.id, left), declared('ledger', ledger)];
  if (chart.right !== undefined) return [...lines, declared(chart.right.id, right)];
  const others = new Set<number>([chart.left.id]);
  for (const row of chart.rows) {
    if (row.kind !== 'deal' || row.other === undefined || others.has(row.other.id)) continue;
    others.add(row.other.id);
    lines.push(declared(row.other.id, [`Intention ${row.other.id}`, partyText(row.other, names)]));
  }
  return lines;
}

function statement(row: ChartRow, chart: SequenceChart, names: Names): string {
  switch (row.kind) {
    case 'event':
      return `Note over ${idOf(row.at)}: ${names.position(row.position)} ${escaped(eventText(row, chart, names))}`;
    case 'message':
      return `${idOf(row.from)}${arrow(row)}${idOf(row.to)}: ${names.position(row.position)} ${escaped(messageText(row, chart, names))}`;
    case 'deal':
    case 'restart':
    case 'auction':
      return `${across(chart)}: ${names.position(row.position)} ${escaped(bannerText(row, names))}`;
  }
}

function arrow(row: MessageRow): string {
  return isFaint(row) ? '-->>' : '->>';
}

function across(chart: SequenceChart): string {
  return `Note over ${idOf(chart.left.id)},${idOf(chart.right?.id ?? 'ledger')}`;
}

function idOf(lifeline: Lifeline): string {
  return lifeline === 'ledger' ? 'ledger' : `i${lifeline}`;
}

/** The title stands in front matter, where entity codes are not read. */
function withoutTags(title: string): string {
  return title.replaceAll('<', '‹').replaceAll('>', '›');
}

/** What Mermaid would read as more than text is written as its entity codes. */
function escaped(text: string): string {
  return text.replace(/[#;:<>"%&{}]/g, (character) => (character === ':' ? ':' : `#${character.charCodeAt(0)};`));
}
