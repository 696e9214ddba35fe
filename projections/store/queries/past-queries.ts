import { sideNames } from '../../../src/domain/terms.js';
import type { BookView } from '../../book/views.js';
import type { DirectoryFold } from '../../directory/directory.js';
import type { Instrument } from '../../../src/domain/instrument.js';
import type { PositionView } from '../../ledger/postings.js';
import type { TickerView } from '../../tape/ticker.js';
import type { DealView } from '../../tape/views.js';
import type { SqlDatabase } from '../database/database.js';
import { OpenIds } from '../database/open-ids.js';
import { statusNames } from '../database/status.js';
import { IntentionRows } from '../rows/intention-rows.js';
import type { DoubtView } from '../../ledger/doubt-view.js';
import { selectIntentions } from './intention-selection.js';
import { type CandlesView, earlier, MarketQueries, type TradesView } from './market-queries.js';
import { StoreQueries, type StoreSummary } from './queries.js';
import {
  type CandlesQuery,
  type DealsQuery,
  type IntentionsQuery,
  InvalidQueryError,
  limited,
  MAX_ROWS,
  numberOf,
  type PositionsQuery,
  type TickersQuery,
  type TradesQuery,
} from './query-terms.js';
import type { StoreMoment } from './store-moment.js';
import type { LimitsView, SwitchView } from './risk-views.js';
import { type AbortedDealView, intentionFromRow, type IntentionView } from './views.js';

/** The number of what there is not: no row has it. */
const NONE = -1;

/**
 * The same questions as of a past moment.
 *
 * 1. What was over then is in the tables as it was: deals, and intentions that were closed and of which no deal held anything.
 * 2. All that could change then comes from the moment. An intention is of the one kind or of the other.
 */
export class PastQueries extends StoreQueries {
  private readonly pastMarket: MarketQueries;
  private readonly past: IntentionRows;

  constructor(
    private readonly rows: SqlDatabase,
    private readonly names: DirectoryFold,
    private readonly moment: StoreMoment,
  ) {
    const standing = { levels: () => [], openIds: new OpenIds() };
    super(rows, names, standing);
    this.pastMarket = new MarketQueries(rows, standing);
    this.past = new IntentionRows(rows);
  }

  override summary(): StoreSummary {
    return { ...super.summary(), position: this.moment.position };
  }

  override book(): BookView | undefined {
    return this.moment.book;
  }

  override deal(id: string): DealView | AbortedDealView | undefined {
    const deal = super.deal(id);
    return deal !== undefined && deal.position < this.moment.position ? deal : undefined;
  }

  /** Switches and limits are told as they are, and not as they were. */
  override switches(): readonly SwitchView[] {
    return [];
  }

  override limits(): readonly LimitsView[] {
    return [];
  }

  override deals(query: DealsQuery = {}): readonly DealView[] {
    return super.deals({ ...query, at: earlier(query.at, this.moment.position) });
  }

  override intention(id: string): IntentionView | undefined {
    return this.rowsThatChange.find((row) => row.id === id) ?? this.ifOver(super.intention(id));
  }

  override intentionByClientId(participant: string, clientIntentionId: string): IntentionView | undefined {
    const changing = this.rowsThatChange.find(
      (row) => row.participant === participant && row.clientIntentionId === clientIntentionId,
    );
    return changing ?? this.ifOver(super.intentionByClientId(participant, clientIntentionId));
  }

  override intentions(query: IntentionsQuery): readonly IntentionView[] {
    const after = query.after === undefined ? -1 : numberOf(query.after);
    if (after === undefined) throw new InvalidQueryError('after: not the id of an intention');
    const limit = limited(query.limit);
    const changing = this.rowsThatChange.filter(({ id }) => Number(id) > after).slice(0, limit);
    if (query.status === 'open') return changing;
    const closed = this.closed(query, after, limit);
    return [...changing, ...closed].sort((one, other) => Number(one.id) - Number(other.id)).slice(0, limit);
  }

