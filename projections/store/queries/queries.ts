import type { Instrument } from '../../../src/domain/instrument.js';
import { sideNames } from '../../../src/domain/terms.js';
import type { BookView } from '../../book/views.js';
import type { DirectoryFold } from '../../directory/directory.js';
import { type InstrumentView, instrumentView, shownInstrument } from '../../directory/views.js';
import { type PositionView, positionView } from '../../ledger/postings.js';
import type { TickerView } from '../../tape/ticker.js';
import type { DealView } from '../../tape/views.js';
import type { Row, SqlDatabase } from '../database/database.js';
import { selectDeals } from './deal-selection.js';
import { selectIntentions } from './intention-selection.js';
import { accountIn, type AccountView } from './account.js';
import type { DoubtView } from '../../ledger/doubt-view.js';
import { doubtsIn } from './doubts.js';
import { type CandlesView, earlier, MarketQueries, type TradesView } from './market-queries.js';
import {
  type AccountQuery,
  type CandlesQuery,
  counted,
  type DealsQuery,
  type IntentionsQuery,
  InvalidQueryError,
  limited,
  type LimitsQuery,
  MAX_ROWS,
  numberOf,
  type PositionsQuery,
  type TickerQuery,
  type TickersQuery,
  type TradesQuery,
} from './query-terms.js';
import { type LimitsView, selectLimits, selectSwitches, type SwitchView } from './risk-views.js';
import { statusNames } from '../database/status.js';
import { DealRows } from '../rows/deal-rows.js';
import { IntentionRows } from '../rows/intention-rows.js';
import { Kind } from '../rows/postings.js';
import type { StandingLevels } from '../database/standing-levels.js';
import { listedInstruments, standingBook } from '../database/standing.js';
import { TimelineQueries } from './timeline.js';
import {
  abortedDealFromRow,
  type AbortedDealView,
  dealFromRow,
  intentionFromRow,
  type IntentionView,
} from './views.js';

/** The number of what there is not: no row has it. */
const NONE = -1;

/** How much the store holds. */
export interface StoreSummary {
  /** All events before it are shown. */
  readonly position: number;
  readonly deals: number;
  readonly abortedDeals: number;
  /** Decisions that came after their deal's first one, and mean nothing. */
  readonly lateDecisions: number;
}

/**
 * The questions that the store answers, in names and decimal strings.
 *
 * 1. Every answer is bounded by MAX_ROWS. Each is found through an index; only participant and instrument together walk through
 *    that participant's deals, and positions by name through the positions. An instrument, a side or a status of intentions walks
 *    through those of the participant, or of all.
 * 2. Unknown names and ids are not errors: there is nothing to show.
 * 3. What cannot be meant (a limit of 0, a position of −1.5) throws InvalidQueryError.
 * 4. Every row is as of the checkpoint. The directory may know more by then, and is asked for names and steps alone.
 */
export class StoreQueries {
  /** About the log as it lies there, whoever asks. */
  readonly line: TimelineQueries;
  private readonly market: MarketQueries;
  private readonly rowsOfIntentions: IntentionRows;

  constructor(
    private readonly database: SqlDatabase,
    private readonly directory: DirectoryFold,
    private readonly standing: Pick<StandingLevels, 'levels' | 'openIds'>,
  ) {
    this.market = new MarketQueries(database, standing);
    this.line = new TimelineQueries(database, directory);
    this.rowsOfIntentions = new IntentionRows(database);
  }

  summary(): StoreSummary {
    const row =
      this.database.row('SELECT position, deals_confirmed, deals_aborted, late_decisions FROM checkpoint') ?? [];
    const [position = 0, deals = 0, abortedDeals = 0, lateDecisions = 0] = row.map(Number);
    return { position, deals, abortedDeals, lateDecisions };
  }

  /** In the order in which they were first listed; those after one that is listed, and no more than `limit`, where they are given. */
  instruments(after?: string, limit = Number.MAX_SAFE_INTEGER): readonly InstrumentView[] {
    return listedInstruments(this.database, this.idBefore(after), limit).map(instrumentView);
  }

  /** Undefined for one that is not listed. */
  instrument(symbol: string): InstrumentView | undefined {
    const instrument = this.listed(symbol);
    return instrument && instrumentView(instrument);
  }

