import type { ChartSubject } from '../../../projections/handshake/chart.js';
import { type ChartJson, chartJson } from '../../../projections/handshake/chart-json.js';
import type { History } from '../../support/history/history.js';
import { chartOf } from '../projections/handshake/scenes.js';

export { crashedDeal, dealSubject, longLife, plainDeal } from '../projections/handshake/scenes.js';

/** A chart as a server answers it. */
export async function jsonOf(history: History, subject: ChartSubject): Promise<ChartJson> {
  const { chart, names } = await chartOf(history, subject);
  return chartJson(chart, names);
}