  override positions({ after, limit }: PositionsQuery = {}): readonly PositionView[] {
    const { positions = [] } = this.moment;
    const isLast = (row: PositionView): boolean =>
      row.participant === after?.participant && row.instrument === after.instrument;
    const from = 1 + positions.findIndex(isLast);
    return positions.slice(from, from + limited(limit));
  }

  override trades(query: TradesQuery): TradesView | undefined {
    return super.trades({ ...query, at: earlier(query.at, this.moment.position) });
  }

  override candles(query: CandlesQuery): CandlesView | undefined {
    return super.candles({ ...query, at: earlier(query.at, this.moment.position) });
  }

  override ticker(symbol: string): TickerView | undefined {
    const instrument = this.listed(symbol);
    return instrument && this.tickerOf(instrument);
  }

  override tickers({ after, limit = MAX_ROWS }: TickersQuery): readonly TickerView[] {
    const { tops = [] } = this.moment;
    const from = after === undefined ? 0 : 1 + tops.findIndex(({ symbol }) => symbol === after);
    if (after !== undefined && from === 0) throw new InvalidQueryError('after: no such instrument is listed');
    return tops.slice(from, from + limit).flatMap(({ symbol }) => {
      const instrument = this.listed(symbol);
      return instrument === undefined ? [] : [this.tickerOf(instrument)];
    });
  }

  override doubts(): readonly DoubtView[] {
    return this.moment.doubts ?? [];
  }

  /** Only what the moment has looked up: an instrument is known to be listed by its top. */
  protected override listed(symbol: string): Instrument | undefined {
    const isListed = this.moment.tops?.some((top) => top.symbol === symbol) === true;
    return isListed ? this.names.instrumentBySymbol(symbol) : undefined;
  }

  private tickerOf(instrument: Instrument): TickerView {
    const { position: at, atMs: nowMs, tops = [] } = this.moment;
    const top = tops.find(({ symbol }) => symbol === instrument.symbol);
    return this.pastMarket.ticker(instrument, { nowMs, at, top });
  }

  private get rowsThatChange(): readonly IntentionView[] {
    return this.moment.changing?.rows ?? [];
  }

  /** An intention as it stands now, if nothing of it has changed since the moment. */
  private ifOver(intention: IntentionView | undefined): IntentionView | undefined {
    if (intention?.closedPosition === undefined || intention.closedPosition >= this.moment.position) return undefined;
    return this.moment.changing?.settling.includes(intention.id) === true ? undefined : intention;
  }

  private closed(query: IntentionsQuery, after: number, limit: number): readonly IntentionView[] {
    const { participant, instrument, side, status } = query;
    const settling = new Set(this.moment.changing?.settling);
    const { names } = this;
    const found = selectIntentions(
      { rows: this.past, openIds: undefined },
      {
        participantId: participant === undefined ? undefined : (names.participantId(participant) ?? NONE),
        instrumentId:
          instrument === undefined ? undefined : (names.instrumentBySymbol(instrument)?.instrumentId ?? NONE),
        side: side === undefined ? undefined : sideNames.indexOf(side),
        status: status === undefined ? undefined : statusNames.indexOf(status),
        after,
        closedBefore: this.moment.position,
        upTo: this.lastPosted(),
        limit: limit + settling.size,
      },
    );
    const rows = found.map((row) => intentionFromRow(names, row));
    return rows.filter(({ id }) => !settling.has(id));
  }

  /** The id of the last intention that was posted before the moment, found by halving: ids are in the order of their posts. */
  private lastPosted(): number {
    const [first, last] = this.past.range() ?? [0, -1];
    let low = first;
    let high = last + 1;
    // Those below `low` were posted before it, those from `high` on were not.
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [row] = this.past.after(middle - 1);
      const [id, postedPosition] = row === undefined ? [middle, Number.POSITIVE_INFINITY] : [row[0], row[12]];
      if (Number(postedPosition) < this.moment.position) low = Number(id) + 1;
      else high = middle;
    }
    return low - 1;
  }
}
