import type { ChartRow, Lifeline, MessageName, SequenceChart } from './chart.js';
import type { Names } from './names.js';
import { dealName } from '../ledger/deal-name.js';
import { bannerText, eventText, headings, messageText, titleText } from './wording.js';

/** A row of a chart. */
export interface ChartRowJson {
  readonly position: number;
  readonly kind: ChartRow['kind'];
  /** What a chart says there. */
  readonly text: string;
  /** Of an event: in whose stream it stands, an intention’s id or `ledger`. */
  readonly at?: string;
  /** Of an event, its type. */
  readonly type?: string;
  /** Of a message: who says it to whom, and what it is. */
  readonly from?: string;
  readonly to?: string;
  readonly message?: MessageName;
  /** Sent again, after a restart. */
  readonly repeated?: boolean;
}

/** A message sequence chart as JSON: the same rows and words that it is drawn with. */
export interface ChartJson {
  /** Of a deal’s chart. */
  readonly deal?: string;
  /** The intention, or the deal’s initiator. */
  readonly intention: string;
  /** The deal’s responder. */
  readonly counterparty?: string;
  readonly instrument: string;
  readonly title: string;
  /** Over each lifeline, from the left. */
  readonly lifelines: readonly { readonly heading: string; readonly terms: string }[];
  readonly outcome?: 'confirmed' | 'aborted' | 'open';
  readonly rows: readonly ChartRowJson[];
  /** Deals of the intention that were left out, because there are too many for one chart. */
  readonly omittedDeals: number;
}

export function chartJson(chart: SequenceChart, names: Names): ChartJson {
  const { subject, left, right, outcome, omittedDeals } = chart;
  return {
    ...('deal' in subject && { deal: dealName(subject.deal) }),
    intention: String(left.id),
    ...(right !== undefined && { counterparty: String(right.id) }),
    instrument: names.symbol(chart.instrumentId),
    title: titleText(chart, names),
    lifelines: headings(chart, names).map(([heading, terms]) => ({ heading, terms })),
    ...(outcome !== undefined && { outcome: outcome.state }),
    rows: chart.rows.map((row) => rowJson(row, chart, names)),
    omittedDeals,
  };
}

function rowJson(row: ChartRow, chart: SequenceChart, names: Names): ChartRowJson {
  const { position, kind } = row;
  switch (row.kind) {
    case 'event':
      return { position, kind, text: eventText(row, chart, names), at: nameOf(row.at), type: row.type };
    case 'message': {
      const { message, isRepeated: repeated } = row;
      const text = messageText(row, chart, names);
      return { position, kind, text, from: nameOf(row.from), to: nameOf(row.to), message, repeated };
    }
    case 'deal':
    case 'restart':
    case 'auction':
      return { position, kind, text: bannerText(row, names) };
  }
}

function nameOf(lifeline: Lifeline): string {
  return String(lifeline);
}