  /** The best levels of an instrument's book; undefined for one that is not listed. */
  book(symbol: string, depth: number): BookView | undefined {
    return standingBook(this.database, this.standing, symbol, depth);
  }

  /** `id` is `<initiator's intention id>-<its deal number>`. */
  deal(id: string): DealView | AbortedDealView | undefined {
    const parts = /^([1-9][0-9]{0,15})-([1-9][0-9]{0,15})$/.exec(id);
    if (parts === null) return undefined;
    const [initiatorId, dealNumber] = [Number(parts[1]), Number(parts[2])];
    const abortedSql = 'SELECT * FROM aborted_deals WHERE initiator_id = ? AND deal_number = ?';
    const aborted = this.database.row(abortedSql, [initiatorId, dealNumber]);
    const before = aborted === undefined ? Number.MAX_SAFE_INTEGER : Number(aborted[0]);
    const deal = this.confirmedDeal(initiatorId, dealNumber, before);
    if (deal !== undefined) return dealFromRow(this.directory, deal);
    return aborted && abortedDealFromRow(aborted);
  }

  deals(query: DealsQuery = {}): readonly DealView[] {
    const after = query.after === undefined ? -1 : counted('after', query.after, -1);
    const before = counted('before', earlier(query.before, query.at) ?? Number.MAX_SAFE_INTEGER);
    const limit = limited(query.limit);
    const { participant, instrument, intention } = query;
    const rows = selectDeals(this.database, {
      participantId: participant === undefined ? undefined : (this.directory.participantId(participant) ?? NONE),
      instrumentId: instrument === undefined ? undefined : (this.instrumentId(instrument) ?? NONE),
      intentionId: intention === undefined ? undefined : (numberOf(intention) ?? NONE),
      ...{ after, before, limit, descending: query.after === undefined },
    });
    const inOrder = query.after === undefined ? rows.toReversed() : rows;
    return inOrder.map((row) => dealFromRow(this.directory, row, query.viewer));
  }

  intention(id: string): IntentionView | undefined {
    const intentionId = numberOf(id);
    if (intentionId === undefined) return undefined;
    return this.shownIntention(this.rowsOfIntentions.row(intentionId));
  }

  intentionByClientId(participant: string, clientIntentionId: string): IntentionView | undefined {
    const participantId = this.directory.participantId(participant);
    if (participantId === undefined) return undefined;
    return this.shownIntention(this.rowsOfIntentions.byClientId(participantId, clientIntentionId));
  }

  /** The clients' ids of the first 1,000 of these intentions, of those that there are. */
  clientIds(ids: readonly string[]): readonly (readonly [id: string, clientIntentionId: string])[] {
    return ids.slice(0, MAX_ROWS).flatMap((id) => {
      const row = this.rowsOfIntentions.row(numberOf(id) ?? NONE);
      return row === undefined ? [] : [[id, String(row[1])] as const];
    });
  }

  intentions(query: IntentionsQuery): readonly IntentionView[] {
    const { participant, instrument, side, status } = query;
    const after = query.after === undefined ? -1 : numberOf(query.after);
    if (after === undefined) throw new InvalidQueryError('after: not the id of an intention');
    const { openIds } = this.standing;
    const rows = selectIntentions(
      { rows: this.rowsOfIntentions, openIds },
      {
        participantId: participant === undefined ? undefined : (this.directory.participantId(participant) ?? NONE),
        instrumentId: instrument === undefined ? undefined : (this.instrumentId(instrument) ?? NONE),
        side: side === undefined ? undefined : sideNames.indexOf(side),
        status: status === undefined ? undefined : statusNames.indexOf(status),
        after,
        limit: limited(query.limit),
      },
    );
    return rows.map((row) => intentionFromRow(this.directory, row));
  }

  /** Of one participant, where it is named. Of those of all, as many as there may be rows. */
  switches(participant?: string): readonly SwitchView[] {
    return selectSwitches(this.database, participant);
  }

  limits(query: LimitsQuery = {}): readonly LimitsView[] {
    return selectLimits(this.database, this.directory, query);
  }

