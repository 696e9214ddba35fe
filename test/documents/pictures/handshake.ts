import { readChart } from '../../../projections/handshake/read-chart.js';
import { renderSvg } from '../../../projections/handshake/render-svg.js';
import { logOf } from '../../support/history/history-log.js';
import { History } from '../../support/history/history.js';
import type { Theme } from './drawing.js';

/** What `parley chart --format svg` draws of a deal, in the colours of one theme: a page that has its own may differ from the reader's system. */
export async function handshakePicture(theme: Theme): Promise<string> {
  const history = new History();
  const [alice, bob] = [history.admit('alice'), history.admit('bob')];
  const instrument = history.list('ACME', { priceDecimals: 0 });
  const seller = history.post(alice, instrument, 'sell', 101, 300);
  const buyer = history.post(bob, instrument, 'buy', 102, 400);
  history.deal(seller, buyer, 101, 300);
  const read = await readChart(logOf(history), { deal: { initiatorId: seller, dealNumber: 1 } });
  if (read === undefined) throw new Error('the log knows no such deal');
  return inTheme(renderSvg(read.chart, read.names), theme);
}

function inTheme(svg: string, theme: Theme): string {
  const dark = /\n@media \(prefers-color-scheme: dark\) \{\n([^]*?)\n\}/;
  return svg.replace(dark, (_, rules: string) => (theme === 'dark' ? `\n${rules.replace(/^ {2}/gm, '')}` : ''));
}
