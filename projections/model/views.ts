/** A model as people see it. */
import { type BookView, bookView } from '../book/views.js';
import { shownInstrument } from '../directory/views.js';
import { type PositionView, positionView } from '../ledger/postings.js';
import { Side, sideNames } from '../../src/domain/terms.js';
import { UNDECIDED } from '../ledger/open-deals.js';
import { type DoubtView, doubtView } from '../ledger/doubt-view.js';
import { Status, statusNames } from '../store/database/status.js';
import { InvalidQueryError, MAX_ROWS, numberOf, type PositionsQuery } from '../store/queries/query-terms.js';
import type { Changing, ChangingQuery, InstrumentTop } from '../store/queries/store-moment.js';
import { intentionFromRow, type IntentionView } from '../store/queries/views.js';
import type { OpenIntention } from './intention-table.js';
import type { ReadModel } from './read-model.js';

/** Undefined for an instrument that was not listed yet. */
export function bookOf(model: ReadModel, symbol: string, depth: number): BookView | undefined {
  const instrument = model.directory.instrumentBySymbol(symbol);
  return instrument && bookView(model, instrument, depth, model.foldedTo);
}

export function intentionViewOf({ directory }: ReadModel, intention: OpenIntention): IntentionView {
  const { id, clientIntentionId, participantId, instrumentId, side, pricing, postedPriceTicks, postedLots } = intention;
  const { timeInForce, postOnly, expiresAtMs, postedAtMs, postedPosition } = intention;
  const { priceTicks, quantityLots, filledLots, reservedLots, status, closedReason } = intention;
  return intentionFromRow(directory, [
    ...[id, clientIntentionId, participantId, instrumentId, side, pricing, postedPriceTicks, postedLots],
    ...[timeInForce, postOnly, expiresAtMs, postedAtMs, postedPosition],
    ...[priceTicks, quantityLots, filledLots, reservedLots, status, closedReason],
    ...[intention.closedAtMs, intention.closedPosition],
  ]);
}

/** The positions that a query asks for, as the query store gives them. Throws InvalidQueryError for an `after` that is not there. */
export function positionsOf(
  { directory, holdings }: ReadModel,
  { participant, after, limit, byName = false }: PositionsQuery,
): PositionView[] {
  const participantId = participant === undefined ? undefined : directory.participantId(participant);
  if (participant !== undefined && participantId === undefined) return [];
  const named = holdings.positions(participantId).map((position) => {
    const name = directory.participantName(position.participantId);
    const instrument = shownInstrument(directory, position.instrumentId);
    return { position, name, instrument };
  });
  const keyOf = ({ position, name, instrument }: (typeof named)[number]): Key =>
    byName ? [name, instrument.symbol] : [position.participantId, position.instrumentId];
  const from = after && (byName ? ([after.participant, after.instrument] as const) : numbersOf(directory, after));
  return named
    .filter((each) => from === undefined || compare(keyOf(each), from) > 0)
    .sort((one, other) => compare(keyOf(one), keyOf(other)))
    .slice(0, limit)
    .map(({ position, name, instrument }) => positionView(instrument, name, position));
}

type Key = readonly [number | string, number | string];

/** As the database compares: by code, not by language. */
function compare([one, two]: Key, [otherOne, otherTwo]: Key): number {
  if (one !== otherOne) return one < otherOne ? -1 : 1;
  return two < otherTwo ? -1 : Number(two > otherTwo);
}

function numbersOf(directory: ReadModel['directory'], after: NonNullable<PositionsQuery['after']>): Key {
  const participantId = directory.participantId(after.participant);
  const instrumentId = directory.instrumentBySymbol(after.instrument)?.instrumentId;
  if (participantId === undefined || instrumentId === undefined) throw new InvalidQueryError('after: no such position');
  return [participantId, instrumentId];
}

/** Of all instruments, or of one, that are listed, in the order in which they were first. */
export function topsOf(model: ReadModel, symbol?: string): InstrumentTop[] {
  const listed = model.directory
    .instruments()
    .filter((instrument) => symbol === undefined || instrument.symbol === symbol);
  return listed.map((instrument) => {
    const { instrumentId } = instrument;
    return {
      symbol: instrument.symbol,
      bidTicks: model.levels(instrumentId, Side.Buy, 1)[0]?.priceTicks,
      askTicks: model.levels(instrumentId, Side.Sell, 1)[0]?.priceTicks,
      lastTicks: model.lastDeals.get(instrumentId)?.priceTicks,
    };
  });
}

/** The promises that wait for their decision, oldest first; 1,000 at most. Their ages count up to the log’s own time. */
export function doubtsOf({ directory, intentions, openDeals, atMs }: ReadModel): DoubtView[] {
  return [...openDeals]
    .filter(({ outcome }) => outcome === UNDECIDED)
    .sort((one, other) => one.promisedPosition - other.promisedPosition)
    .slice(0, MAX_ROWS)
    .map((deal) => {
      const promiser = intentions.get(deal.proposedLots === 0 ? deal.responderId : deal.initiatorId);
      return doubtView(directory, deal, promiser?.instrumentId ?? 0, atMs);
    });
}

/** By id. Throws InvalidQueryError for an `after` that is no intention’s id. */
export function changingOf(model: ReadModel, query: ChangingQuery): Changing {
  const after = query.after === undefined ? -1 : numberOf(query.after);
  if (after === undefined) throw new InvalidQueryError('after: not the id of an intention');
  const isWanted = wanted(model, query);
  const { limit = Number.POSITIVE_INFINITY } = query;
  const found: number[] = [];
  const settling: string[] = [];
  model.intentions.scan((columns, row) => {
    const id = columns.id[row] as number; // rows are in range
    if (columns.status[row] !== Status.Open) settling.push(String(id));
    if (id > after && isWanted(columns, row)) found.push(id);
  });
  const rows: IntentionView[] = [];
  for (const id of found.sort((one, other) => one - other)) {
    if (rows.length === limit) break;
    const intention = model.intentions.get(id);
    if (intention === undefined) continue;
    if (query.clientIntentionId !== undefined && intention.clientIntentionId !== query.clientIntentionId) continue;
    rows.push(intentionViewOf(model, intention));
  }
  return { rows, settling };
}

type Look = Parameters<ReadModel['intentions']['scan']>[0];
type Columns = Parameters<Look>[0];

/** Whom no name means. */
const NOBODY = -1;

function wanted(
  { directory }: ReadModel,
  { id, participant, instrument, side, status }: ChangingQuery,
): (columns: Columns, row: number) => boolean {
  const terms: [column: keyof Columns, value: number][] = [];
  if (id !== undefined) terms.push(['id', numberOf(id) ?? NOBODY]);
  if (participant !== undefined) terms.push(['participantId', directory.participantId(participant) ?? NOBODY]);
  if (instrument !== undefined) {
    terms.push(['instrumentId', directory.instrumentBySymbol(instrument)?.instrumentId ?? NOBODY]);
  }
  if (side !== undefined) terms.push(['side', sideNames.indexOf(side)]);
  if (status !== undefined) terms.push(['status', statusNames.indexOf(status)]);
  return (columns, row) => terms.every(([column, value]) => columns[column][row] === value);
}
