import {
  abortReasonNames,
  declineReasonNames,
  outcomeNames,
  sideNames,
  withdrawReasonNames,
} from '../../src/domain/terms.js';
import { dealName } from '../ledger/deal-name.js';
import type {
  BannerRow,
  ChartRow,
  EventRow,
  Lifeline,
  MessageName,
  MessageRow,
  Party,
  SequenceChart,
} from './chart.js';
import type { Names } from './names.js';
import { bannerText, eventText, headings, isFaint, messageText, titleText } from './wording.js';

/** A row of a chart. Prices and quantities are decimal strings. */
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
  /** Of a message: drawn faintly, because it is a hint, a look-up, or sent again. */
  readonly faint?: boolean;
  /**
   * Of an event, what its type says: posted, reserved, filled, reduced by, newly open, or left when it closed. Of a message, what it is
   * about. Where a deal begins: what its counterparty has left then.
   */
  readonly quantity?: string;
  /** Of an event: what it frees of a reservation, without filling it. */
  readonly freed?: string;
  /** At what price; an auction’s. */
  readonly price?: string;
  /** Of a decision and what tells of it, and of a late decision. */
  readonly outcome?: (typeof outcomeNames)[number];
  /** Why it was declined, withdrawn or aborted. */
  readonly reason?: string;
  /** Where a deal begins: its id, and the other intention in it, when the log knows it. */
  readonly deal?: string;
  readonly counterparty?: string;
  /** What an auction dealt. */
  readonly volume?: string;
  /** Of the writer that took over. */
  readonly epoch?: number;
}

/** What stands over a lifeline; of an intention, also whose it is. */
export interface LifelineJson {
  readonly heading: string;
  readonly terms: string;
  readonly intention?: string;
  readonly participant?: string;
  readonly side?: (typeof sideNames)[number];
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
  /** From the left. */
  readonly lifelines: readonly LifelineJson[];
  readonly outcome?: 'confirmed' | 'aborted' | 'open';
  readonly rows: readonly ChartRowJson[];
  /** Deals of the intention that were left out, because there are too many for one chart. */
  readonly omittedDeals: number;
}

export function chartJson(chart: SequenceChart, names: Names): ChartJson {
  const { subject, left, right, outcome, omittedDeals } = chart;
  const rows = new RowsJson(chart, names);
  return {
    ...('deal' in subject && { deal: dealName(subject.deal) }),
    intention: String(left.id),
    ...(right !== undefined && { counterparty: String(right.id) }),
    instrument: names.symbol(chart.instrumentId),
    title: titleText(chart, names),
    lifelines: lifelinesJson(chart, names),
    ...(outcome !== undefined && { outcome: outcome.state }),
    rows: chart.rows.map((row) => rows.row(row)),
    omittedDeals,
  };
}

function lifelinesJson(chart: SequenceChart, names: Names): LifelineJson[] {
  const parties = [chart.left, undefined, chart.right];
  return headings(chart, names).map(([heading, terms], column) => ({
    ...{ heading, terms },
    ...partyJson(parties[column], names),
  }));
}

function partyJson(party: Party | undefined, names: Names): Partial<LifelineJson> {
  if (party === undefined) return {};
  const side = sideNames[party.side];
  const participant = names.participant(party.participantId);
  return { intention: String(party.id), participant, ...(side !== undefined && { side }) };
}

type Numbers = Pick<ChartRowJson, 'quantity' | 'price' | 'freed'>;

class RowsJson {
  constructor(
    private readonly chart: SequenceChart,
    private readonly names: Names,
  ) {}

  row(row: ChartRow): ChartRowJson {
    switch (row.kind) {
      case 'event':
        return this.event(row);
      case 'message':
        return this.message(row);
      case 'deal':
      case 'restart':
      case 'auction':
        return this.banner(row);
    }
  }

  private event(row: EventRow): ChartRowJson {
    const { position, kind, type, lots, priceTicks, freedLots = 0 } = row;
    const text = eventText(row, this.chart, this.names);
    const isLate = type === 'LateDecision';
    return {
      ...{ position, kind, text, at: nameOf(row.at), type },
      ...this.numbers(isLate || type === 'ProposalDeclined' ? undefined : lots, priceTicks),
      ...(freedLots > 0 && { freed: this.quantity(freedLots) }),
      ...(isLate && named('outcome', outcomeNames, row.reason)),
      ...(type === 'ProposalDeclined' && named('reason', declineReasonNames, row.reason)),
      ...(type === 'IntentionWithdrawn' && named('reason', withdrawReasonNames, row.reason)),
    };
  }

  private message(row: MessageRow): ChartRowJson {
    const { position, kind, message, isRepeated: repeated, priceTicks, lots, outcome, reason } = row;
    const text = messageText(row, this.chart, this.names);
    const decision = named('outcome', outcomeNames, outcome);
    return {
      ...{ position, kind, text, from: nameOf(row.from), to: nameOf(row.to), message, repeated, faint: isFaint(row) },
      ...(message !== 'announcement' && lots > 0 && this.numbers(lots, priceTicks)),
      ...decision,
      ...(message === 'decline' && named('reason', declineReasonNames, reason)),
      ...(message === 'decision' && decision.outcome === 'aborted' && named('reason', abortReasonNames, reason)),
    };
  }

  private banner(row: BannerRow): ChartRowJson {
    const { position, kind } = row;
    const shown = { position, kind, text: bannerText(row, this.names) };
    switch (row.kind) {
      case 'restart':
        return { ...shown, epoch: row.epoch };
      case 'auction':
        return { ...shown, ...this.numbers(undefined, row.priceTicks), volume: this.quantity(row.volumeLots) };
      case 'deal': {
        const { deal, other } = row;
        if (other === undefined) return { ...shown, deal: dealName(deal) };
        const counterparty = String(other.id);
        return { ...shown, deal: dealName(deal), counterparty, ...this.numbers(other.leftLots, other.priceTicks) };
      }
    }
  }

  private quantity(lots: number): string {
    return this.names.quantity(this.chart.instrumentId, lots);
  }

  /** A market intention has no price. */
  private numbers(lots: number | undefined, priceTicks = 0): Numbers {
    return {
      ...(lots !== undefined && { quantity: this.quantity(lots) }),
      ...(priceTicks > 0 && { price: this.names.price(this.chart.instrumentId, priceTicks) }),
    };
  }
}

/** A field that says by its name what events say by an index. */
function named<Field extends string, Name extends string>(
  field: Field,
  names: readonly Name[],
  index: number | undefined,
): Partial<Record<Field, Name>> {
  const name = index === undefined ? undefined : names[index];
  // A computed key is a string to the compiler; this one is `field`.
  return name === undefined ? {} : ({ [field]: name } as Partial<Record<Field, Name>>);
}

function nameOf(lifeline: Lifeline): string {
  return String(lifeline);
}
