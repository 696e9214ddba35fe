import { type DealId, dealName } from '../ledger/deal-name.js';

/** More deals than this make no chart that anybody could read. */
export const MAX_CHARTED_DEALS = 500;

interface DealTerms extends DealId {
  readonly responderId: number;
  readonly priceTicks: number;
  readonly proposedLots: number;
  /** Proposed and decided in the log of another shard. */
  readonly isForeign: boolean;
}

/** A deal of the chart, while its rows come in. */
export interface ChartedDeal extends DealTerms {
  acceptedLots: number;
  decision: { readonly outcome: number; readonly lots: number; readonly reason: number } | undefined;
  isInitiatorSettled: boolean;
  isResponderSettled: boolean;
  /** Position of a restart after which nothing has been seen of the deal yet. */
  restartPosition: number | undefined;
}

/** The deals that a chart shows, in the order in which they came. */
export class ChartedDeals {
  private readonly byName = new Map<string, ChartedDeal>();
  /** Left out, because there are too many for one chart. */
  omitted = 0;

  get first(): ChartedDeal | undefined {
    const [first] = this.byName.values();
    return first;
  }

  get(deal: DealId): ChartedDeal | undefined {
    return this.byName.get(dealName(deal));
  }

  /** Undefined when there are too many deals for one chart. */
  enter(terms: DealTerms): ChartedDeal | undefined {
    if (this.byName.size === MAX_CHARTED_DEALS) {
      this.omitted++;
      return undefined;
    }
    const nothingYet = { acceptedLots: 0, decision: undefined, restartPosition: undefined };
    const deal = { ...terms, ...nothingYet, isInitiatorSettled: false, isResponderSettled: false };
    this.byName.set(dealName(terms), deal);
    return deal;
  }

  /** A writer has started at this position. Returns whether a deal was under way then. */
  interrupt(position: number): boolean {
    const underWay = [...this.byName.values()].filter((deal) => !isOver(deal));
    for (const deal of underWay) deal.restartPosition = position;
    return underWay.length > 0;
  }
}

function isOver(deal: ChartedDeal): boolean {
  if (!deal.isForeign && (deal.decision === undefined || !deal.isInitiatorSettled)) return false;
  return deal.acceptedLots === 0 || deal.isResponderSettled;
}