  positions({ participant, after, limit, byName = false }: PositionsQuery = {}): readonly PositionView[] {
    const participantId = participant === undefined ? undefined : this.directory.participantId(participant);
    if (participant !== undefined && participantId === undefined) return [];
    const keys = byName ? 'name, symbol' : 'participant_id, instrument_id';
    const names = byName ? 'JOIN participants USING (participant_id) JOIN instruments USING (instrument_id)' : '';
    const from = byName ? [after?.participant ?? '', after?.instrument ?? ''] : this.numbersOf(after);
    const rows = this.database.rows(
      `SELECT positions.* FROM positions ${names} WHERE ${participantId === undefined ? '' : 'participant_id = ? AND'}
        (${keys}) > (?, ?) ORDER BY ${keys} LIMIT ?`,
      [...(participantId === undefined ? [] : [participantId]), ...from, limited(limit)],
      true,
    );
    return rows.map((row) => this.shownPosition(row));
  }

  /** Undefined, like the next two, for an instrument that is not listed. */
  trades(query: TradesQuery): TradesView | undefined {
    const instrument = this.listed(query.instrument);
    return instrument && this.market.trades(instrument, query);
  }

  candles(query: CandlesQuery): CandlesView | undefined {
    const instrument = this.listed(query.instrument);
    return instrument && this.market.candles(instrument, query);
  }

  ticker(symbol: string, query: TickerQuery): TickerView | undefined {
    const instrument = this.listed(symbol);
    return instrument && this.market.ticker(instrument, query);
  }

  /** As `instruments`. */
  tickers({ after, limit = Number.MAX_SAFE_INTEGER, ...query }: TickersQuery): readonly TickerView[] {
    const listed = listedInstruments(this.database, this.idBefore(after), limit);
    return listed.map((instrument) => this.market.ticker(instrument, query));
  }

  account(query: AccountQuery): AccountView {
    return accountIn(this, query);
  }

  /** `nowMs`: what their ages count up to. */
  doubts(nowMs: number): readonly DoubtView[] {
    return doubtsIn(this.database, this.directory, nowMs);
  }

  /** Of the position that a list goes on after. */
  private numbersOf(after: PositionsQuery['after']): readonly [participantId: number, instrumentId: number] {
    if (after === undefined) return [-1, -1];
    const participantId = this.directory.participantId(after.participant);
    const instrumentId = this.instrumentId(after.instrument);
    if (participantId === undefined || instrumentId === undefined)
      throw new InvalidQueryError('after: no such position');
    return [participantId, instrumentId];
  }

  /** The first one, before a position. */
  private confirmedDeal(initiatorId: number, dealNumber: number, before: number): Row | undefined {
    const key = { kind: Kind.Intention, id: initiatorId, initiatedNumber: dealNumber };
    for (const deal of new DealRows(this.database).of(key, { after: -1, before }))
      if (deal[1] === dealNumber) return deal;
    return undefined;
  }

  private idBefore(after: string | undefined): number {
    const id = after === undefined ? -1 : this.instrumentId(after);
    if (id === undefined) throw new InvalidQueryError('after: no such instrument is listed');
    return id;
  }

  /** Undefined for one that is not listed at the checkpoint. */
  protected listed(symbol: string): Instrument | undefined {
    const id = this.instrumentId(symbol);
    const [instrument] = id === undefined ? [] : listedInstruments(this.database, id - 1, 1);
    return instrument?.instrumentId === id ? instrument : undefined;
  }

  private instrumentId(symbol: string): number | undefined {
    return this.directory.instrumentBySymbol(symbol)?.instrumentId;
  }

  private shownIntention(row: Row | undefined): IntentionView | undefined {
    return row === undefined ? undefined : intentionFromRow(this.directory, row);
  }

  private shownPosition(row: Row): PositionView {
    const [participantId = 0n, instrumentId = 0n, boughtLots = 0n, soldLots = 0n, ...turnover] =
      row as readonly bigint[]; // asked for exactly
    const [boughtHigh = 0n, boughtLow = 0n, soldHigh = 0n, soldLow = 0n] = turnover;
    const position = {
      participantId: Number(participantId),
      instrumentId: Number(instrumentId),
      boughtLots,
      soldLots,
      netLots: boughtLots - soldLots,
      cashTurnover: ((soldHigh - boughtHigh) << 32n) + soldLow - boughtLow,
    };
    const instrument = shownInstrument(this.directory, position.instrumentId);
    return positionView(instrument, this.directory.participantName(position.participantId), position);
  }
}
